import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Base, Intent } from '../../../src/dotenv/last-pull.ts';
import type { Merge, MergeInput } from '../../../src/dotenv/merge.ts';
import { readDotenv, valuesOf } from '../../../src/dotenv/read.ts';
import { fingerprint, foreign, heading, left, merged, namesIn, nothing, type Vault } from './merging.ts';

const names = ['A', 'B', 'C', 'D'];
const name = fc.constantFrom('A', 'B', 'C', 'LOCAL', 'OTHER');
const easy = fc.string({ unit: fc.constantFrom(...Array.from('ab1 #é')), maxLength: 6 });
const own = ['', '# c', '  # A=1', 'not understood', heading, '# web/staging, written by secrets pull'];
const line = fc.oneof(
  fc.tuple(name, easy).map(([key, value]) => `${key}=${quoted(value)}`),
  fc.constantFrom(...own, `A='x' # why`, 'export B=1', `C="one\ntwo"`, 'LOCAL= x', 'OTHER: y', 'B=2#c'),
);
const ends = fc.constantFrom('\n', '\r\n', '\r');
const file = fc
  .tuple(fc.array(fc.tuple(line, fc.option(ends)), { maxLength: 8 }), ends, fc.boolean(), fc.boolean())
  .map(([lines, usual, isEnded, hasMark]) => {
    const all = lines.map(([one, end]) => one + (end ?? usual)).join('');
    return (hasMark ? '\uFEFF' : '') + (isEnded ? all : all.replace(/(?:\r\n?|\n)$/, ''));
  });
const values = fc
  .dictionary(fc.constantFrom(...names), easy, { noNullPrototype: true })
  .map((all) => Object.fromEntries(Object.entries(all).map(([key, value]) => [key, plainly(value)])));
const side = fc.constantFrom('ours' as const, 'theirs' as const, 'reset' as const, undefined);

/** Some of the names, with what stands in the file or with something else. */
const baseFor = (text: string, other: Record<string, Spelled>): Base => {
  const elsewhere = Object.entries(other).map(([key, { value }]) => [key, value] as const);
  const here = [...valuesOf(readDotenv(text))].filter(([key]) => key < 'C');
  return Object.fromEntries(
    [...elsewhere, ...here].map(([key, value]) => [
      key,
      { version: 1, fingerprint: fingerprint(key, value) },
    ]),
  );
};

const merges = fc
  .record({ existing: file, vault: values, other: values, side })
  .map(({ other, ...one }) => Object.assign(one, { last: baseFor(one.existing, other) }));

