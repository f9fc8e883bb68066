import { describe, expect, it, onTestFinished } from 'vitest';
import { head, type Http, inFlight, statusesOf, untilEnd } from './harness/http.ts';
import { sandbox } from './harness/sandbox.ts';
import { type TeamServer, teamServer } from './harness/server.ts';
import { environment, secrets } from './harness/writers.ts';

interface Served {
  readonly server: TeamServer;
  readonly admin: Http;
}

/** A server with the projects `web` and `api`, each with a secret in each environment. */
async function served(): Promise<Served> {
  const server = await teamServer();
  const admin = await server.admin();
  for (const project of ['web', 'api']) {
    await admin.ask('POST', '/v1/projects', { name: project });
    for (const name of ['development', 'staging', 'production'])
      await admin.ask('PATCH', `/v1/projects/${project}/environments/${name}/secrets`, {
        changes: [{ name: 'A', value: server.canary(`canary-${project}-${name}`) }],
      });
  }
  return { server, admin };
}

/** A token of a service account that may read staging of `web`. */
async function account({ server, admin }: Served): Promise<{ http: Http; id: string }> {
  const grants = [{ permission: 'read', project: 'web', environment: 'staging', names: '*' }];
  const { body } = await admin.ask('POST', '/v1/tokens', { account: 'ci', ttl: 3600, ranges: [], grants });
  return { http: server.http(server.canary(body.token as string)), id: body.id as string };
}

async function invited({ server, admin }: Served, name: string, role = 'member'): Promise<Http> {
  const { body } = await admin.ask('POST', '/v1/invitations', { name, role });
  return server.http(await server.enrol(server.canary(body.code as string)));
}

describe('two admins', () => {
  it('write one secret at once: one is told who changed what, and can go on', async () => {
    const all = await served();
    const both = [all.admin, await invited(all, 'mira@example.com', 'admin')];
    for (let round = 0; round < 10; round++) {
      const { headers } = await all.admin.ask('GET', secrets);
      const match = { 'if-match': headers.etag! };
      const change = (i: number): object => ({ changes: [{ name: 'A', value: `${round}-${i}` }] });
      const answers = await Promise.all(both.map((http, i) => http.ask('PATCH', secrets, change(i), match)));
      expect(statusesOf(answers)).toEqual([200, 412]);
      const won = answers.findIndex(({ status }) => status === 200);
      const { body } = answers[1 - won]!;
      expect(body).toMatchObject({ status: 412, code: 'stale' });
      const who = ['olga@example.com', 'mira@example.com'][won]!;
      expect([body.detail, ...body.hints].join('\n')).toMatch(new RegExp(`${who}[^]*A|A[^]*${who}`));
      expect((await all.admin.ask('GET', secrets)).body.secrets.A).toEqual({
        value: `${round}-${won}`,
        version: round + 2,
      });
    }
  });
});

describe('an enrolment code', () => {
  const enrol = (http: Http, code: string) => http.ask('POST', '/v1/enrolments', { code });

  it('is good once, not when it is too old, and not when a newer one was made', async () => {
    const { server, admin } = await served();
    const invite = async (): Promise<string> => {
      const { body } = await admin.ask('POST', '/v1/invitations', { name: 'mira@example.com' });
      return server.canary(body.code as string);
    };
    const guest = server.http();
    const code = await invite();
    const replays = await Promise.all([1, 2, 3].map(() => enrol(guest, code)));
    expect(statusesOf(replays)).toEqual([201, 401, 401]);
    server.canary(replays.find(({ status }) => status === 201)!.body.token as string);
    const old = await invite();
    await server.sql("UPDATE enrolment_codes SET expires_at = '2026-01-31T00:00:00.000Z'");
    const refused = await enrol(guest, old);
    expect(refused).toMatchObject({ status: 401, body: { code: 'code_refused' } });
    const guessed = await enrol(guest, '7K2QM-XW9RT-0AB3C-HJ4ND');
    expect({ ...guessed.body, instance: '' }).toEqual({ ...refused.body, instance: '' });
  });

  it('cannot be guessed: after ten tries none is looked at, and a good one neither', async () => {
    const { server, admin } = await served();
    const { body } = await admin.ask('POST', '/v1/invitations', { name: 'mira@example.com' });
    const guest = server.http();
    const tries = Array.from({ length: 10 }, (_, i) => enrol(guest, `7K2QM-XW9RT-0AB3C-HJ4N${i}`));
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(tries.map(() => 401));
    for (const code of ['7K2QM-XW9RT-0AB3C-HJ4ND', server.canary(body.code as string)]) {
      const answer = await enrol(guest, code);
      expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await admin.ask('GET', '/v1/whoami')).status).toBe(200);
  });
});

