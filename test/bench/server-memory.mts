import { setTimeout as after } from 'node:timers/promises';
import { assertAnswered } from './server-measure.mts';
import type { Answering, Load } from './server-processes.mts';
import type { Kind } from './server-requests.mts';

export interface Sample {
  /** So far. */
  readonly requests: number;
  /** MiB. */
  readonly rss: number;
}

const connections = 16;
/** Milliseconds; so many equal looks in a row are quiet. */
const [look, quietLooks] = [250, 6];

/** Resident size of a fresh server, each time so many requests were answered and it has come to rest. */
export async function memoryOver(
  load: Load,
  server: Answering,
  { requests, status }: Kind,
  { total, step }: { total: number; step: number },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let done = step; done <= total; done += step) {
    const job = { url: server.url, connections, amount: step, requests };
    assertAnswered(job, await load.shoot(job), status);
    server.forget();
    samples.push({ requests: done, rss: await quiet(server) });
  }
  return samples;
}

/** By least squares, KiB a thousand requests; of the first ones, the heap grows to the size that it keeps. */
export function slope(samples: readonly Sample[], first: number): number {
  const late = samples.filter(({ requests }) => requests >= first);
  const meanX = mean(late.map((it) => it.requests / 1000));
  const meanY = mean(late.map((it) => it.rss * 1024));
  const over = late.map((it) => (it.requests / 1000 - meanX) * (it.rss * 1024 - meanY));
  return mean(over) / mean(late.map((it) => (it.requests / 1000 - meanX) ** 2));
}

/** Until nothing is collected any more: the size stays as it is, to a page or two. */
async function quiet(server: Answering): Promise<number> {
  let last = server.rss();
  for (let equal = 0; equal < quietLooks;) {
    await after(look);
    const now = server.rss();
    equal = Math.abs(now - last) < 0.1 ? equal + 1 : 0;
    last = now;
  }
  return last;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0) / numbers.length;
}
