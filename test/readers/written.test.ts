import { beforeAll, describe, expect, it } from 'vitest';
import { readerNamed } from '../../src/dotenv/readers/index.ts';
import { type Audience, everybody, spell } from '../../src/dotenv/write.ts';
import { titled } from '../e2e/harness/needs.ts';
import { realReaders, reasonToSkip } from './all.ts';
import { filesFor, type Seen, seenIn } from './judge.ts';
import type { RealReader } from './real.ts';
import { hostileValues } from './values.ts';

const forEverybody = spelledFor(everybody);

/** What we write, read back by the programs themselves. */
for (const real of realReaders) {
  const missing = reasonToSkip(real);
  describe.skipIf(missing)(titled(`${real.name}, of what is written for everybody,`, missing), () => {
    let seen: readonly Seen[];
    beforeAll(async () => {
      seen = await seenOf(real, [...forEverybody.values()]);
    });

    it('loses nothing, takes no name from a value and runs nothing; or refuses the file, and is named for it', async () => {
      const losing = [...forEverybody].filter((_, i) => typeof seen[i] !== 'string');
      expect(losing.filter(([value]) => !isLoser(value, real))).toEqual([]);
      const outcomes = await real.read(losing.map(([, spelling]) => filesFor(spelling)[0]!));
      expect(losing.filter((_, i) => !('error' in outcomes[i]!))).toEqual([]);
    });

    it('sees each value, or is named as one that does not', () => {
      expectTold(
        real,
        [...forEverybody.keys()].map((value, i) => [value, seen[i] === value]),
      );
    });

    it('sees the same where all of it is in one file', async () => {
      // varlock requires a value of each name, unless a schema tells otherwise: what is none to it has no place here.
      const isNone = (value: string, spelling: string): boolean =>
        value === 'undefined' || JSON.stringify(readerNamed('varlock').read(spelling)).trim() === '""';
      const shown = [...forEverybody].filter(
        (one) => !isLoser(one[0], real) && (real.name !== 'varlock' || !isNone(...one)),
      );
      const lines = shown.map(([, spelling], i) => `VALUE_${i}=${spelling}\n`);
      const [outcome] = await real.read([lines.join('')]);
      const vars = outcome && 'vars' in outcome ? outcome.vars : {};
      // Some leave out what is empty.
      expectTold(
        real,
        shown.map(([value], i) => [value, (vars[`VALUE_${i}`] ?? '') === value]),
      );
      // X is declared by the schema that varlock's driver gives it.
      const names = Object.keys(vars).filter((name) => !/^(VALUE_\d+|X)$/.test(name));
      expect([names, outcome?.ran]).toEqual([[], false]);
    });
  });

  it.skipIf(missing)(
    titled(`${real.name} sees each value of what is written for it alone`, missing),
    async () => {
      const values = spelledForOne(real.model);
      const seen = await seenOf(real, [...values.values()]);
      expect([...values.keys()].filter((value, i) => seen[i] !== value)).toEqual([]);
    },
  );
}

const known = new Map<string, Map<string, string>>();

/** Several programs have one model. */
function spelledForOne(model: string): Map<string, string> {
  const values = known.get(model) ?? spelledFor({ readers: [readerNamed(model)], named: 'by the user' });
  known.set(model, values);
  return values;
}

/** The hostile values that can be written for an audience, and how. */
function spelledFor(audience: Audience): Map<string, string> {
  return new Map(
    hostileValues.flatMap((value) => {
      const { spelling } = spell(value, audience);
      return spelling === undefined ? [] : [[value, spelling] as const];
    }),
  );
}

/** For a program that is started once a file, one file a value has to do. */
async function seenOf(real: RealReader, spellings: readonly string[]): Promise<Seen[]> {
  const files = spellings.map((spelling) => filesFor(spelling).slice(0, real.slow ? 1 : undefined));
  const outcomes = await real.read(files.flat());
  return files.map((own, i) => seenIn(outcomes.slice(i * own.length, (i + 1) * own.length)));
}

/** Who does not see a value is named. A few may be named in vain: by a model of several versions that do not agree. */
function expectTold(real: RealReader, seen: readonly (readonly [value: string, isSeen: boolean])[]): void {
  const untold = seen.filter(([value, isSeen]) => !isSeen && !isWarned(value, real));
  expect(untold).toEqual([]);
  const inVain = seen.filter(([value, isSeen]) => isSeen && isWarned(value, real));
  if (inVain.length > 3) expect(inVain).toEqual([]);
}

function isWarned(value: string, real: RealReader): boolean {
  const spelling = spell(value);
  return spelling.spelling === undefined || spelling.wrong.some(({ name }) => name === real.model);
}

function isLoser(value: string, real: RealReader): boolean {
  const spelling = spell(value);
  return spelling.spelling !== undefined && spelling.losers.some(({ name }) => name === real.model);
}
