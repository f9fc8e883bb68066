import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Origin } from '../../../src/api/team.ts';
import { newMasterKey } from '../../../src/crypto/master-key.ts';
import { Secret } from '../../../src/secret.ts';
import { type App, buildApp } from '../../../src/server/app.ts';
import type { Store } from '../../../src/store/schema.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { createVault, openVault } from '../../../src/vault/open.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { type Document, Promised } from '../../harness/openapi.ts';
import { tempFolder } from '../temp-folder.ts';

/** The times of day of a server, in milliseconds. */
export interface TestClock {
  ms: number;
}

/** A real vault with the project `web` and an admin, and the server over it, without a socket. */
export interface FreshServer {
  readonly app: App;
  readonly vault: Vault;
  /** Token of the admin. */
  readonly token: string;
  readonly clock: TestClock;
  /** What was logged, one object a line. */
  readonly logged: () => Record<string, unknown>[];
  readonly loggedText: () => string;
  /** Sends a request as the admin, and holds the answer against the OpenAPI document. */
  readonly ask: (
    method: Method,
    url: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  readonly promised: Promised;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  // Tests read what they expect out of it.
  readonly body: any;
}

export const admin = 'olga@example.com';
export const origin: Origin = { address: '127.0.0.1', request: 'test' };

export interface FreshOptions {
  readonly behindProxy?: boolean;
  readonly tls?: boolean;
  /** A new SQLite file unless given. */
  readonly store?: Store;
  readonly dropped?: number;
}

export async function freshServer(options: FreshOptions = {}): Promise<FreshServer> {
  const vault = await freshVault(options.store);
  onTestFinished(() => vault.close());
  const token = await firstToken(vault);
  await vault.withToken(new Secret(token), origin).createProject('web');
  let text = '';
  const clock = { ms: Date.now() };
  const app = await buildApp({
    vault,
    version: '1.2.3',
    log: { write: (more) => (text += more), dropped: options.dropped ?? 0 },
    behindProxy: options.behindProxy ?? false,
    tls: options.tls ?? false,
    now: () => clock.ms,
  });
  onTestFinished(() => app.fastify.close());
  const promised = new Promised(app.fastify.swagger() as unknown as Document);
  const logged = (): Record<string, unknown>[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const ask = async (method: Method, url: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = { authorization: `Bearer ${token}`, ...headers };
    const payload = body === undefined ? {} : { payload: body as object };
    const answer = await app.fastify.inject({ method, url, headers: sent, ...payload });
    const contentType = answer.headers['content-type'];
    promised.check({ method, url, status: answer.statusCode, contentType, body: answer.body });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      body: contentType?.includes('json') ? (JSON.parse(answer.body) as unknown) : undefined,
    };
  };
  return { app, vault, token, clock, logged, loggedText: () => text, ask, promised };
}

/** A vault that nobody is in yet. */
export async function freshVault(given?: Store): Promise<Vault> {
  const key = newMasterKey();
  const source = async (): Promise<Buffer> => Buffer.from(key);
  const store = given ?? openSqlite(join(tempFolder(), 'server.db'), { create: true });
  await createVault(store, { makeKey: source }, () => new Date());
  return openVault(store, 'the vault', source, () => new Date());
}

async function firstToken(vault: Vault): Promise<string> {
  const first = await vault.firstCode();
  return (await vault.redeem(first!.code, origin, admin)).token.reveal();
}
