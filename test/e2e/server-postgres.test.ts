import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { noPostgres, postgres } from './harness/databases.ts';
import { type Answer, type Http, statusesOf } from './harness/http.ts';
import { titled } from './harness/needs.ts';
import { sandbox } from './harness/sandbox.ts';
import { newKey, type TeamServer, teamServer } from './harness/server.ts';
import { environment, secrets, Writers } from './harness/writers.ts';

const many = [1, 2, 3, 4, 5, 6];
const isAway = (answer: Answer | undefined): boolean => answer?.status === 503;

/** An admin with the project `web`. */
async function adminOf(server: TeamServer): Promise<Http> {
  const admin = await server.admin();
  await admin.ask('POST', '/v1/projects', { name: 'web' });
  return admin;
}

function load(...servers: TeamServer[]): (token: string) => Writers {
  return (token) => new Writers(servers.flatMap((server) => many.map(() => server.http(token))));
}

async function expectWhole(http: Http): Promise<void> {
  expect((await http.ask('GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
}

/** Asks until it is answered so. */
async function answered(http: Http, path: string, status: number): Promise<Answer> {
  for (;;) {
    const answer = await http.ask('GET', path);
    if (answer.status === status) return answer;
  }
}

describe.skipIf(noPostgres)(titled('a server on PostgreSQL', noPostgres), () => {
  it.each(['stop', 'kill'] as const)(
    'while that is away (%s) says so, and is well again when it is back, without a restart',
    async (how) => {
      const database = await postgres();
      const server = await teamServer({ database: await database.databaseUrl() });
      const admin = await adminOf(server);
      const writers = load(server)(admin.token!);
      const running = writers.run();
      await writers.more(20);
      const pid = server.pid;
      onTestFinished(() => database.restart());
      await database[how]();
      await writers.until(() => writers.last.every(isAway));
      for (const { headers, body } of writers.last as Answer[]) {
        expect(headers['content-type']).toMatch(/^application\/problem\+json/);
        expect(body).toMatchObject({ status: 503, code: 'store_unreachable' });
        expect(body.detail).not.toMatch(/127\.0\.0\.1|canary|test_/);
      }
      expect(await answered(admin, '/v1/ready', 503)).toMatchObject({ headers: { 'retry-after': '1' } });
      expect((await admin.ask('GET', '/v1/health')).status).toBe(200);
      expect(await admin.ask('GET', secrets)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
      const box = sandbox();
      const env = { SECRETS_URL: server.url, SECRETS_TOKEN: admin.token };
      const told = await box.fails(5, ['list', '--project', 'web', '--timeout', '3'], { env });
      expect(told).toContain('the database of the server does not answer');
      await database.start();
      await answered(admin, '/v1/ready', 200);
      await writers.until(() => writers.last.every((answer) => answer?.status === 200));
      await writers.more(20);
      writers.stop();
      await running;
      expect(server.pid).toBe(pid);
      expect(writers.broken).toBe(0);
      await writers.expectAllThere(admin);
      await expectWhole(admin);
    },
  );

  describe('beside another on the same database', () => {
    async function two(): Promise<{ one: TeamServer; other: TeamServer; admin: Http }> {
      const database = await (await postgres()).databaseUrl();
      const one = await teamServer({ database });
      const admin = await adminOf(one);
      const env = { SECRETS_MASTER_KEY: one.env.SECRETS_MASTER_KEY! };
      return { one, admin, other: await teamServer({ database, env }) };
    }

    it('writes through both, and the chain is whole', async () => {
      const { one, other, admin } = await two();
      const writers = load(one, other)(admin.token!);
      const running = writers.run();
      await writers.more(200);
      writers.stop();
      await running;
      await writers.expectAllThere(other.http(admin.token));
      await expectWhole(admin);
      await expectWhole(other.http(admin.token));
    });

    it('goes on when the other dies in the middle of its writes', async () => {
      const { one, other, admin } = await two();
      const writers = load(one)(admin.token!);
      const dying = load(other)(admin.token!);
      const running = [writers.run(), dying.run()];
      await dying.more(30);
      await other.kill();
      dying.stop();
      await writers.more(30);
      writers.stop();
      await Promise.all(running);
      expect(writers.broken).toBe(0);
      await expectWhole(admin);
    });

    it('refuses what was taken back through the other, with the next request', async () => {
      const { one, other, admin } = await two();
      const create = { account: 'ci', ttl: 3600, ranges: [], grants: [readWeb] };
      const { body } = await admin.ask('POST', '/v1/tokens', create);
      const ci = other.http(other.canary(body.token as string));
      expect((await ci.ask('GET', `${environment}/names`)).status).toBe(200);
      const { body: listed } = await admin.ask('GET', '/v1/grants');
      await admin.ask('DELETE', `/v1/grants/${listed.grants[0].id}`);
      expect((await ci.ask('GET', `${environment}/names`)).status).toBe(404);
      await admin.ask('DELETE', `/v1/tokens/${body.id}`);
      expect((await ci.ask('GET', `${environment}/names`)).status).toBe(401);
      expect(one.pid).not.toBe(other.pid);
    });

    it('sees at once what was written through the other', async () => {
      const { one, other, admin } = await two();
      const [here, there] = [one.http(admin.token), other.http(admin.token)];
      for (let version = 1; version <= 20; version++) {
        const [writes, reads] = version % 2 ? [here, there] : [there, here];
        await writes.ask('PATCH', secrets, { changes: [{ name: 'A', value: `${version}` }] });
        const { body } = await reads.ask('GET', secrets);
        expect(body.secrets.A).toEqual({ value: `${version}`, version });
      }
    });

    it('makes one vault with it when both start at once on an empty one, and the newest code alone is good', async () => {
      const database = await postgres();
      const url = await database.databaseUrl();
      const free = await heldBack(url);
      const env = { SECRETS_MASTER_KEY: newKey() };
      const starting = Promise.all([1, 2].map(() => teamServer({ database: url, env })));
      const waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      await expect.poll(() => database.ask('postgres', waiting), { timeout: 20_000 }).toHaveLength(2);
      await free();
      const both = await starting;
      const tries = both.map(({ code }) =>
        both[0]!.http().ask('POST', '/v1/enrolments', { code, name: 'olga@example.com' }),
      );
      const answers = await Promise.all(tries);
      expect(statusesOf(answers)).toEqual([201, 401]);
      const { token } = answers.find(({ status }) => status === 201)!.body;
      for (const server of both) await expectWhole(server.http(server.canary(token as string)));
    });
  });
});

/** Keeps servers from making a vault: each has seen by then that there is none. */
async function heldBack(connectionString: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  onTestFinished(() => client.end());
  // The number that they take for it: `secrets` in ASCII.
  await client.query('SELECT pg_advisory_lock($1)', [String(0x73_65_63_72_65_74_73n)]);
  return async () => void (await client.query('SELECT pg_advisory_unlock_all()'));
}

const readWeb = { permission: 'read', project: 'web', environment: 'development', names: '*' };
