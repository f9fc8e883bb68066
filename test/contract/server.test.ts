import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { TeamApi } from '../../src/api/team.ts';
import { Connection } from '../../src/client/connection.ts';
import { enrol, HttpTeam } from '../../src/client/team.ts';
import { newMasterKey } from '../../src/crypto/master-key.ts';
import type { Secret } from '../../src/secret.ts';
import { type App, buildApp } from '../../src/server/app.ts';
import { listen } from '../../src/server/listen.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { createVault, openVault } from '../../src/vault/open.ts';
import { titled } from '../e2e/harness/needs.ts';
import { type Document, Promised } from '../harness/openapi.ts';
import { lackingPostgres, Postgres } from '../harness/postgres.ts';
import { backendCases } from './backend.case.ts';
import { teamCases, type TeamUnderTest } from './team.case.ts';

const scope = { project: 'web', environment: 'development' };

/** A real server on a socket, and the client that commands use, logged in as the first admin. */
async function serverTeam(store: Store, done: () => void): Promise<TeamUnderTest> {
  const key = newMasterKey();
  const source = async (): Promise<Buffer> => Buffer.from(key);
  const now = (): Date => new Date();
  await createVault(store, { makeKey: source }, now);
  const vault = await openVault(store, 'the vault', source, now);
  const app = await buildApp({
    vault,
    version: '1',
    log: { write: () => {} },
    behindProxy: false,
    tls: false,
  });
  const broken = holdToDocument(app);
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const options = { origin: server.url, timeout: 20, host: 'test', program: 'contract' };
  const first = await vault.firstCode();
  const { token } = await enrol(new Connection(options), first!.code, 'olga@example.com');
  const as = (holder: Secret): TeamApi => new HttpTeam(new Connection({ ...options, token: holder }));
  const team = as(token);
  await team.createProject('web');
  const close = async (): Promise<void> => {
    await server.drain();
    await vault.close();
    done();
    expect(broken).toEqual([]);
  };
  return {
    team,
    as,
    enrol: (code) => enrol(new Connection(options), code),
    close,
  };
}

/** Every answer of the server is held against its own document; what was not as promised fails the case at its end. */
function holdToDocument({ fastify }: App): string[] {
  const promised = new Promised(fastify.swagger() as unknown as Document);
  const broken: string[] = [];
  const route = fastify.routing.bind(fastify);
  fastify.routing = (request, response) => {
    let contentType: string | undefined;
    const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => typeof response;
    response.writeHead = ((status: number, headers: Record<string, string | undefined>) => {
      contentType = headers['content-type'];
      return writeHead(status, headers);
    }) as typeof response.writeHead;
    const end = response.end.bind(response) as (...given: unknown[]) => typeof response;
    response.end = ((...given: unknown[]) => {
      const [sent] = given;
      const body = typeof sent === 'string' || Buffer.isBuffer(sent) ? sent.toString() : '';
      const { method, url } = request as { method: string; url: string };
      try {
        promised.check({ method, url, status: response.statusCode, contentType, body });
      } catch (error) {
        broken.push((error as Error).message);
      }
      return end(...given);
    }) as typeof response.end;
    route(request, response);
  };
  return broken;
}

async function onSqlite(): Promise<TeamUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-contract-'));
  const store = openSqlite(join(folder, 'server.db'), { create: true });
  return serverTeam(store, () => rmSync(folder, { recursive: true }));
}

describe('the client and a server on SQLite', () => {
  backendCases(async () => {
    const under = await onSqlite();
    return { ...under, backend: under.team, scope };
  });
  teamCases(onSqlite);
});

const lacking = lackingPostgres();

describe.skipIf(lacking)(titled('the client and a server on PostgreSQL', lacking), () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await Postgres.make();
  });
  afterAll(() => postgres.end());

  const onPostgres = async (): Promise<TeamUnderTest> =>
    serverTeam(await openPostgres(await postgres.schemaUrl()), () => {});
  backendCases(async () => {
    const under = await onPostgres();
    return { ...under, backend: under.team, scope };
  });
  teamCases(onPostgres);
});