describe('a token', () => {
  it('that is revoked while its request is on the way writes nothing', async () => {
    const all = await served();
    const mira = await invited(all, 'mira@example.com', 'admin');
    const body = JSON.stringify({ changes: [{ name: 'LATE', value: 'x' }] });
    const socket = await mira.socket();
    socket.write(
      head('PATCH', secrets, {
        authorization: `Bearer ${mira.token}`,
        'content-type': 'application/json',
        'content-length': `${body.length}`,
        connection: 'close',
      }) + body.slice(0, 10),
    );
    await expect.poll(() => inFlight(all.admin), { timeout: 10_000 }).toBe(2);
    expect((await all.admin.ask('DELETE', '/v1/principals/mira@example.com')).status).toBe(204);
    const answer = untilEnd(socket);
    socket.write(body.slice(10));
    expect(await answer).toMatch(/^HTTP\/1\.1 401 /);
    expect((await all.admin.ask('GET', secrets)).body.secrets).not.toHaveProperty('LATE');
  });

  it('cannot be guessed: after ten failures of one prefix none of it is looked at', async () => {
    const { server, admin } = await served();
    const forged = `${admin.token!.slice(0, 8)}${'A'.repeat(43)}`;
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) statuses.push((await server.http(forged).ask('GET', '/v1/whoami')).status);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect(statuses.at(-1)).toBe(429);
    expect((await admin.ask('GET', '/v1/whoami')).status).toBe(200);
  });
});

describe('who may not see a project', () => {
  it('is told the same of it as of one that is not there', async () => {
    const all = await served();
    const { http } = await account(all);
    const [{ id }] = (await all.server.sql("SELECT id FROM projects WHERE name = 'api'")) as [{ id: string }];
    const words = async (project: string, [method, path, body]: Asking): Promise<string> => {
      const { status, text } = await http.ask(method, path.replace('PROJECT', project), body);
      const { instance, ...rest } = JSON.parse(text) as Record<string, unknown>;
      expect(instance).toMatch(/^urn:/);
      return `${status} ${JSON.stringify(rest).replaceAll(project, 'PROJECT')}`;
    };
    for (const asking of paths) {
      const there = await words('api', asking);
      expect(there, JSON.stringify(asking)).toMatch(asking[0] === 'GET' ? /^404 / : /^40[34] /);
      expect(await words('zzz', asking)).toBe(there);
      expect(await words(id, asking)).toBe(there);
    }
    expect((await http.ask('GET', '/v1/projects')).body.projects).toMatchObject([
      { name: 'web', environments: ['staging'] },
    ]);
  });

  it('gets nowhere by a path that is written otherwise', async () => {
    const { http } = await account(await served());
    for (const path of tricks) {
      const answer = await http.ask('GET', path);
      expect(answer, path).toMatchObject({ status: 404, body: { code: 'not_found' } });
      expect(answer.text).not.toContain('canary');
    }
    const own = await http.ask('GET', '/v1/projects/web/environments/staging/secrets');
    expect(own.body.secrets.A.value).toBe('canary-web-staging');
  });
});

