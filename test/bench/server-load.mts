// The load, in a process of its own: one job at a time comes in as a message, what was measured goes back.
import { createRequire } from 'node:module';
import type { EventEmitter } from 'node:events';
import type { Job, Shot } from './server-processes.mts';

/** The part of it that is used here; it brings no types. */
type Autocannon = (options: object, done: (error: Error | null, result: Result) => void) => EventEmitter;
interface Result {
  readonly errors: number;
  readonly timeouts: number;
}

const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;
/** Milliseconds between two looks at whether the time is over. */
const sampleInt = 50;

process.on('message', (job: Job) => void shoot(job).then((shot) => process.send!(shot)));

async function shoot({ url, connections, seconds, amount, requests }: Job): Promise<Shot> {
  const times: number[] = [];
  const statuses: Record<number, number> = {};
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const { errors, timeouts } = await new Promise<Result>((resolve, reject) => {
    const options = { url, connections, requests, sampleInt, timeout: 30 };
    const run = autocannon(
      { ...options, ...(amount === undefined ? { duration: seconds } : { amount }) },
      (error, result) => (error ? reject(error) : resolve(result)),
    );
    run.on('response', (_client: unknown, status: number, _bytes: number, milliseconds: number) => {
      times.push(milliseconds);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
  const used = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - start) / 1000,
    times: Float64Array.from(times),
    statuses,
    failed: errors + timeouts,
    busy: (used.user + used.system) / 1e6,
  };
}
