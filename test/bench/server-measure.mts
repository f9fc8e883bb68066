import type { Answering, Job, Load, Request, Shot } from './server-processes.mts';

/** One of those that are measured side by side. */
export interface Side {
  readonly server: Answering;
  readonly requests: readonly Request[];
}

export interface Measured {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the server's processor a request. */
  readonly cpu: number;
  /** Of the time, how much the load itself was busy: near 1, it is what limits. */
  readonly load: number;
}

export interface Plan {
  /** Of measuring, for each side. */
  readonly seconds: number;
  readonly warmUp: number;
  /** Turns: the seconds are cut into so many. */
  readonly turns: number;
}

/**
 * Measures the sides in turns, so that a slow moment of the machine hits all of them. Throws for an answer with another
 * status, and for none.
 */
export async function sideBySide(
  load: Load,
  sides: readonly Side[],
  { connections, status }: { connections: number; status: number },
  { seconds, warmUp, turns }: Plan,
): Promise<Measured[]> {
  const shots = sides.map((): (Shot & { cpu: number })[] => []);
  for (let turn = -1; turn < turns; turn++) {
    for (const [i, { server, requests }] of sides.entries()) {
      const job: Job = {
        url: server.url,
        connections,
        requests,
        seconds: turn < 0 ? warmUp : seconds / turns,
      };
      const before = server.cpu();
      const shot = await load.shoot(job);
      const cpu = server.cpu() - before;
      server.forget();
      assertAnswered(job, shot, status);
      if (turn >= 0) shots[i]!.push({ ...shot, cpu });
    }
  }
  return shots.map(summary);
}

export function assertAnswered(
  { requests: [first] }: Job,
  { statuses, failed, times }: Shot,
  status: number,
): void {
  const right = statuses[status] ?? 0;
  if (failed === 0 && right === times.length && right > 0) return;
  throw new Error(`${first!.method} ${first!.path}: ${failed} failed, ${JSON.stringify(statuses)}`);
}

function summary(shots: readonly (Shot & { cpu: number })[]): Measured {
  const times = Float64Array.from(shots.flatMap((shot) => [...shot.times])).toSorted();
  const seconds = sum(shots.map((shot) => shot.seconds));
  return {
    rate: times.length / seconds,
    p50: times[Math.floor(times.length * 0.5)]!,
    p99: times[Math.floor(times.length * 0.99)]!,
    cpu: (sum(shots.map((shot) => shot.cpu)) / times.length) * 1e6,
    load: sum(shots.map((shot) => shot.busy)) / seconds,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
