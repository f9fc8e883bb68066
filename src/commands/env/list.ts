import { defineCommand, jsonOption, projectOption } from '../../cli/define.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list the environments of a project',
  args: {},
  options: { ...projectOption, json: jsonOption },
  examples: [['Environments, and how many secrets each has', 'secrets env list']],
  async run(ctx, { json, ...where }) {
    const { project } = ctx.scope(where);
    const environments = await (await ctx.team()).listEnvironments(project);
    if (json) return ctx.print.json(environments);
    const rows = environments.map((it) => [it.name, String(it.secrets), String(it.revision)]);
    await ctx.print.table(['ENVIRONMENT', 'SECRETS', 'REVISION'], rows);
  },
});