type Asking = readonly [method: string, path: string, body?: object];
const of = '/v1/projects/PROJECT';
const paths: readonly Asking[] = [
  ['GET', `${of}/environments`],
  ['GET', `${of}/environments/staging/secrets`],
  ['GET', `${of}/environments/staging/secrets?names=A`],
  ['GET', `${of}/environments/staging/names`],
  ['GET', `${of}/environments/staging/secrets/A/versions`],
  ['GET', `${of}/environments/staging/secrets/A/versions/1`],
  ['POST', `${of}/environments/staging/secrets/read`, { names: ['A'] }],
  ['PATCH', `${of}/environments/staging/secrets`, { changes: [{ name: 'A', value: 'x' }] }],
  ['POST', `${of}/environments/staging/secrets/delete`, { names: ['A'] }],
  ['POST', `${of}/environments/staging/copy`, { to: 'production' }],
  ['POST', `${of}/environments/staging/compare`, { to: 'production' }],
  ['POST', `${of}/environments`, { name: 'more' }],
  ['PATCH', `${of}/environments/staging`, { name: 'more' }],
  ['DELETE', `${of}/environments/staging`],
  ['PATCH', of, { name: 'more' }],
  ['DELETE', of],
];

const tricks = [
  '/v1/projects/web/environments/staging/../../../api/environments/staging/secrets',
  '/v1/projects/web/../api/environments/staging/secrets',
  '/v1/projects/%2e%2e/api/environments/staging/secrets',
  '/v1/projects/web%2f..%2fapi/environments/staging/secrets',
  '/v1/projects/web/environments/staging%2f..%2fproduction/secrets',
  '/v1/projects/web/environments/%2e%2e%2fproduction/secrets',
  '/v1/projects/api%00/environments/staging/secrets',
  '/v1/projects/web%00api/environments/staging/secrets',
  '/v1/projects//api/environments/staging/secrets',
  '//v1/projects/api/environments/staging/secrets',
  '/v1/projects/%D0%B0pi/environments/staging/secrets',
  '/v1/projects/%EF%BD%81%EF%BD%90%EF%BD%89/environments/staging/secrets',
  '/v1/projects/API/environments/staging/secrets',
  '/v1/projects/api/environments/staging/secrets',
  '/v1/projects/web/environments/production/secrets',
  '/v1/projects/*/environments/staging/secrets',
];

