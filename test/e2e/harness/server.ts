import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { expect, onTestFinished, vi } from 'vitest';
import { Http } from './http.ts';
import { node, program } from './sandbox.ts';

/** A team server of the built program, in a folder of its own that is gone when the test is over. */

export interface ServerOptions {
  /** A URL of PostgreSQL; an SQLite file in its folder unless given. */
  readonly database?: string | undefined;
  /** HOST:PORT; any free port of 127.0.0.1 unless given. */
  readonly listen?: string;
  readonly tls?: CertificateFiles;
  /** More of the command line. */
  readonly args?: readonly string[];
  /** The places of the master key, as --master-key takes them; a new one in SECRETS_MASTER_KEY unless given. */
  readonly keys?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Starts one and waits until it listens. */
export async function teamServer(options: ServerOptions = {}): Promise<TeamServer> {
  const server = stoppedServer(options);
  await server.start();
  return server;
}

/** One that is yet to be started. */
export function stoppedServer(options: ServerOptions = {}): TeamServer {
  const server = new TeamServer(options);
  onTestFinished(() => server.close());
  return server;
}

export type { TeamServer };

class TeamServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'secrets-server-'));
  readonly database: string;
  /** What it runs with. Commands of `serve` that work on its vault take the same. */
  readonly env: Record<string, string>;
  readonly #options: ServerOptions;
  readonly #canaries = new Set<string>();
  #child: ChildProcess | undefined;
  #ended: Promise<Ended> | undefined;
  #url = '';
  #told = '';

  constructor(options: ServerOptions) {
    this.#options = options;
    this.database = options.database ?? join(this.folder, 'server.db');
    const base = { HOME: this.folder, PATH: process.env.PATH ?? '', SECRETS_MASTER_KEY: newKey() };
    this.env = { ...base, SECRETS_DATABASE: this.database, ...options.env };
    this.canary(this.env.SECRETS_MASTER_KEY!);
  }

  get url(): string {
    return this.#url;
  }

  /** Everything that it printed so far, of all its lives. */
  get told(): string {
    return this.#told;
  }

  /** The code that it printed last, for the first admin. */
  get code(): string {
    return [...this.#told.matchAll(/code ([0-9A-Z-]{23}):/g)].at(-1)?.[1] ?? '';
  }

  get pid(): number {
    return this.#child!.pid!;
  }

  /** The lines of its log, read as JSON. */
  get logged(): Record<string, unknown>[] {
    const lines = this.#told.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Starts it, or starts it again at the address that it had. */
  async start(keys: readonly string[] = this.#options.keys ?? []): Promise<void> {
    const { listen = '127.0.0.1:0', tls, args = [] } = this.#options;
    const where = this.#url === '' ? listen : new URL(this.#url).host;
    const certificate = tls ? ['--tls-cert', tls.cert, '--tls-key', tls.key] : [];
    const places = keys.flatMap((key) => ['--master-key', key]);
    const line = [program, 'serve', '--listen', where, ...certificate, ...places, ...args];
    const child = spawn(node, line, { env: this.env, cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    this.#ended = new Promise((done) => child.once('close', (status, signal) => done({ status, signal })));
    const before = this.#told.length;
    this.#url = await new Promise<string>((done, failed) => {
      child.stderr.setEncoding('utf8').on('data', (part: string) => {
        this.#told += part;
        const found = /^listening on (\S+)$/m.exec(this.#told.slice(before))?.[1];
        if (found !== undefined) done(found);
      });
      void this.#ended!.then(() => failed(new Error(`the server ended: ${this.#told.slice(before)}`)));
    });
  }

  /** Ends it, as a machine that is switched off. */
  async kill(): Promise<void> {
    await this.signal('SIGKILL');
  }

  /** Tells it to end; resolves when it has. */
  stop(): Promise<Ended> {
    return this.signal('SIGTERM');
  }

  /** Sends it a signal; resolves when it ends. */
  async signal(signal: NodeJS.Signals): Promise<Ended> {
    this.#child?.kill(signal);
    return (await this.#ended) ?? { status: null, signal: null };
  }

  async restart(keys?: readonly string[]): Promise<void> {
    await this.stop();
    await this.start(keys);
  }

  /** The server as a client over HTTP sees it. */
  http(token?: string, ca?: string): Http {
    const http = new Http(this.url, token, ca);
    onTestFinished(() => http.close());
    return http;
  }

  /** Its first admin, by HTTP. */
  async admin(name = 'olga@example.com'): Promise<Http> {
    return this.http(await this.enrol(this.code, name));
  }

  /** Exchanges a code for a token. */
  async enrol(code: string, name?: string): Promise<string> {
    const { status, text, body } = await this.http().ask('POST', '/v1/enrolments', { code, name });
    expect(status, text).toBe(201);
    return this.canary(body.token as string);
  }

  /** Watches for a value, a token or a code: it may be neither in the log nor, in any form, in the database. */
  canary(text: string): string {
    this.#canaries.add(text);
    return text;
  }

  /** Every request that it was asked so far, as its log has them. */
  async requests(): Promise<string[]> {
    await this.logHas('/v1/health');
    return this.#requests().filter((line) => line !== 'GET /v1/health');
  }

  /** Asks for a path and waits until the log has it: then it has all before it. */
  async logHas(path: string): Promise<void> {
    const count = (): number => this.#requests().filter((line) => line === `GET ${path}`).length;
    const before = count();
    await this.http().ask('GET', path);
    await vi.waitFor(() => expect(count()).toBeGreaterThan(before), { timeout: 10_000 });
  }

  /** Fails where a dump of the database holds a canary, as it is or in another writing. `there` must be in it. */
  searchDatabase(there: string): void {
    const dump = this.#dump();
    expect(dump.includes(there), 'the search finds what is there').toBe(true);
    for (const text of this.#canaries)
      for (const form of forms(text)) expect(dump.includes(form), `${text} is in the database`).toBe(false);
  }

  /** Runs SQL past the program; it forgets what it remembers of the database. */
  async sql(statement: string): Promise<Record<string, unknown>[]> {
    const all = [statement, "UPDATE meta SET value = 'another' WHERE key = 'generation'"];
    if (this.#options.database !== undefined) return inPostgres(this.database, all);
    const db = new DatabaseSync(this.database);
    try {
      return all.map((one) => db.prepare(one).all())[0]!;
    } finally {
      db.close();
    }
  }

  /** Ends it, removes it, and searches its log. One that is killed has not told all. */
  async close(): Promise<void> {
    await this.stop();
    const log = this.#told.replace(/^and the code .*$/gm, '');
    rmSync(this.folder, { recursive: true, force: true });
    for (const text of this.#canaries) expect(log).not.toContain(text);
    for (const { path } of this.logged) expect(path ?? '').not.toContain('?');
  }

  #requests(): string[] {
    const requests = this.logged.filter(({ message }) => message === 'request');
    return requests.map(({ method, path }) => `${String(method)} ${String(path)}`);
  }

  #dump(): Buffer {
    if (this.#options.database !== undefined) return execFileSync('pg_dump', [this.database], large);
    const files = ['', '-wal', '-shm'].map((end) => this.database + end);
    return Buffer.concat(files.filter((file) => existsSync(file)).map((file) => readFileSync(file)));
  }
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

const large = { maxBuffer: 1024 ** 3 };

async function inPostgres(connectionString: string, all: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const [first] = await Promise.all(all.map((one) => client.query(one)));
    return first!.rows;
  } finally {
    await client.end();
  }
}

/** PostgreSQL prints bytes in hex. */
function forms(text: string): (string | Buffer)[] {
  const bytes = Buffer.from(text);
  return [
    bytes,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    text.replaceAll('-', ''),
  ];
}

/** A new master key, as `key generate` prints it. */
export function newKey(): string {
  const env = { PATH: process.env.PATH ?? '', HOME: tmpdir() };
  return execFileSync(node, [program, 'key', 'generate'], { env, encoding: 'utf8' }).trim();
}

/** A new master key in a file of its own, as --master-key names it. */
export function newKeyFile(folder: string, name: string): string {
  writeFileSync(join(folder, name), newKey(), { mode: 0o600 });
  return `file:${join(folder, name)}`;
}

/** A new certificate of this machine, made by openssl and signed by itself. */
export function newCertificate(folder: string, name: string): CertificateFiles {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const out = ['-keyout', files.key, '-out', files.cert];
  execFileSync('openssl', ['req', '-x509', ...kind, ...out, ...subject], { stdio: 'ignore' });
  return files;
}
