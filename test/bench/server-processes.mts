import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** What one shot of load is to do: requests in turn, for some seconds or so many in all. */
export interface Job {
  readonly url: string;
  readonly connections: number;
  readonly seconds?: number;
  readonly amount?: number;
  readonly requests: readonly Request[];
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Shot {
  readonly seconds: number;
  /** Of each answer, milliseconds. */
  readonly times: Float64Array;
  /** Status → answers. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Connections that broke, and requests without an answer. */
  readonly failed: number;
  /** Seconds of processor that the load itself took. */
  readonly busy: number;
}

/** A constant answer. */
export interface Answer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: string;
}

const quiet = '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON';
/** Of the kernel, a second: what /proc counts in. */
const ticks = 100;

/** A process that answers at a URL. Linux only: /proc tells what it takes. */
export interface Answering {
  readonly url: string;
  /** Seconds of processor so far. */
  cpu(): number;
  /** Resident size, MiB. */
  rss(): number;
  /** Empties its log. */
  forget(): void;
  stop(): Promise<void>;
}

/** The load, in a process of its own. */
export class Load {
  readonly #process: ChildProcess;

  constructor() {
    this.#process = program('server-load.mts');
  }

  async shoot(job: Job): Promise<Shot> {
    this.#process.send(job);
    const [shot] = (await once(this.#process, 'message')) as [Shot];
    return shot;
  }

  stop(): Promise<void> {
    return ended(this.#process);
  }
}

/** The floor, with these answers. */
export async function startFloor(answers: readonly Answer[]): Promise<Answering> {
  const child = program('server-floor.mts');
  child.send(answers);
  const [url] = (await once(child, 'message')) as [string];
  return answering(child, url, () => {});
}

/** What `serve` needs to know. */
export interface Serving {
  /** A folder for its log. */
  readonly folder: string;
  readonly program: string;
  readonly database: string;
  readonly masterKey: string;
}

/** The built program as it ships, its log in a file as under a service manager. `nodeArgs` are for profiles. */
export async function startServer(
  { folder, program: path, database, masterKey }: Serving,
  nodeArgs: readonly string[] = [],
): Promise<Answering> {
  const log = join(folder, 'server.log');
  const out = openSync(log, 'a', 0o600);
  const argv = [...nodeArgs, path, 'serve', '--listen', '127.0.0.1:0'];
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    SECRETS_MASTER_KEY: masterKey,
    SECRETS_DATABASE: database,
  };
  const child = spawn(process.execPath, argv, { env, cwd: folder, stdio: ['ignore', out, out] });
  for (;;) {
    const said = readFileSync(log, 'utf8');
    const url = /listening on (http:\S+)/.exec(said)?.[1];
    if (url) return answering(child, url, () => truncateSync(log));
    if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}: ${said}`);
    await after(20);
  }
}

function answering(child: ChildProcess, url: string, forget: () => void): Answering {
  const proc = `/proc/${child.pid}`;
  return {
    url,
    cpu() {
      const fields = readFileSync(`${proc}/stat`, 'utf8').split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) / ticks;
    },
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`${proc}/status`, 'utf8'))![1]) / 1024,
    forget,
    stop: () => ended(child),
  };
}

function program(name: string): ChildProcess {
  return fork(join(import.meta.dirname, name), { execArgv: [quiet], serialization: 'advanced' });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
