import { grantsTo, grantText } from '../../actions/group-grants.ts';
import { defineCommand, jsonOption, positional } from '../../cli/define.ts';

export const add = defineCommand({
  name: 'add',
  summary: 'put a member or a service account into a group',
  description:
    'A group is there as long as somebody is in it. Whoever is put in gets what the grants of the group allow, from ' +
    'the next call on.',
  args: {
    group: positional('group; a new name makes one', 'group'),
    name: positional('member or service account', 'principal'),
  },
  options: { json: jsonOption },
  examples: [['One more in the backend team', 'secrets group add backend colleague@example.com']],
  async run(ctx, { group, name, json }) {
    const team = await ctx.team();
    // Asked first: where it fails, nothing was changed.
    const comes = json ? [] : grantsTo(group, await team.listGrants(), ctx.now());
    await team.addToGroup(group, name);
    if (json) return ctx.print.json({ group, name });
    ctx.print.note(`${name} is in ${group} now`);
    for (const it of comes) ctx.print.note(`with it comes: ${grantText(it)}`);
  },
});
