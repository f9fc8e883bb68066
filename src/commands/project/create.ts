import { defineCommand, jsonOption, positional } from '../../cli/define.ts';

export const create = defineCommand({
  name: 'create',
  summary: 'make a project with development, staging and production',
  args: { name: positional('name of the new project') },
  options: { json: jsonOption },
  examples: [['A project that no repository is tied to yet', 'secrets project create billing']],
  async run(ctx, { name, json }) {
    const made = await (await ctx.team()).createProject(name);
    if (json) return ctx.print.json(made);
    ctx.print.note(`made ${name} with ${made.environments.join(', ')}`);
  },
});
