import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../../src/store/postgres.ts';
import type { Store } from '../../../src/store/schema.ts';
import { titled } from '../../e2e/harness/needs.ts';
import { lackingPostgres, Postgres } from '../../harness/postgres.ts';
import { freshServer, type FreshServer, type Method } from './fresh-server.ts';

/** Text that is no name: a store may not even take it in a question. */
const development = '/v1/projects/web/environments/development';
const reach = { project: 'web', environment: 'production', names: 'A_*' };
const impossible = ['\0', 'a\0b', 'a\nb', '\u007f', '\ud800', '\u202e'];

/** One sound request of each kind; each text in it is then replaced. */
const bodies: [Method, url: string, body: Record<string, unknown>][] = [
  ['POST', `${development}/secrets/read`, { names: ['A', 'B'] }],
  ['POST', `${development}/secrets/delete`, { names: ['A'] }],
  [
    'PATCH',
    `${development}/secrets`,
    { changes: [{ name: 'A', value: 'x', expect: 'exists' }], intent: 'set' },
  ],
  ['POST', `${development}/compare`, { to: 'staging' }],
  ['POST', `${development}/copy`, { to: 'staging', overwrite: true }],
  ['PATCH', development, { name: 'x' }],
  ['POST', '/v1/projects', { name: 'x' }],
  ['PATCH', '/v1/projects/web', { name: 'x' }],
  ['POST', '/v1/projects/web/environments', { name: 'x' }],
  ['POST', '/v1/enrolments', { code: '7K2QM-XW9RT-0AB3C-HJ4ND', name: 'mira' }],
  ['POST', '/v1/invitations', { name: 'mira', role: 'member', groups: ['ops'] }],
  ['PATCH', '/v1/principals/mira', { role: 'member' }],
  [
    'POST',
    '/v1/grants',
    { to: { principal: 'mira' }, permission: 'read', ...reach, expiresAt: '2099-01-01' },
  ],
  ['POST', '/v1/grants', { to: { group: 'ops' }, permission: 'read', ...reach }],
  [
    'POST',
    '/v1/tokens',
    { account: 'ci', grants: [{ permission: 'read', ...reach }], ttl: 60, ranges: ['::1'] },
  ],
];
const queries = ['secret', 'principal', 'project', 'environment', 'action', 'since', 'until', 'cursor'];
const paths: [Method, path: (name: string) => string, body?: object][] = [
  ['DELETE', (name) => `/v1/projects/${name}`],
  ['DELETE', (name) => `/v1/projects/web/environments/${name}`],
  ['GET', (name) => `/v1/projects/${name}/environments/development/secrets`],
  ['GET', (name) => `${development}/secrets/${name}/versions`],
  ['DELETE', (name) => `/v1/principals/${name}`],
  ['PATCH', (name) => `/v1/principals/${name}`, { role: 'member' }],
  ['PUT', (name) => `/v1/groups/${name}/principals/olga@example.com`],
  ['DELETE', (name) => `/v1/groups/ops/principals/${name}`],
  ['DELETE', (name) => `/v1/grants/${name}`],
  ['DELETE', (name) => `/v1/tokens/${name}`],
];

function cases(store: () => Promise<Store | undefined>): void {
  const serving = async (): Promise<FreshServer> => {
    const given = await store();
    return freshServer(given ? { store: given } : {});
  };

  it('in a body is never our fault', async () => {
    const { ask, logged } = await serving();
    for (const [method, url, body] of bodies) {
      for (const text of impossible) {
        for (const changed of eachText(body, text)) {
          const { status } = await ask(method, url, changed);
          expect(status < 500, `${method} ${url} ${JSON.stringify(changed)}: ${status}`).toBe(true);
        }
      }
    }
    expect(logged().filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('in a query or a path is never our fault', async () => {
    const { ask } = await serving();
    for (const text of impossible.filter((one) => one.isWellFormed())) {
      const escaped = encodeURIComponent(text);
      for (const query of queries) {
        const { status } = await ask('GET', `/v1/audit?${query}=${escaped}`);
        expect(status < 500, `${query}=${escaped}: ${status}`).toBe(true);
      }
      for (const [method, path, body] of paths)
        expect([404, 422], path(escaped)).toContain((await ask(method, path(escaped), body)).status);
    }
  });

  it('is absent from what is read, as any name that is not there', async () => {
    const { ask } = await serving();
    const secrets = `${development}/secrets`;
    await ask('PATCH', secrets, { changes: [{ name: 'A', value: 'x' }] });
    const a = { A: { value: 'x', version: 1 } };
    const names = [...impossible, 'a b', 'x'.repeat(300), ''];
    expect(await ask('POST', `${secrets}/read`, { names: ['A', ...names] })).toMatchObject({
      status: 200,
      body: { secrets: a },
    });
    expect((await ask('POST', `${secrets}/read`, { names })).body.secrets).toEqual({});
    expect((await ask('GET', `${secrets}?names=%00,A,a%20b`)).body.secrets).toEqual(a);
    expect((await ask('GET', `${secrets}?names=%00`)).body.secrets).toEqual({});
  });
}

describe('a name that cannot be', () => {
  cases(async () => undefined);
});

const lacking = lackingPostgres();

describe.skipIf(lacking)(titled('a name that cannot be, on PostgreSQL,', lacking), () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await Postgres.make();
  });
  afterAll(() => postgres.end());
  cases(async () => openPostgres(await postgres.databaseUrl()));
});

/** Copies of something, in each of which one text is another. */
function eachText(value: unknown, text: string): unknown[] {
  if (typeof value === 'string') return [text];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value))
    return value.flatMap((item, i) => eachText(item, text).map((changed) => value.with(i, changed)));
  return Object.entries(value).flatMap(([key, item]) =>
    eachText(item, text).map((changed) => Object.assign({}, value, { [key]: changed })),
  );
}
