import { execFile, execFileSync, type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { lacking } from '../e2e/harness/needs.ts';

const run = promisify(execFile);
const debian = '/usr/lib/postgresql';
const password = 'canary-of-the-database';

/** The reason why no PostgreSQL can be started here; undefined where one can. Throws it under CI. */
export function lackingPostgres(): string | undefined {
  return lacking(binaries() ? undefined : 'postgresql is not installed (apt-get install postgresql)');
}

/**
 * A real PostgreSQL in a folder of its own, on a port of its own, with fsync as in production. Each file of tests has its
 * own: they run at once, and some of them stop theirs.
 */
export class Postgres {
  readonly folder: string;
  readonly port: number;
  readonly #settings: readonly string[];
  #server: ChildProcess | undefined;

  private constructor(folder: string, port: number, settings: readonly string[]) {
    this.folder = folder;
    this.port = port;
    this.#settings = settings;
  }

  /** `settings` are of postgresql.conf, and win over ours. */
  static async make(settings: readonly string[] = []): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-postgres-'));
    if (isRoot()) chownSync(folder, userOf('postgres'), -1);
    const made = new Postgres(folder, await freePort(), settings);
    await made.#initialize();
    await made.start();
    return made;
  }

  /** Resolves when it takes connections. */
  async start(): Promise<void> {
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${this.port}`,
      `unix_socket_directories=${this.folder}`,
      // What commits, the tests count.
      'autovacuum=off',
      'max_connections=60',
      ...this.#settings,
    ];
    const options = ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])];
    this.#server = spawn(...asPostgres(binary('postgres'), options), { stdio: 'ignore' });
    await this.#untilReady();
  }

  /** Ends all connections, as a restart of the machine would, and waits for the end. */
  async stop(): Promise<void> {
    await this.#signal('SIGINT');
  }

  /** As a power cut would: no goodbye, and it has to recover. */
  async kill(): Promise<void> {
    await this.#signal('SIGQUIT');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** A fresh, empty database. */
  async databaseUrl(): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await this.ask('postgres', `CREATE DATABASE ${name}`);
    return this.url(name);
  }

  /** A fresh, empty schema, for tests that need many: a database takes half a second to make. */
  async schemaUrl(): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await this.ask('postgres', `CREATE SCHEMA ${name}`);
    return `${this.url('postgres')}?options=-csearch_path%3D${name}`;
  }

  url(database: string): string {
    return `postgres://postgres:${password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Runs SQL past the program under test. */
  async ask(database: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url(database) });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** How many transactions with changes were committed while it ran, as the log of the database has them. */
  async commitsDuring(work: () => Promise<unknown>): Promise<number> {
    const from = await this.#logEnd();
    await work();
    const log = [
      '-p',
      join(this.data, 'pg_wal'),
      '--rmgr=Transaction',
      '-s',
      from,
      '-e',
      await this.#logEnd(),
    ];
    const { stdout } = await run(...asPostgres(binary('pg_waldump'), log));
    return stdout.split('\n').filter((line) => line.includes('desc: COMMIT')).length;
  }

  async end(): Promise<void> {
    await this.#signal('SIGQUIT');
    rmSync(this.folder, { recursive: true });
  }

  get data(): string {
    return join(this.folder, 'data');
  }

  async #logEnd(): Promise<string> {
    const [row] = await this.ask('postgres', 'SELECT pg_current_wal_flush_lsn()::text AS at');
    return String(row!.at);
  }

  async #initialize(): Promise<void> {
    const file = join(this.folder, 'password');
    const options = [
      '-D',
      this.data,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      '--pwfile',
      file,
      '-E',
      'UTF8',
    ];
    // A language, on purpose: our columns are sorted by their bytes whatever the database is told.
    options.push('--locale=C.UTF-8', '--locale-provider=icu', '--icu-locale=en-US');
    const [program, parameters] = asPostgres('/bin/sh', [
      '-c',
      `umask 077; printf %s "$1" > "$2"`,
      'sh',
      password,
      file,
    ]);
    await run(program, parameters);
    await run(...asPostgres(binary('initdb'), options));
  }

  async #untilReady(): Promise<void> {
    for (;;) {
      if (this.#server!.exitCode !== null) throw new Error(`postgres ended with ${this.#server!.exitCode}`);
      if (await this.ask('postgres', 'SELECT 1').then(Boolean, () => false)) return;
      await new Promise(setImmediate);
    }
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
}

/** The newest of Debian's. */
function binaries(): string | undefined {
  if (!existsSync(debian)) return undefined;
  const versions = readdirSync(debian).toSorted((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(debian, version, 'bin')).find((it) => existsSync(join(it, 'initdb')));
}

function binary(name: string): string {
  return join(binaries()!, name);
}

/** PostgreSQL refuses to run as root. setpriv becomes the program, so that signals reach it. */
function asPostgres(program: string, parameters: readonly string[]): [string, string[]] {
  if (!isRoot()) return [program, [...parameters]];
  const user = ['--reuid=postgres', '--regid=postgres', '--clear-groups', '--'];
  return ['setpriv', [...user, program, ...parameters]];
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function userOf(name: string): number {
  return Number(execFileSync('id', ['-u', name], { encoding: 'utf8' }));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
