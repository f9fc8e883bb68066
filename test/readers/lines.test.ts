import { beforeAll, expect, it } from 'vitest';
import { readerNamed } from '../../src/dotenv/readers/index.ts';
import { isReadBy } from '../../src/dotenv/writing/standing.ts';
import { titled } from '../e2e/harness/needs.ts';
import { realReaders, reasonToSkip } from './all.ts';
import type { Outcome, RealReader } from './real.ts';

/** Lines that are more than NAME=value and a line feed, and what each program makes of a value on them. */
interface Odd {
  readonly head: string;
  readonly rest: string;
  readonly value: string;
  readonly end: string;
}

const odd = (head: string, rest = 'x', end = '\n', value = 'x'): Odd => ({ head, rest, value, end });

const lines: readonly Odd[] = [
  odd('\uFEFFA='),
  odd('export A='),
  odd('export A=', 'x{a,b}', '\n', 'x{a,b}'),
  odd('A ='),
  odd('A =', ' x'),
  odd('  A='),
  odd('A:', ' x'),
  odd('A=', 'x', '\r\n'),
  odd('A=', `'x y'`, '\r\n', 'x y'),
  odd('A=', 'x', '\r'),
  odd('A=', `'x y'`, '\r', 'x y'),
  odd('A=', 'x # note'),
  odd('A=', `'x y' # note`, '\n', 'x y'),
];

const read = new Map<string, ReadonlySet<Odd>>();

beforeAll(async () => {
  for (const real of realReaders) if (!real.lacking()) read.set(real.name, await readBy(real));
}, 120_000);

for (const real of realReaders) {
  const missing = reasonToSkip(real);
  it.skipIf(missing)(titled(`${real.name} reads the odd lines that it is said to read`, missing), () => {
    const said = lines.filter((line) => isReadBy(readerNamed(real.model), line, line.value));
    expect(said.filter((line) => !read.get(real.name)!.has(line))).toEqual([]);
  });
}

it('what is said to misread an odd line does so, in one release at least', () => {
  const here = realReaders.filter(({ name }) => read.has(name));
  for (const [model, programs] of Map.groupBy(here, (real) => real.model)) {
    const unread = lines.filter((line) => !isReadBy(readerNamed(model), line, line.value));
    const isWrong = unread.filter((line) => programs.every(({ name }) => read.get(name)!.has(line)));
    expect([model, isWrong]).toEqual([model, []]);
  }
});

async function readBy(real: RealReader): Promise<ReadonlySet<Odd>> {
  const outcomes = await real.read(
    lines.map(({ head, rest, end }) => `${head}${rest}${end}B=2${end}C=3${end}`),
  );
  const isRead = (outcome: Outcome, { value }: Odd): boolean =>
    'vars' in outcome && outcome.vars.A === value && outcome.vars.B === '2';
  return new Set(lines.filter((line, i) => isRead(outcomes[i]!, line)));
}
