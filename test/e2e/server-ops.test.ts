import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { databases, noPostgres } from './harness/databases.ts';
import { lengthOf, moments, seed } from './harness/kill.ts';
import { head, type Http, inFlight, untilEnd } from './harness/http.ts';
import { lackingPrograms, titled } from './harness/needs.ts';
import { node, program, type Run, sandbox } from './harness/sandbox.ts';
import { newCertificate, newKeyFile, stoppedServer, type TeamServer, teamServer } from './harness/server.ts';
import { secrets, Writers } from './harness/writers.ts';

/** An admin with the project `web` and a secret in it. */
async function filled(server: TeamServer, ca?: string): Promise<Http> {
  const token = await server.enrol(server.code, 'olga@example.com');
  const admin = server.http(token, ca);
  await admin.ask('POST', '/v1/projects', { name: 'web' });
  const value = server.canary('canary-kept');
  await admin.ask('PATCH', secrets, { changes: [{ name: 'KEPT', value }] });
  return admin;
}

/** A command of `serve` beside the server, on its machine and with what it has. */
async function serve(server: TeamServer, args: readonly string[]): Promise<Run> {
  const { exitCode, stdout, stderr } = await serving(server, args).ended;
  return { status: exitCode ?? 128, stdout, stderr };
}

function serving(server: TeamServer, args: readonly string[]) {
  const options = { env: server.env, extendEnv: false, cwd: server.folder, reject: false } as const;
  const ended = execa(node, [program, 'serve', ...args], options);
  return { ended, kill: () => ended.kill('SIGKILL') };
}

/** What is waited for comes at once, unless the machine is busy. */
const patient = { timeout: 20_000 };
const done = { status: 0, stdout: '', stderr: '' };
const writersOf = (server: TeamServer, token: string): Writers =>
  new Writers([1, 2, 3, 4].map(() => server.http(token)));

/** What becomes of a new connection. */
async function connecting(server: TeamServer): Promise<string> {
  const [tried, { port }] = [new Socket(), new URL(server.url)];
  tried.connect(Number(port), '127.0.0.1');
  const outcome = await once(tried, 'connect').then(
    () => 'connected',
    (error: NodeJS.ErrnoException) => String(error.code),
  );
  tried.destroy();
  return outcome;
}

