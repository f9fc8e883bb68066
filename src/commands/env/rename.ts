import { defineCommand, jsonOption, positional, projectOption } from '../../cli/define.ts';

export const rename = defineCommand({
  name: 'rename',
  summary: 'rename an environment',
  args: { from: positional('environment', 'environment'), to: positional('its new name') },
  options: { ...projectOption, json: jsonOption },
  examples: [['Call it by another name', 'secrets env rename staging preview']],
  async run(ctx, { from, to, json, ...where }) {
    const { project } = ctx.scope(where);
    await (await ctx.team()).renameEnvironment({ project, environment: from }, to);
    if (json) return ctx.print.json({ project, environment: to });
    ctx.print.note(`${project}/${from} is ${project}/${to} now`);
  },
});
