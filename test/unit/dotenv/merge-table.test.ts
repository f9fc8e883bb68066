import { describe, expect, it } from 'vitest';
import type { Merge } from '../../../src/dotenv/merge.ts';
import { baseOf, heading, left, merged, namesIn, nothing, type Vault } from './merging.ts';

/** One name, A, on its three sides. The file has two lines of the user's around it, or it is the last. */
interface Row {
  readonly title: string;
  readonly vault?: string | { value: string; spelling: string };
  readonly here?: string;
  readonly before?: string;
  readonly told?: Partial<Record<keyof typeof nothing, unknown>> | undefined;
  /** What its line is after the merge; absent: as it was. Null: gone. Where it was not there: appended. */
  readonly line?: string | null;
  readonly side?: 'ours' | 'theirs' | 'reset';
}

const kept = (here: string): Row['told'] => ({ kept: [{ name: 'A', here }] });
const conflict = (here: string, there: string): Row['told'] => ({ conflicts: [{ name: 'A', here, there }] });

const rows: readonly Row[] = [
  { title: 'new there', vault: 'new', told: { added: ['A'] }, line: 'A=new' },
  { title: 'deleted here, as before there', vault: 'old', before: 'old', told: kept('deleted') },
  { title: 'deleted here, changed there', vault: 'new', before: 'old', told: conflict('deleted', 'changed') },
  { title: 'the same on both sides, never pulled', vault: 'one', here: 'A="one"' },
  { title: 'different, never pulled', vault: 'one', here: 'A=two', told: conflict('new', 'new') },
  { title: 'changed alike on both sides', vault: 'new', here: `A='new' # why`, before: 'old' },
  {
    title: 'untouched here, changed there',
    vault: 'two words',
    here: 'A=old  # why',
    before: 'old',
    told: { updated: ['A'] },
    line: `A='two words'  # why`,
  },
  {
    title: 'quoted anew here, changed there',
    vault: 'new',
    here: `export A="old"`,
    before: 'old',
    told: { updated: ['A'] },
    line: 'export A=new',
  },
  {
    title: 'edited here, as before there',
    vault: 'old',
    here: 'A=mine',
    before: 'old',
    told: kept('edited'),
  },
  {
    title: 'edited here, changed there',
    vault: 'new',
    here: 'A=mine',
    before: 'old',
    told: conflict('edited', 'changed'),
  },
  {
    title: 'untouched here, the same there, for other readers',
    vault: { value: 'a b', spelling: '"a b"' },
    here: `A='a b' # why`,
    before: 'a b',
    told: { respelled: ['A'] },
    line: 'A="a b" # why',
  },
  {
    title: 'untouched here, deleted there',
    here: 'A=old',
    before: 'old',
    told: { removed: ['A'] },
    line: null,
  },
  { title: 'edited here, deleted there', here: 'A=mine', before: 'old', told: conflict('edited', 'deleted') },
  { title: `the user's own`, here: 'A=mine # B=1' },
  { title: 'gone on both sides', before: 'old' },

  { title: 'both, ours: different', vault: 'one', here: 'A=two', side: 'ours', told: kept('edited') },
  {
    title: 'both, ours: edited and changed',
    vault: 'new',
    here: 'A=mine',
    before: 'old',
    side: 'ours',
    told: kept('edited'),
  },
  {
    title: 'both, ours: deleted and changed',
    vault: 'new',
    before: 'old',
    side: 'ours',
    told: kept('deleted'),
  },
  {
    title: 'both, ours: edited and deleted',
    here: 'A=mine',
    before: 'old',
    side: 'ours',
    told: kept('edited'),
  },
  {
    title: 'both, theirs: different',
    vault: 'one',
    here: 'A=two # why',
    side: 'theirs',
    told: { updated: ['A'] },
    line: 'A=one # why',
  },
  {
    title: 'both, theirs: edited and changed',
    vault: 'new',
    here: 'A=mine',
    before: 'old',
    side: 'theirs',
    told: { updated: ['A'] },
    line: 'A=new',
  },
  {
    title: 'both, theirs: deleted and changed',
    vault: 'new',
    before: 'old',
    side: 'theirs',
    told: { added: ['A'] },
    line: 'A=new',
  },
  {
    title: 'both, theirs: edited and deleted',
    here: 'A=mine',
    before: 'old',
    side: 'theirs',
    told: { removed: ['A'] },
    line: null,
  },
  {
    title: 'theirs, edited here alone',
    vault: 'old',
    here: 'A=mine',
    before: 'old',
    side: 'theirs',
    told: kept('edited'),
  },
  {
    title: 'theirs, deleted here alone',
    vault: 'old',
    before: 'old',
    side: 'theirs',
    told: kept('deleted'),
  },

  {
    title: 'reset, edited here alone',
    vault: 'old',
    here: 'A=mine # why',
    before: 'old',
    side: 'reset',
    told: { updated: ['A'] },
    line: 'A=old # why',
  },
  {
    title: 'reset, deleted here alone',
    vault: 'old',
    before: 'old',
    side: 'reset',
    told: { added: ['A'] },
    line: 'A=old',
  },
  {
    title: 'reset, both: different',
    vault: 'one',
    here: 'A=two',
    side: 'reset',
    told: { updated: ['A'] },
    line: 'A=one',
  },
  {
    title: 'reset, both: deleted and changed',
    vault: 'new',
    before: 'old',
    side: 'reset',
    told: { added: ['A'] },
    line: 'A=new',
  },
  {
    title: 'reset, both: edited and deleted',
    here: 'A=mine',
    before: 'old',
    side: 'reset',
    told: { removed: ['A'] },
    line: null,
  },
  { title: `reset, the user's own`, here: 'A=mine # B=1', side: 'reset' },
];

