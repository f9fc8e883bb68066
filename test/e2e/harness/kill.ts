import { type ChildProcess, spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { node, program, type Sandbox } from './sandbox.ts';

/** `kill -9` in the middle of a command, at moments that a seed tells. */

/** Repeats a failed run: SECRETS_TEST_SEED=n. */
export const seed = Number(process.env.SECRETS_TEST_SEED ?? Date.now() % 1_000_000);

/** What became of the command: `done` when it ended with status 0 before the signal came. */
export type Outcome = 'done' | 'killed';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** As many moments as wanted, one in each slice of a little more than the length of a run, in a random order. */
export function moments(length: number, count: number): number[] {
  const random = randomNumbers(seed);
  const all = Array.from({ length: count }, (_, i) => ((i + random()) / count) * length * 1.1);
  return all
    .map((at) => [random(), at] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, at]) => at);
}

/** How long a run takes, in milliseconds: the median of three. */
export async function lengthOf(run: () => Promise<unknown>): Promise<number> {
  const lengths: number[] = [];
  for (const _ of [1, 2, 3]) {
    const start = performance.now();
    await run();
    lengths.push(performance.now() - start);
  }
  return lengths.toSorted((a, b) => a - b)[1]!;
}

/** Starts a command and kills it after so many milliseconds. Fails when it ends by itself with another status than 0. */
export function killedAfter(
  box: Sandbox,
  args: readonly string[],
  milliseconds: number,
  input = '',
): Promise<Outcome> {
  return killed(box, args, input, (child) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
    return () => clearTimeout(timer);
  });
}

/** Starts a command and kills it as soon as a name appears in, or is renamed to in, a folder. */
export function killedWhen(
  box: Sandbox,
  args: readonly string[],
  folder: string,
  appears: (name: string) => boolean,
): Promise<Outcome> {
  return killed(box, args, '', (child) => {
    const watcher = watch(folder, (_, name) => {
      if (name !== null && appears(name)) child.kill('SIGKILL');
    });
    return () => watcher.close();
  });
}

function killed(
  box: Sandbox,
  args: readonly string[],
  input: string,
  arm: (child: ChildProcess) => () => void,
): Promise<Outcome> {
  const child = spawn(node, [program, ...args], {
    cwd: box.project,
    env: box.env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const disarm = arm(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // It may be dead before it has read anything.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      disarm();
      box.printed(stderr);
      if (signal === 'SIGKILL') resolve('killed');
      else if (code === 0) resolve('done');
      else reject(new Error(`secrets ${args.join(' ')} ended with ${code} (seed ${seed}): ${stderr}`));
    });
  });
}
