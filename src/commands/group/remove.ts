import { defineCommand, jsonOption, positional } from '../../cli/define.ts';

export const remove = defineCommand({
  name: 'remove',
  summary: 'take a member or a service account out of a group',
  description:
    'What only the grants of the group allowed is refused from the next call on. The grants stay, even while nobody ' +
    'is in the group: whoever is put in later gets them.',
  args: {
    group: positional('group', 'group'),
    name: positional('member or service account', 'principal'),
  },
  options: { json: jsonOption },
  examples: [['Somebody who changed teams', 'secrets group remove backend colleague@example.com']],
  async run(ctx, { group, name, json }) {
    await (await ctx.team()).removeFromGroup(group, name);
    if (json) return ctx.print.json({ group, removed: name });
    ctx.print.note(`${name} is not in ${group} any more`);
  },
});
