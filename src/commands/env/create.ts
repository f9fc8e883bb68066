import { defineCommand, jsonOption, positional, projectOption } from '../../cli/define.ts';

export const create = defineCommand({
  name: 'create',
  summary: 'make an environment',
  args: { name: positional('name of the new environment') },
  options: { ...projectOption, json: jsonOption },
  examples: [['An environment for previews', 'secrets env create preview']],
  async run(ctx, { name, json, ...where }) {
    const { project } = ctx.scope(where);
    await (await ctx.team()).createEnvironment({ project, environment: name });
    if (json) return ctx.print.json({ project, environment: name });
    ctx.print.note(`made ${project}/${name}`);
  },
});
