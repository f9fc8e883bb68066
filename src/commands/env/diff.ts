import type { Difference } from '../../api/team.ts';
import { defineCommand, jsonOption, positional, projectOption } from '../../cli/define.ts';

export const diff = defineCommand({
  name: 'diff',
  summary: 'compare two environments by name; values are compared, never shown',
  args: { first: positional('environment', 'environment'), second: positional('environment', 'environment') },
  options: { ...projectOption, json: jsonOption },
  examples: [['What does production lack?', 'secrets env diff staging production']],
  async run(ctx, { first, second, json, ...where }) {
    const { project } = ctx.scope(where);
    const all = await (await ctx.team()).compareEnvironments({ project, environment: first }, second);
    if (json) return ctx.print.json(all);
    const words: Record<Difference['kind'], string> = {
      'only-first': `only in ${first}`,
      'only-second': `only in ${second}`,
      differs: 'differs',
      same: 'same',
    };
    const rows = all.filter((it) => it.kind !== 'same').map((it) => [it.name, words[it.kind]]);
    if (rows.length > 0) await ctx.print.table(['NAME', ''], rows);
    else ctx.print.note(`${first} and ${second} hold the same`);
  },
});