/** The end of each line, and what stands before the first. */
interface Ends {
  readonly title: string;
  readonly ends: readonly string[];
  readonly isOpenEnded?: boolean;
  readonly mark?: string;
}

const kinds: readonly Ends[] = [
  { title: 'LF', ends: ['\n'] },
  { title: 'CRLF', ends: ['\r\n'] },
  { title: 'CR', ends: ['\r'] },
  { title: 'mixed ends', ends: ['\r\n', '\n', '\n', '\r', '\n'] },
  { title: 'LF and no last end', ends: ['\n'], isOpenEnded: true },
  { title: 'CRLF and no last end', ends: ['\r\n'], isOpenEnded: true },
  { title: 'LF and a BOM', ends: ['\n'], mark: '\uFEFF' },
  { title: 'CRLF and a BOM', ends: ['\r\n'], mark: '\uFEFF' },
];

describe.each(kinds)('in a file with $title', ({ ends, isOpenEnded = false, mark = '' }) => {
  const end = (at: number): string => ends[at % ends.length]!;
  const file = (lines: readonly (string | null)[]): string => {
    const last = lines.length - 1;
    return (
      mark +
      lines
        .map((line, at) => (line === null ? '' : line + (isOpenEnded && at === last ? '' : end(at))))
        .join('')
    );
  };

  describe.each([
    { place: 'in the midst', around: ['# mine', 'LOCAL="1"', undefined, '', 'OTHER: x # y'] },
    { place: 'at the end', around: ['# mine', '  OTHER = x', undefined] },
    { place: 'at the start', around: [undefined, 'LOCAL=1'] },
  ])('$place', ({ around }) => {
    it.each(rows)('$title', (row) => {
      const lines = (line: string | null | undefined): (string | null)[] =>
        around.flatMap((one) => (one === undefined ? (line === undefined ? [] : [line]) : [one]));
      const existing = file(lines(row.here));
      const vault: Vault = row.vault === undefined ? {} : { A: row.vault };
      const last = row.before === undefined ? undefined : baseOf({ A: row.before });
      const result = merged({ existing, vault, last, side: row.side });
      expect(namesIn(result)).toEqual({ ...nothing, ...row.told });
      const isAppended = row.here === undefined && row.line !== undefined;
      const lineEnd = /\r\n?|\n/.exec(existing)?.[0] ?? '\n';
      const gap = isOpenEnded ? lineEnd : '';
      expect(result.text).toBe(
        isAppended
          ? `${existing}${gap}${['', heading, row.line].map((line) => line + lineEnd).join('')}`
          : file(lines(row.line === undefined ? row.here : row.line)),
      );
      if (result.conflicts.length === 0) quiet(result, vault);
    });
  });
});

/** A second pull, with nothing changed meanwhile, changes nothing; what was kept is told again. */
function quiet(result: Merge, vault: Vault): void {
  const again = merged({ existing: result.text, vault, last: left(result) });
  expect(again.text).toBe(result.text);
  expect(namesIn(again)).toEqual({ ...nothing, kept: Object.keys(vault).length > 0 ? result.kept : [] });
}
