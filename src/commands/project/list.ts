import { defineCommand, jsonOption } from '../../cli/define.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list the projects of the vault',
  args: {},
  options: { json: jsonOption },
  examples: [['Every project that you may see', 'secrets project list']],
  async run(ctx, { json }) {
    const projects = await (await ctx.team()).listProjects();
    if (json) return ctx.print.json(projects);
    await ctx.print.table(
      ['PROJECT', 'ENVIRONMENTS'],
      projects.map((it) => [it.name, it.environments.join(', ')]),
    );
  },
});
