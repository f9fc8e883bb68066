import { defineCommand, jsonOption } from '../../cli/define.ts';
import { timeText } from '../../cli/text.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list members and service accounts',
  description: 'All of them, for an admin; else yourself.',
  args: {},
  options: { json: jsonOption },
  examples: [
    ['Everybody, with role and groups', 'secrets member list'],
    ['The admins', `secrets member list --json | jq -r '.[] | select(.role == "admin").name'`],
  ],
  async run(ctx, { json }) {
    const principals = await (await ctx.team()).listPrincipals();
    if (json) return ctx.print.json(principals);
    const rows = principals.map((it) => [it.name, it.role, it.groups.join(', '), timeText(it.createdAt)]);
    await ctx.print.table(['NAME', 'ROLE', 'GROUPS', 'SINCE'], rows);
  },
});
