// `npm run bench:dotenv`: reading, writing and merging a .env file of 10,000 values, as ratios to dotenv's parse of the same
// file in the same process. `-- --write` puts the table into docs/benchmarks.md; `-- --rounds N` sets how often (default 25).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'dotenv';
import { headingOf } from '../../src/dotenv/merging/heading.ts';
import { PullMemory } from '../../src/dotenv/last-pull.ts';
import { type Merge, mergeDotenv, type MergeInput, type Wanted } from '../../src/dotenv/merge.ts';
import { readDotenv } from '../../src/dotenv/read.ts';
import { spellAll } from '../../src/dotenv/write.ts';
import { writeMeasured } from './docs.mts';
import { manyValues, mix } from './dotenv-values.mts';
import { median } from './measure.mts';

const { values: flags } = parseArgs({
  options: { write: { type: 'boolean' }, rounds: { type: 'string', default: '25' } },
});
const rounds = Number(flags.rounds);
const count = 10_000;
const heading = headingOf('web', 'development');
const state = mkdtempSync(join(tmpdir(), 'secrets-bench-'));

try {
  const text = report(timed(works(new PullMemory(state, join(state, '.env')))));
  console.log(text);
  if (flags.write) writeMeasured('dotenv', `${rounds} rounds, by \`npm run bench:dotenv -- --write\``, text);
} finally {
  rmSync(state, { recursive: true, force: true });
}

interface Work {
  readonly name: string;
  readonly run: () => unknown;
}

function works(memory: PullMemory): Work[] {
  const values = manyValues(count);
  const wanted = wantedOf(values, 1);
  const fingerprint = (name: string, value: string): string => memory.fingerprint(name, value);
  const merge = (input: Pick<MergeInput, 'existing' | 'wanted' | 'last'>): Merge =>
    mergeDotenv({ ...input, fingerprint, heading });
  const first = merge({ existing: '', wanted, last: undefined });
  const last = { secrets: first.base(), text: fingerprint('', first.text) };
  const existing = first.text;
  const changed = wantedOf(withChanged(values), 2);
  const edited = existing.replaceAll(/^(SERVICE_(?:\d*0)?0_SETTING=).*/gm, '$1edited');
  const whole = (input: Pick<MergeInput, 'existing' | 'wanted'>, expected: keyof Merge): Merge => {
    const merged = merge({ ...input, last });
    merged.base();
    const found = merged[expected] as readonly unknown[];
    if (found.length !== count / 100 || merged.conflicts.length > 0)
      throw new Error(`${found.length} ${expected}`);
    return merged;
  };
  return [
    { name: '`dotenv.parse`', run: () => parse(existing) },
    { name: 'read', run: () => readDotenv(existing) },
    { name: 'write: every value spelled for everybody, and the text', run: () => written(values) },
    { name: 'merge, nothing changed', run: () => merge({ existing, wanted, last }).base() },
    { name: 'merge, 1 % changed in the vault', run: () => whole({ existing, wanted: changed }, 'updated') },
    { name: 'merge, 1 % edited here', run: () => whole({ existing: edited, wanted }, 'kept') },
  ];
}

function written(values: ReadonlyMap<string, string>): string {
  return [...spellAll(values)].map(([name, { spelling }]) => `${name}=${spelling}\n`).join('');
}

function wantedOf(values: ReadonlyMap<string, string>, version: number): Map<string, Wanted> {
  const all = [...spellAll(values)].map(([name, { spelling }]) => {
    return [name, { value: values.get(name)!, spelling: spelling!, version }] as const;
  });
  return new Map(all.filter(([, { spelling }]) => spelling !== undefined));
}

/** Every hundredth is another key. */
function withChanged(values: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...values].map(([name, value], i) => [name, i % 100 === 0 ? `${value}2` : value]));
}

/** Median milliseconds of each; in turns, so that what the machine does meanwhile falls on all of them alike. */
function timed(all: readonly Work[]): { name: string; ms: number }[] {
  const times = all.map((): number[] => []);
  for (let round = -5; round < rounds; round++) {
    for (const [i, { run }] of all.entries()) {
      const start = performance.now();
      run();
      if (round >= 0) times[i]!.push(performance.now() - start);
    }
  }
  return all.map(({ name }, i) => ({ name, ms: median(times[i]!) }));
}

function report(results: readonly { name: string; ms: number }[]): string {
  const floor = results[0]!.ms;
  const rows = results.map(({ name, ms }) => `| ${name} | ${(ms / floor).toFixed(2)} |`);
  console.error(floor);
  const shares = mix.map(([share, what]) => `* ${share} %: ${what}`).join('\n');
  const of = `Of the 10,000 values are\n\n${shares}\n`;
  return [of, '| 10,000 values | × `dotenv.parse` |', '| --- | --- |', ...rows].join('\n');
}
