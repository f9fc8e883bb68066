import { expect, it } from 'vitest';
import { changes, development, freshVault } from './fresh-vault.ts';

it('a page of large events ends early, and the next goes on where it ended', async () => {
  const { team } = await freshVault();
  const name = (i: number): string => `N${String(i).padStart(4, '0')}_${'x'.repeat(240)}`;
  const many = Object.fromEntries(Array.from({ length: 4000 }, (_, i) => [name(i), '']));
  const writes = 7;
  for (let i = 0; i < writes; i++) await team.write(development, changes(many));
  const seen: number[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await team.listAudit({ action: 'secrets.set', limit: 1000, ...(cursor && { cursor }) });
    seen.push(...page.events.map(({ seq }) => seq));
    cursor = page.next;
    pages++;
  } while (cursor !== undefined);
  expect(pages).toBeGreaterThan(1);
  expect(seen).toHaveLength(writes);
  expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => b - a));
});
