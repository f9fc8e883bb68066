import type { PrincipalInfo } from '../../api/team.ts';
import { defineCommand, jsonOption } from '../../cli/define.ts';
import { timeText } from '../../cli/text.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list members and service accounts',
  description:
    'All of them, for an admin; else yourself. Who was invited and has not logged in yet has no token.',
  args: {},
  options: { json: jsonOption },
  examples: [
    ['Everybody, with role and groups', 'secrets member list'],
    ['The admins', `secrets member list --json | jq -r '.[] | select(.role == "admin").name'`],
  ],
  async run(ctx, { json }) {
    const principals = await (await ctx.team()).listPrincipals();
    if (json) return ctx.print.json(principals);
    await ctx.print.table(['NAME', 'ROLE', 'GROUPS', 'SINCE', 'TOKEN'], principals.map(row));
  },
});

function row({ name, role, groups, createdAt, enrolled, invitedUntil }: PrincipalInfo): string[] {
  const open = invitedUntil === undefined ? [] : [`invited until ${timeText(invitedUntil)}`];
  const token = [...(enrolled ? ['valid'] : []), ...open].join(', ') || 'none';
  return [name, role, groups.join(', '), timeText(createdAt), token];
}
