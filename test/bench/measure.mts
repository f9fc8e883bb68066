import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** One thing to time: a whole process. */
export interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Record<string, string>;
}

export interface Result {
  readonly name: string;
  /** Median wall time, milliseconds. */
  readonly ms: number;
  /** Largest resident size, MiB; undefined without GNU time. */
  readonly mib: number | undefined;
}

const gnuTime = '/usr/bin/time';

/**
 * Times every case in turn, round after round, so that what the machine does meanwhile falls on all of them alike; the
 * first rounds warm the file cache and the compile cache and do not count. Throws where a case fails.
 */
export function measure(cases: readonly Case[], rounds: number): Result[] {
  const times = cases.map((): number[] => []);
  for (let round = -3; round < rounds; round++) {
    for (const [i, it] of cases.entries()) {
      const ms = once(it);
      if (round >= 0) times[i]!.push(ms);
    }
  }
  return cases.map((it, i) => ({ name: it.name, ms: median(times[i]!), mib: peak(it) }));
}

function once({ name, argv, cwd, env }: Case): number {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(argv[0]!, argv.slice(1), {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
  const ms = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${name}: status ${status}: ${error?.message ?? String(stderr)}`);
  return ms;
}

function peak({ argv, cwd, env }: Case): number | undefined {
  if (!existsSync(gnuTime)) return undefined;
  const { stderr } = spawnSync(gnuTime, ['-f', 'peak %M', ...argv], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 2 ** 26,
  });
  const kib = /peak (\d+)/.exec(String(stderr))?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}

export function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!;
}

/** A table: each result as a ratio to the first, which is the floor. */
export function table(results: readonly Result[]): string {
  const floor = results[0]!.ms;
  const rows = results.map(({ name, ms, mib }) => {
    return `| ${name} | ${(ms / floor).toFixed(2)} | ${ms.toFixed(0)} | ${mib === undefined ? '–' : mib.toFixed(0)} |`;
  });
  return ['| command | × bare node | ms | peak MiB |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
