import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fits } from '../../../src/api/pattern.ts';

it('a pattern without * fits itself and nothing else', () => {
  for (const [text, fit] of Object.entries({
    DB_URL: true,
    DB_UR: false,
    DB_URLS: false,
    db_url: false,
    '': false,
  }))
    expect(fits('DB_URL', text), text).toBe(fit);
});

it('* stands for any characters, or none', () => {
  const fitting = ['DB_*', '*_URL', '*', '**', 'DB_*URL', 'D*B*_*U*R*L', '*DB_URL*', 'DB**URL'];
  for (const pattern of fitting) expect(fits(pattern, 'DB_URL'), pattern).toBe(true);
  for (const pattern of ['API_*', '*_KEY', 'DB_*_URL', '*B_B*', 'B*', '*R', 'DB_URL*L', 'DB_U*_URL', ''])
    expect(fits(pattern, 'DB_URL'), pattern).toBe(false);
});

it('what ends a text is not counted twice', () => {
  expect(fits('ABA*ABA', 'ABABA')).toBe(false);
  expect(fits('ABA*ABA', 'ABAABA')).toBe(true);
  expect(fits('A*A', 'A')).toBe(false);
  expect(fits('*AA*AA', 'AAA')).toBe(false);
});

it('it says what a regular expression says', () => {
  const text = fc.string({ unit: fc.constantFrom('A', 'B', '_'), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom('A', 'B', '_', '*'), maxLength: 7 });
  fc.assert(
    fc.property(pattern, text, (p, t) => fits(p, t) === new RegExp(`^${p.replaceAll('*', '.*')}$`).test(t)),
    { numRuns: 5000 },
  );
});

it('a text that was made from a pattern fits it', () => {
  const parts = fc.array(fc.string({ unit: fc.constantFrom('A', 'B', '_') }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(parts, fc.string({ unit: fc.constantFrom('A', 'B', '_') }), (some, between) =>
      fits(some.join('*'), some.join(between)),
    ),
  );
});

it('what would tie up a regular expression is answered', () => {
  expect(fits(`${'*A'.repeat(120)}*B`, 'A'.repeat(255))).toBe(false);
});
