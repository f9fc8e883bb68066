import { expect, it } from 'vitest';
import type { AuditEvent, TeamApi } from '../../../src/api/team.ts';
import { runProgram } from '../../../src/cli/dispatch.ts';
import { commands } from '../../../src/commands/index.ts';
import type { Context } from '../../../src/context.ts';
import { printing } from '../../golden/context.ts';
import { development, freshVault } from '../vault/fresh-vault.ts';

/** More than two pages of the largest size. */
const reads = 2100;
async function audit(team: TeamApi, ...args: string[]): Promise<string> {
  const { ctx, printed } = printing();
  const whole: Context = { ...ctx, now: () => new Date(), team: async () => team };
  expect(await runProgram(commands, ['audit', '--action', 'secrets.read', ...args], whole)).toBe(0);
  return printed();
}

const lines = (text: string): AuditEvent[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEvent);

it('walks all pages, newest first, each event once, up to the limit', async () => {
  const { team } = await freshVault();
  for (let i = 0; i < reads; i++) await team.read(development);
  const all = lines(await audit(team, '--jsonl'));
  const numbers = all.map(({ seq }) => seq);
  expect(numbers).toHaveLength(reads);
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => b - a));
  for (const limit of [1, 999, 1000, 1001, 2000, reads, reads + 1]) {
    const most = ['--limit', String(limit)];
    expect(JSON.parse(await audit(team, '--json', ...most))).toEqual(all.slice(0, limit));
    expect(lines(await audit(team, '--jsonl', ...most))).toEqual(all.slice(0, limit));
  }
});