describe('for any file, vault and memory, a merge', () => {
  it('keeps every byte that it does not own', () => {
    fc.assert(
      fc.property(merges, (situation) => {
        const { text } = merged(situation);
        const [before, after] = [situation.existing, text].map((one) => withoutOurs(one));
        expect(after).toBe(before);
      }),
      { numRuns: 3000 },
    );
  });

  it('loses no name of the user', () => {
    fc.assert(
      fc.property(merges, (situation) => {
        const [before, after] = [situation.existing, merged(situation).text].map((text) => ownValues(text));
        expect(after).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });

  it('leaves the vault’s value wherever it does not tell otherwise', () => {
    fc.assert(
      fc.property(merges, (situation) => {
        const result = merged(situation);
        const told = new Set([...result.kept, ...result.conflicts].map((one) => one.name));
        if (result.conflicts.length > 0 || result.open) return;
        const here = valuesOf(readDotenv(result.text));
        for (const [key, { value }] of Object.entries(situation.vault))
          if (!told.has(key)) expect([key, here.get(key)]).toEqual([key, value]);
      }),
      { numRuns: 1000 },
    );
  });

  it('with its own result as memory changes nothing', () => {
    fc.assert(
      fc.property(merges, (situation) => {
        const result = merged(situation);
        if (result.conflicts.length > 0 || result.open) return;
        const again = merged({ existing: result.text, vault: situation.vault, last: left(result) });
        expect(again.text).toBe(result.text);
        expect(namesIn(again)).toEqual({ ...nothing, kept: again.kept });
        expect(result.kept).toEqual(expect.arrayContaining([...again.kept]));
      }),
      { numRuns: 3000 },
    );
  });

  it('that removes names and adds them again ends where it began', () => {
    fc.assert(
      fc.property(file, values, (existing, vault) => {
        const fresh = Object.fromEntries(Object.entries(vault).map(([key, value]) => [`NEW_${key}`, value]));
        const both = merged({ existing, vault: fresh });
        if (both.open) return;
        const none = merged({ existing: both.text, vault: {}, last: left(both) });
        const again = merged({ existing: none.text, vault: fresh, last: left(none) });
        expect(again.text).toBe(both.text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('ten rounds of changes on both sides', () => {
  const plain = fc.constantFrom('1', '2', '3', 'x y', 'é#');
  const change = fc.tuple(fc.constantFrom(...names, 'LOCAL'), fc.option(plain, { freq: 3 }));
  const round = fc.record({
    here: fc.array(change, { maxLength: 3 }),
    there: fc.array(
      change.filter(([key]) => key !== 'LOCAL'),
      { maxLength: 3 },
    ),
    side,
  });

  it('end as a naive reference says', () => {
    fc.assert(
      fc.property(fc.array(round, { minLength: 10, maxLength: 10 }), (rounds) => {
        const comment = '# of the user\r\n';
        let [text, base] = [`${comment}LOCAL=1\r\n`, undefined as Intent | undefined];
        const state: Reference = { here: new Map([['LOCAL', '1']]), base: new Map(), there: new Map() };
        for (const { here, there, side: chosen } of rounds) {
          for (const [key, value] of here) {
            text = edited(text, key, value);
            put(state.here, key, value);
          }
          for (const [key, value] of there) put(state.there, key, value);
          const result = merged({
            existing: text,
            vault: Object.fromEntries([...state.there].map(([key, value]) => [key, plainly(value)])),
            last: base,
            side: chosen,
          });
          const expected = reference(state, chosen);
          expect(toldBy(result)).toEqual(expected);
          if (result.conflicts.length > 0) continue;
          [text, base] = [result.text, left(result)];
          expect(valuesOf(readDotenv(text))).toEqual(sorted(state.here, text));
          expect(text.startsWith(comment)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

type Spelled = Exclude<Vault[string], string>;

/** As the writer spells such simple values, in a fraction of its time. */
function plainly(value: string): Spelled {
  return { value, spelling: quoted(value) };
}

function quoted(value: string): string {
  return /^[\w]*$/.test(value) ? value : `'${value}'`;
}

/** Without the assignments of the names that the vault may have, our headings, and the ends that we put before them. */
function withoutOurs(text: string): string {
  // First the line ends: of what is cut out, a CR before and an LF behind would become one.
  return foreign(text.replace(/\r\n?/g, '\n'), names)
    .replace(/^(\uFEFF?)# web\/(?:development|staging), written by secrets pull(?:\n|$)/gm, '$1')
    .replace(/\n+/g, '\n')
    .replace(/\n$/, '');
}

function ownValues(text: string): [string, string][] {
  const { assignments } = readDotenv(text);
  return assignments.filter((one) => !names.includes(one.name)).map((one) => [one.name, one.value]);
}

interface Reference {
  readonly here: Map<string, string>;
  readonly base: Map<string, string>;
  readonly there: Map<string, string>;
}

/** Three-way merge of maps, by the table, and what it tells; changes `state` unless there are conflicts. */
function reference({ here, base, there }: Reference, chosen: MergeInput['side']): string[] {
  const told: string[] = [];
  const steps: (() => void)[] = [];
  for (const key of new Set([...base.keys(), ...there.keys()])) {
    const [l, b, r] = [here.get(key), base.get(key), there.get(key)];
    const [isEdited, isChanged] = [l !== b, r !== b];
    let takesVault = isChanged && !isEdited;
    if (chosen === 'reset') takesVault = l !== r;
    else if (l === r || (isEdited && !isChanged)) {
      if (l !== r) told.push(`kept ${key}`);
    } else if (isEdited && isChanged && (l !== undefined || b !== undefined)) {
      told.push(
        chosen === undefined ? `conflict ${key}` : chosen === 'ours' ? `kept ${key}` : `theirs ${key}`,
      );
      takesVault = chosen === 'theirs';
    } else takesVault = true;
    if (takesVault) steps.push(() => put(here, key, r ?? null));
    steps.push(() => put(base, key, r ?? null));
  }
  if (!told.some((one) => one.startsWith('conflict'))) for (const step of steps) step();
  return told.filter((one) => !one.startsWith('theirs')).toSorted();
}

function toldBy({ kept, conflicts }: Merge): string[] {
  return [
    ...kept.map((one) => `kept ${one.name}`),
    ...conflicts.map((one) => `conflict ${one.name}`),
  ].toSorted();
}

function put(map: Map<string, string>, key: string, value: string | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}

/** The same names and values, in the order in which they stand in the file. */
function sorted(map: ReadonlyMap<string, string>, text: string): Map<string, string> {
  const order = [...valuesOf(readDotenv(text)).keys()];
  return new Map([...map].toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

/** As a user edits: a line of its own, at the end where it is new. */
function edited(text: string, key: string, value: string | null): string {
  const found = readDotenv(text).assignments.find((one) => one.name === key);
  const written = value === null ? '' : `${key}="${value}"\r\n`;
  if (found) return text.slice(0, found.start) + written + text.slice(found.end);
  return text + written;
}
