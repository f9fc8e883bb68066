import type { GrantInfo } from '../../api/team.ts';
import { defineCommand, jsonOption, value } from '../../cli/define.ts';
import { placeText } from '../../cli/reach.ts';
import { timeText } from '../../cli/text.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list the grants',
  description:
    'All of them, for an admin; else your own and those of your groups. What needs no grant is not listed: an admin ' +
    'may do everything, a member reads development of every project.',
  args: {},
  options: {
    project: value('-p, --project <name>', 'only those that reach into this project', 'project'),
    json: jsonOption,
  },
  examples: [['Who may do what in web', 'secrets grant list --project web']],
  async run(ctx, { project, json }) {
    const all = await (await ctx.team()).listGrants();
    const grants = all.filter((it) => project === undefined || it.project === '*' || it.project === project);
    if (json) return ctx.print.json(grants);
    if (grants.length === 0) return ctx.print.note('no grants; make one: secrets grant add WHO read PLACE');
    const heading = ['ID', 'WHO', 'MAY', 'PLACE', 'NAMES', 'UNTIL', 'BY'];
    await ctx.print.table(heading, grants.map(row));
  },
});

function row({ id, to, permission, names, expiresAt, createdBy, ...place }: GrantInfo): string[] {
  const who = 'group' in to ? `group:${to.group}` : to.principal;
  const until = expiresAt === undefined ? '-' : timeText(expiresAt);
  return [id, who, permission, placeText(place), names, until, createdBy];
}