describe('a body', () => {
  it('that is no request of ours is refused in words that do not repeat it, and nothing is written', async () => {
    const { admin } = await served();
    const before = (await admin.ask('GET', secrets)).text;
    for (const [what, body, status] of badBodies) {
      const answer = await admin.ask('PATCH', secrets, body);
      expect(answer.status, what).toBe(status);
      expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(answer.text).not.toContain('canary');
    }
    expect((await admin.ask('GET', secrets)).text).toBe(before);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['with its length', { 'content-length': '104857600' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('of 100 MB, %s, is cut off', async (_, how) => {
    const { admin } = await served();
    const authorization = `Bearer ${admin.token}`;
    const socket = await admin.socket();
    const answer = untilEnd(socket);
    socket.write(head('PATCH', secrets, { authorization, 'content-type': 'application/json', ...how }));
    const mebibyte = Buffer.alloc(1024 * 1024, ' ');
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), mebibyte, Buffer.from('\r\n')]);
    for (let sent = 0; sent < 100 && !socket.destroyed; sent++)
      await new Promise((done) => socket.write('content-length' in how ? mebibyte : chunk, done));
    expect(await answer).toMatch(/^(HTTP\/1\.1 413 [^]*)?$/);
    expect((await admin.ask('GET', secrets)).body.revision).toBe(1);
  });
});

const badBodies: readonly [what: string, body: string | Buffer, status: number][] = [
  ['nested deeply', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
  ['a field twice', '{"changes":[{"name":"A","value":"canary","value":"y"}]}', 400],
  ['__proto__', '{"changes":[],"__proto__":{"polluted":"canary"}}', 400],
  ['constructor', '{"changes":[],"constructor":{"prototype":{"polluted":"canary"}}}', 400],
  ['a number for a value', '{"changes":[{"name":"A","value":7}]}', 422],
  ['a list for a value', '{"changes":[{"name":"A","value":["canary"]}]}', 422],
  ['an object for the list', '{"changes":{"name":"A","value":"canary"}}', 422],
  ['a list for the whole', '["canary"]', 422],
  ['an unknown field', '{"changes":[],"canary":true}', 422],
  ['invalid UTF-8', Buffer.from([...Buffer.from('{"changes":[{"name":"A","value":"'), 0xc3, 0x28]), 400],
  ['half of it', '{"changes":[{"name":"A","value":"canary', 400],
  ['nothing', '', 400],
];

describe('the log and the trail', () => {
  it('take names and user agents as text, whatever is in them', async () => {
    const { server, admin } = await served();
    const forged = '{"level":"info","actor":"forged"}';
    const told = encodeURIComponent(`x\n${forged}\r\n\u001b[31mred\u202e`);
    const headers = {
      'user-agent': `x ${forged} \u009b31m`,
      'secrets-client-host': told,
      'secrets-client-program': told,
      'x-forwarded-for': `203.0.113.9, ${forged}`,
      referer: forged,
    };
    await admin.ask('GET', `${environment}/secrets`, undefined, headers);
    const encoded = encodeURIComponent(`A\n${forged}`);
    for (const path of [
      `/v1/projects/${encoded}/environments`,
      `/v1/audit?secret=${server.canary('canary_in_query')}`,
    ])
      await admin.ask('GET', path, undefined, headers);
    for (const path of ['/v1/invitations', '/v1/projects'])
      expect((await admin.ask('POST', path, { name: `x\n${forged}` }, headers)).status).toBe(422);
    await server.logHas('/v1/health');
    const since = server.told.slice(server.told.indexOf('listening on ')).trim().split('\n').slice(1);
    const lines = since.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(new Set(lines.map(({ message }) => message))).toEqual(new Set(['request']));
    expect(lines.filter((line) => 'actor' in line || line.address !== '127.0.0.1')).toEqual([]);
    // eslint-disable-next-line no-control-regex -- that is what may not be there
    expect(server.told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const box = sandbox({ SECRETS_URL: server.url, SECRETS_TOKEN: admin.token });
    const events = await box.json<unknown[]>(['audit', '--limit', '1000']);
    const table = await box.ok(['audit', '--limit', '1000']);
    // To read it is an event, too.
    expect(table.trim().split('\n')).toHaveLength(events.length + 1);
    // eslint-disable-next-line no-control-regex -- the same
    expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const jsonl = (await box.ok(['audit', '--jsonl'])).trim().split('\n');
    expect(jsonl).toHaveLength(events.length + 2);
    for (const line of jsonl) expect(JSON.parse(line)).not.toHaveProperty('level');
  });
});

describe('a client that sends one byte a second', () => {
  it('is cut off in its headers and in its body, and others are served meanwhile', async () => {
    const { admin } = await served();
    const authorization = `Bearer ${admin.token}`;
    const open = head('PATCH', secrets, {
      authorization,
      'content-type': 'application/json',
      'content-length': '900',
    });
    const starts = [`${open.slice(0, -2)}x-slow: `, open];
    const answers = starts.map(async (start) => {
      const socket = await admin.socket();
      socket.write(start);
      const drip = setInterval(() => socket.write(' '), 1000);
      onTestFinished(() => clearInterval(drip));
      return untilEnd(socket);
    });
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect((await admin.ask('GET', secrets)).body.revision).toBe(1);
  });
});

describe('a row of the database', () => {
  it('that was copied onto another name does not open, and what is beside it does', async () => {
    const { server, admin } = await served();
    const changes = ['B', 'C'].map((name) => ({ name, value: server.canary(`canary-${name}`) }));
    await admin.ask('PATCH', secrets, { changes });
    await server.sql(
      "UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE name = 'B') WHERE name = 'C'",
    );
    await server.sql('DELETE FROM snapshots');
    for (const path of [secrets, `${secrets}?names=C`, `${secrets}/C/versions/1`]) {
      const answer = await admin.ask('GET', path);
      expect(answer, path).toMatchObject({ status: 500, body: { code: 'vault_damaged' } });
      expect(answer.text).not.toContain('canary');
    }
    expect((await admin.ask('GET', `${secrets}?names=A,B`)).body.secrets.B.value).toBe('canary-B');
    const other = '/v1/projects/web/environments/staging/secrets';
    expect((await admin.ask('GET', other)).status).toBe(200);
    await admin.ask('PATCH', secrets, { changes: [{ name: 'C', value: 'mended' }] });
    expect((await admin.ask('GET', secrets)).body.secrets.C.value).toBe('mended');
  });
});