describe('told to end', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s, it finishes what runs, takes no more connections, and ends with 0',
    async (signal) => {
      const server = await teamServer();
      const admin = await filled(server);
      const body = '{"changes":[{"name":"LAST","value":"x"}]}';
      const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' };
      const socket = await admin.socket();
      socket.write(
        head('PATCH', secrets, { ...headers, 'content-length': `${body.length}` }) + body.slice(0, 9),
      );
      await expect.poll(() => inFlight(admin), patient).toBe(2);
      const ended = server.signal(signal);
      await expect.poll(() => connecting(server), patient).toBe('ECONNREFUSED');
      const answer = untilEnd(socket);
      socket.write(body.slice(9));
      expect(await answer).toMatch(/^HTTP\/1\.1 200 [^]*\r\nconnection: close\r\n/i);
      expect(await ended).toEqual({ status: 0, signal: null });
      await server.start();
      expect((await server.http(admin.token).ask('GET', secrets)).body.secrets.LAST.value).toBe('x');
    },
  );

  it('it does not wait for ever for who is slow', async () => {
    const server = await teamServer();
    const admin = await filled(server);
    const socket = await admin.socket();
    const headers = { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' };
    socket.write(head('PATCH', secrets, { ...headers, 'content-length': '900' }));
    const cut = untilEnd(socket);
    await expect.poll(() => inFlight(admin), patient).toBe(2);
    expect(await server.stop()).toEqual({ status: 0, signal: null });
    expect(await cut).toBe('');
  });

  it('under load, it loses nothing that it acknowledged', async () => {
    const server = await teamServer();
    const admin = await filled(server);
    const up = { again: async (): Promise<void> => undefined };
    const writers = new Writers(
      [1, 2, 3, 4].map(() => server.http(admin.token)),
      () => up.again(),
    );
    const running = writers.run();
    for (let i = 0; i < 5; i++) {
      await writers.more(30);
      const restarted = server.restart();
      up.again = () => restarted;
      await restarted;
    }
    writers.stop();
    await running;
    await writers.expectAllThere(admin);
    expect((await admin.ask('GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
  });
});

describe('an address', () => {
  it.each(['0.0.0.0:0', '[::]:0', 'localhost.example:0'])('%s without TLS is refused', async (listen) => {
    const box = sandbox();
    const told = await box.fails(2, ['serve', '--listen', listen]);
    expect(told).toContain('can be reached from elsewhere, so it needs TLS');
    expect(told).toMatch(/hint: .*--tls-cert FILE --tls-key FILE\n.*hint: .*--behind-proxy\n/);
    expect(box.files().filter((file) => file.includes('server.db'))).toEqual([]);
  });

  it('for all is taken behind a proxy, which tells where a request comes from', async () => {
    const server = await teamServer({ listen: '0.0.0.0:0', args: ['--behind-proxy'] });
    const admin = await filled(server);
    const from = (address: string): Record<string, string> => ({
      'x-forwarded-for': `198.51.100.1, ${address}`,
    });
    await admin.ask('GET', secrets, undefined, from('203.0.113.9'));
    expect((await admin.ask('GET', '/v1/audit?action=secrets.read')).body.events).toMatchObject([
      { origin: { address: '203.0.113.9' } },
    ]);
    expect((await server.http().ask('GET', '/v1/metrics', undefined, from('127.0.0.1'))).status).toBe(401);
  });
});

const openssl = lackingPrograms('openssl');

describe.skipIf(openssl)(titled('SIGHUP', openssl), () => {
  it('takes a new certificate, keeps the old one where that is broken, and breaks no connection', async () => {
    const box = sandbox();
    const tls = newCertificate(box.root, 'one');
    const next = newCertificate(box.root, 'two');
    const server = await teamServer({ tls });
    const ca = readFileSync(tls.cert, 'utf8');
    const guest = server.http(undefined, ca);
    expect((await guest.ask('GET', '/v1/health')).headers['strict-transport-security']).toMatch(/^max-age=/);
    const hangUp = async (told: string): Promise<void> => {
      process.kill(server.pid, 'SIGHUP');
      await expect.poll(() => server.told, patient).toContain(told);
    };
    writeFileSync(tls.cert, 'not a certificate');
    await hangUp('the certificate was not changed: ');
    expect(await subjectAt(server)).toBe('one');
    for (const file of ['cert', 'key'] as const) writeFileSync(tls[file], readFileSync(next[file]));
    await hangUp('took the certificate anew');
    expect(await subjectAt(server)).toBe('two');
    expect((await guest.ask('GET', '/v1/health')).status).toBe(200);
  });

  it('without a certificate does nothing', async () => {
    const server = await teamServer();
    process.kill(server.pid, 'SIGHUP');
    await server.logHas('/v1/health');
    expect(await server.stop()).toEqual({ status: 0, signal: null });
  });
});

async function subjectAt(server: TeamServer): Promise<unknown> {
  const { port, hostname: host } = new URL(server.url);
  const socket = tlsConnect({ port: Number(port), host, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}

describe.each(databases)('a backup of $kind', ({ kind, missing: ownMissing, make }) => {
  const missing = ownMissing ?? noPostgres;
  const other = databases.find((one) => one.kind !== kind)!;

  it.skipIf(missing)(
    titled(`under load is one moment of it, and is restored into ${other.kind}`, missing),
    async () => {
      const server = await teamServer({ database: await make() });
      const admin = await filled(server);
      const writers = writersOf(server, admin.token!);
      const running = writers.run();
      await writers.more(20);
      const before = writers.acknowledged;
      const file = join(server.folder, 'backup.db');
      expect(await serve(server, ['backup', file])).toEqual(done);
      await writers.more(20);
      writers.stop();
      await running;
      expect(sandbox().mode(file)).toBe('600');
      expect(readFileSync(file).includes('canary-kept')).toBe(false);
      expect((await serve(server, ['backup', file])).status).toBe(6);

      const env = { SECRETS_MASTER_KEY: server.env.SECRETS_MASTER_KEY! };
      const copy = stoppedServer({ database: await other.make(), env });
      expect(await serve(copy, ['restore', file])).toEqual(done);
      expect((await serve(copy, ['restore', file])).status).toBe(6);
      await copy.start();
      const there = copy.http(admin.token);
      expect((await there.ask('GET', secrets)).body.secrets.KEPT.value).toBe('canary-kept');
      expect((await there.ask('GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
      await writers.expectSome(there, before);
    },
  );
});

describe.each(databases)('rekey on $kind', ({ missing, make }) => {
  it.skipIf(missing)(titled('goes on while requests run, and ends the old key', missing), async () => {
    const box = sandbox();
    const [old, next] = [newKeyFile(box.root, 'old.key'), newKeyFile(box.root, 'new.key')];
    const server = await teamServer({ database: await make(), keys: [old] });
    const admin = await filled(server);
    await server.restart([old, next]);
    const writers = writersOf(server, admin.token!);
    const running = writers.run();
    await writers.more(20);
    expect(await serve(server, ['rekey', '--master-key', old, '--new-master-key', next])).toEqual(done);
    await writers.more(20);
    writers.stop();
    await running;
    expect(new Set(writers.last.map((answer) => answer?.status))).toEqual(new Set([200]));
    await writers.expectAllThere(admin);
    await server.stop();
    await expect(server.start([old])).rejects.toThrow(
      /secrets: error: none of these is the master key of this vault/,
    );
    await server.start([next]);
    expect((await admin.ask('GET', secrets)).body.secrets.KEPT.value).toBe('canary-kept');
    expect((await admin.ask('GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
  });
});

describe(`rekey that is killed in the middle (seed ${seed})`, () => {
  it('leaves the vault under one of the keys, and the next one ends it', async () => {
    const box = sandbox();
    const keys = [newKeyFile(box.root, 'one.key'), newKeyFile(box.root, 'other.key')];
    const server = await teamServer({ keys: [keys[0]!] });
    const admin = await filled(server);
    for (let i = 0; i < 40; i++) await admin.ask('POST', '/v1/projects', { name: `project-${i}` });
    await server.stop();
    const places = keys.flatMap((key) => ['--master-key', key]);
    let round = 0;
    const rekey = (): string[] => ['rekey', ...places, '--new-master-key', keys[round % 2]!];
    const length = await lengthOf(() => (round++, serve(server, rekey())));
    for (const moment of moments(length, 12)) {
      round++;
      const { kill, ended } = serving(server, rekey());
      const timer = setTimeout(kill, moment);
      await ended;
      clearTimeout(timer);
      // 6: what was killed had done it.
      const { status, stderr } = await serve(server, rekey());
      expect([0, 6], stderr).toContain(status);
      expect((await serve(server, rekey())).status).toBe(6);
    }
    await server.start([keys[round % 2]!]);
    expect((await admin.ask('GET', secrets)).body.secrets.KEPT.value).toBe('canary-kept');
    expect((await admin.ask('GET', '/v1/projects')).body.projects).toHaveLength(41);
    expect((await admin.ask('GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
  });
});

describe('a master key', () => {
  it('is needed, and is taken from a command, too', async () => {
    const box = sandbox();
    const file = newKeyFile(box.root, 'master.key').replace('file:', '');
    expect(await box.fails(4, ['serve', '--listen', '127.0.0.1:0'])).toContain(
      'SECRETS_MASTER_KEY is not set',
    );
    const server = await teamServer({ keys: [`command:cat ${file}`] });
    const admin = await filled(server);
    await server.restart([`file:${file}`]);
    expect((await admin.ask('GET', secrets)).status).toBe(200);
    await server.stop();
    await expect(server.start(['env:SECRETS_MASTER_KEY'])).rejects.toThrow(/secrets: error: /);
    expect(existsSync(server.database)).toBe(true);
  });
});

describe('health, ready and metrics', () => {
  it('tell what they should, and no name of ours', async () => {
    const server = await teamServer();
    const admin = await filled(server);
    await admin.ask('GET', secrets);
    const guest = server.http();
    expect(await guest.ask('GET', '/v1/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await guest.ask('GET', '/v1/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    const { status, headers, text } = await guest.ask('GET', '/v1/metrics');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toMatch(
      /^secrets_http_requests_total\{method="GET",route="\/v1\/projects\/:project\/[^}]*",status="200"\} 1$/m,
    );
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toMatch(/KEPT|"web"|olga|sct_|canary/);
    const { body } = await guest.ask('GET', '/v1/openapi.json');
    expect(body.openapi).toMatch(/^3\.1/);
  });
});
