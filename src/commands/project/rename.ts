import { defineCommand, jsonOption, positional } from '../../cli/define.ts';
import { linkFileName } from '../../config/link.ts';

export const rename = defineCommand({
  name: 'rename',
  summary: 'rename a project',
  description: `The link files that name it are not changed: edit "project" in each ${linkFileName}.`,
  args: { from: positional('project', 'project'), to: positional('its new name') },
  options: { json: jsonOption },
  examples: [['Call it by another name', 'secrets project rename web storefront']],
  async run(ctx, { from, to, json }) {
    await (await ctx.team()).renameProject(from, to);
    if (json) return ctx.print.json({ project: to });
    ctx.print.note(`${from} is ${to} now; edit "project" in ${linkFileName} where it is linked`);
  },
});
