import { defineCommand, jsonOption } from '../cli/define.ts';
import { examine } from '../doctor/checks.ts';
import { oneLine } from '../errors.ts';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'check every part, and tell the cure of what fails',
  description: 'Exit status 1 if a part fails; warnings do not count.',
  args: {},
  options: { json: jsonOption },
  examples: [['Something does not work', 'secrets doctor']],
  async run(ctx, { json }) {
    const findings = await examine(ctx);
    const status = findings.some((finding) => finding.state === 'failed') ? 1 : 0;
    if (json) {
      ctx.print.json(findings);
      return status;
    }
    const style = await ctx.print.style('out');
    const color = { ok: style.green, warning: style.yellow, failed: style.red };
    const width = Math.max(...findings.map((finding) => finding.part.length));
    for (const { part, state, text, cures } of findings) {
      ctx.print.line(`${color[state](state.padEnd(7))}  ${part.padEnd(width)}  ${oneLine(text)}`);
      for (const cure of cures) ctx.print.line(`${' '.repeat(width + 11)}→ ${oneLine(cure)}`);
    }
    return status;
  },
});
