import { defineCommand, jsonOption, positional } from '../../cli/define.ts';
import { memberRole, roles } from '../../cli/role.ts';

export const role = defineCommand({
  name: 'role',
  summary: 'make a member an admin, or an admin a member',
  description:
    'Holds from the next call on, for the tokens that are there, too. An admin may do everything; a member reads ' +
    'development of every project, and the rest by grants. The last admin stays one.',
  args: { name: positional('member', 'principal'), role: positional('admin or member', roles) },
  options: { json: jsonOption },
  examples: [['Share the work', 'secrets member role colleague@example.com admin']],
  async run(ctx, { name, role: wanted, json }) {
    const next = memberRole(wanted);
    await (await ctx.team()).setRole(name, next);
    if (json) return ctx.print.json({ name, role: next });
    ctx.print.note(`${name} is ${next} now`);
  },
});
