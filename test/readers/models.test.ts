import { describe, expect, it } from 'vitest';
import { readers } from '../../src/dotenv/readers/index.ts';
import { titled } from '../e2e/harness/needs.ts';
import { realReaders, reasonToSkip } from './all.ts';
import { randomValues, spellingsOf } from './fuzz.ts';
import { nodeEnvFile } from './javascript.ts';
import { disagreement, filesFor, type Seen, seenIn } from './judge.ts';
import type { RealReader } from './real.ts';
import { hostileValues } from './values.ts';

/** The models are held against the programs that they stand for: each spelling of each value is shown to both. */
const seed = Number(process.env.READERS_SEED ?? 20_260_401);
const count = Number(process.env.READERS_VALUES ?? 150);
/** A model may give up this share (or three) of what its program reads without harm, where its grammar would be too long here. */
const careful = 0.01;

interface Pair {
  readonly value: string;
  readonly spelling: string;
}

for (const real of realReaders) {
  const missing = reasonToSkip(real);
  describe.skipIf(missing)(titled(`the model of ${real.name}`, missing), () => {
    it('is right about hostile values in every spelling', async () => {
      await agree(real, pairsOf(real.slow ? everyNth(hostileValues, 25) : hostileValues));
    });

    it(`is right about random values in every spelling (READERS_SEED=${seed})`, async () => {
      const random = randomValues(seed);
      await agree(
        real,
        pairsOf(Array.from({ length: real.slow ? count / 30 : count }, () => random.next().value)),
      );
    });
  });
}

for (const program of nodeEnvFile) {
  const missing = reasonToSkip(program);
  it.skipIf(missing)(titled(`${program.name} reads as its util.parseEnv`, missing), async () => {
    const library = realReaders.find(({ name }) => program.name.startsWith(name))!;
    const pairs = pairsOf(everyNth(hostileValues, 80));
    expect(await seenOf(program, pairs)).toEqual(await seenOf(library, pairs));
  });
}

it('every reader that is known has a program that its model is held against', () => {
  const held = new Set(realReaders.map(({ model }) => model));
  expect(readers.map(({ name }) => name).filter((name) => !held.has(name))).toEqual([]);
});

async function agree(real: RealReader, pairs: readonly Pair[]): Promise<void> {
  const model = readers.find(({ name }) => name === real.model)!;
  const seen = await seenOf(real, pairs);
  const wrong = pairs.map((pair, i) => {
    const read = model.read(pair.spelling);
    return {
      how: disagreement(read, seen[i]!, pair),
      spelling: pair.spelling,
      model: read,
      program: seen[i]!,
    };
  });
  expect(wrong.filter(({ how }) => how === 'unsafe')).toEqual([]);
  const tooCareful = wrong.filter(({ how }) => how === 'too careful');
  if (tooCareful.length > Math.max(3, pairs.length * careful)) expect(tooCareful).toEqual([]);
}

async function seenOf(real: RealReader, pairs: readonly Pair[]): Promise<Seen[]> {
  const files = pairs.map(({ spelling }) => filesFor(spelling));
  const outcomes = await real.read(files.flat());
  const each = files[0]!.length;
  return pairs.map((_, i) => seenIn(outcomes.slice(i * each, (i + 1) * each)));
}

function pairsOf(values: readonly string[]): Pair[] {
  return values.flatMap((value) => spellingsOf(value).map((spelling) => ({ value, spelling })));
}

function everyNth<T>(all: readonly T[], n: number): T[] {
  return all.filter((_, i) => i % n === 0);
}
