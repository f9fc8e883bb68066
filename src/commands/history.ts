import { defineCommand, jsonOption, positional, scopeOptions } from '../cli/define.ts';
import { timeText } from '../cli/text.ts';

export const history = defineCommand({
  name: 'history',
  summary: 'list the versions of one secret',
  args: { name: positional('secret name', 'secret') },
  options: { ...scopeOptions, json: jsonOption },
  examples: [['See who changed it, and when', 'secrets history OPENAI_API_KEY --env production']],
  async run(ctx, { name, json, ...where }) {
    const versions = await (await ctx.team()).history(ctx.scope(where), name);
    if (json) return ctx.print.json(versions);
    const rows = versions.map((it) => [
      `v${it.version}`,
      timeText(it.createdAt),
      it.createdBy,
      it.current ? 'current' : '',
    ]);
    await ctx.print.table(['VERSION', 'WRITTEN', 'BY', ''], rows);
  },
});
