import { defineCommand, flag, jsonOption, positional, projectOption } from '../../cli/define.ts';
import { count } from '../../cli/text.ts';

export const copy = defineCommand({
  name: 'copy',
  summary: 'copy every secret of one environment into another',
  description:
    'In one transaction. Where the other environment has another value of the same name, nothing is copied, unless ' +
    '--overwrite is given. What only the other environment has stays.',
  args: {
    from: positional('environment to copy', 'environment'),
    to: positional('environment to copy into', 'environment'),
  },
  options: { overwrite: flag('--overwrite', 'replace other values'), ...projectOption, json: jsonOption },
  examples: [['Start staging from development', 'secrets env copy development staging']],
  async run(ctx, { from, to, overwrite, json, ...where }) {
    const { project } = ctx.scope(where);
    const differences = await (
      await ctx.team()
    ).copyEnvironment({ project, environment: from }, to, { overwrite });
    const names = (kind: string): string[] =>
      differences.filter((it) => it.kind === kind).map((it) => it.name);
    const [added, changed] = [names('only-first'), names('differs')];
    if (json) return ctx.print.json({ added, changed, same: names('same') });
    ctx.print.note(
      `copied ${count(added.length + changed.length, 'secret')} from ${project}/${from} to ${project}/${to}`,
    );
  },
});
