import { defineCommand, jsonOption } from '../../cli/define.ts';
import { spinning } from '../../cli/progress.ts';
import { count } from '../../cli/text.ts';
import { SecretsError } from '../../errors.ts';

export const verify = defineCommand({
  name: 'verify',
  summary: 'check that no event of the audit trail was edited, removed or cut off',
  description:
    'Walks the chain of hashes from the first event to its signed end. Exit status 1 where it is broken. What it cannot ' +
    'see is a whole database put back as it was on an earlier day: keep a copy elsewhere (`secrets audit --jsonl`).',
  args: {},
  options: { json: jsonOption },
  examples: [['Every night, from cron', 'secrets audit verify --quiet']],
  async run(ctx, { json }) {
    const team = await ctx.team();
    const verdict = await spinning(ctx, 'Walking the audit trail', () => team.verifyAudit());
    if (!verdict.whole) {
      const what = `the audit trail is broken at event ${verdict.brokenAt}: ${verdict.reason}`;
      throw new SecretsError('vault_damaged', what, {
        hint: `${count(verdict.events, 'event')} before it are whole; compare with a backup, or with a copy kept elsewhere`,
      });
    }
    if (json) return ctx.print.json(verdict);
    ctx.print.line(`whole, ${count(verdict.events, 'event')}`);
  },
});
