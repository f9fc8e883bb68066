import { withEmpty } from '../../actions/group-grants.ts';
import { defineCommand, jsonOption } from '../../cli/define.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list the groups and who is in them',
  description:
    'All of them, for an admin, with those that have grants and nobody in them; else those that you are in.',
  args: {},
  options: { json: jsonOption },
  examples: [['Who is in which group', 'secrets group list']],
  async run(ctx, { json }) {
    const team = await ctx.team();
    const groups = withEmpty(await team.listGroups(), await team.listGrants(), ctx.now());
    if (json) return ctx.print.json(groups);
    const rows = groups.map((it) => [it.name, it.principals.join(', ') || '-']);
    if (rows.length > 0) await ctx.print.table(['GROUP', 'WHO'], rows);
    else ctx.print.note('no groups yet; make one: secrets group add GROUP NAME');
  },
});
