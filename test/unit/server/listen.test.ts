import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '../../../src/secret.ts';
import { listen, type Listening, type ListenOptions } from '../../../src/server/listen.ts';
import { lackingPrograms, titled } from '../../e2e/harness/needs.ts';
import { tempFolder } from '../temp-folder.ts';
import { newCertificate } from './certificates.ts';
import { freshServer, type FreshServer, origin } from './fresh-server.ts';

const secrets = '/v1/projects/web/environments/development/secrets';
/** Short enough for a test; the limits themselves are what is tested, not how long they are. */
const impatient = { headers: 400, request: 600, answer: 300, idle: 60_000, drain: 500 };

async function listening(
  options: Partial<ListenOptions> = {},
): Promise<FreshServer & { server: Listening; port: number }> {
  const fresh = await freshServer();
  const server = await listen(fresh.app, { host: '127.0.0.1', port: 0, ...options });
  onTestFinished(() => server.drain());
  return { ...fresh, server, port: Number(new URL(server.url).port) };
}

/** Everything that comes until the other side ends. */
async function untilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part) => (text += part.toString('latin1')));
  socket.on('error', () => {});
  await once(socket, 'close');
  return text;
}

function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(text));
  return untilEnd(socket);
}

describe('a client', () => {
  it('that sends its headers a byte at a time is cut off', async () => {
    const { port, ask } = await listening({ patience: impatient });
    const socket = connect(port, '127.0.0.1');
    const drip = setInterval(() => socket.write('G'), 50);
    onTestFinished(() => clearInterval(drip));
    socket.write('GET /v1/health HTTP/1.1\r\nhost: x\r\nx-slow: ');
    expect(await untilEnd(socket)).toMatch(/^HTTP\/1\.1 408 /);
    expect((await ask('GET', '/v1/health')).status).toBe(200);
  });

  it('that sends its body a byte at a time is cut off, and nothing is written', async () => {
    const { port, ask, token } = await listening({ patience: impatient });
    const socket = connect(port, '127.0.0.1');
    const drip = setInterval(() => socket.write(' '), 50);
    onTestFinished(() => clearInterval(drip));
    const head = `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 5000`;
    socket.write(
      `PATCH ${secrets} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n{"changes":[{"name":"A","value":"x"}]`,
    );
    expect(await untilEnd(socket)).not.toMatch(/ 200 /);
    expect((await ask('GET', secrets)).body.revision).toBe(0);
  });

  it('that does not take its answer is cut off', async () => {
    const { port, ask, token, logged } = await listening({ patience: impatient });
    const changes = Array.from({ length: 400 }, (_, i) => ({ name: `A${i}`, value: 'x'.repeat(60_000) }));
    for (let i = 0; i < changes.length; i += 100)
      await ask('PATCH', secrets, { changes: changes.slice(i, i + 100) });
    const socket = connect(port, '127.0.0.1');
    socket.pause();
    socket.on('error', () => {});
    socket.write(`GET ${secrets} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
    await expect.poll(() => inFlight(port), { timeout: 10_000 }).toBe(1);
    let bytes = 0;
    socket.on('data', (part) => (bytes += part.length));
    socket.resume();
    await once(socket, 'close');
    expect(bytes).toBeLessThan(24_000_000);
    await expect
      .poll(() =>
        logged().filter(({ method, path, cut }) => method === 'GET' && path === secrets && cut === true),
      )
      .toMatchObject([{ method: 'GET' }]);
    await expect
      .poll(() => logged().some(({ path, cut }) => path === '/v1/metrics' && cut === undefined))
      .toBe(true);
  });

  it.each([
    ['headers over 16 KiB', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(17_000)}\r\n\r\n`, 431],
    ['no HTTP', 'canary\r\n\r\n', 400],
    ['a newline in a header', 'GET / HTTP/1.1\r\nhost: x\r\nx: a\nb: c\r\n\r\n', 400],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['no host', 'GET /v1/health HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
  ])('that sends %s is refused', async (_, text, status) => {
    const { port } = await listening();
    const answer = await raw(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).not.toContain('canary');
  });

  it.each([
    ['a coding that nobody knows', '/v1/whoami', 'xchunked', ''],
    ['a coding that nobody knows, and a path that cannot be read', '/v1/%zz', 'xchunked', ''],
    [
      'a coding that nobody knows, and a request behind it',
      '/v1/whoami',
      'xchunked',
      'GET /v1/health HTTP/1.1',
    ],
    ['a chunk that is none, where it was refused already', '/v1/whoami', 'chunked', 'zz'],
  ])('that sends %s gets one answer', async (_, path, coding, rest) => {
    const { port } = await listening();
    const head = `GET ${path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: ${coding}`;
    const answer = await raw(port, `${head}\r\n\r\n${rest}\r\n\r\n`);
    expect(answer.match(/HTTP\/1\.1 4/g)).toHaveLength(1);
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  });

  it('that is one too many is closed, and another one is taken when there is room', async () => {
    const { port } = await listening({ connections: 2 });
    const [first, second] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    for (const socket of [first, second]) {
      socket.write('GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n');
      await once(socket, 'data');
    }
    expect(await untilEnd(connect(port, '127.0.0.1'))).toBe('');
    first.destroy();
    await expect.poll(() => get(port, '/v1/health').catch(() => undefined)).toMatchObject({ status: 200 });
    second.destroy();
  });

  it.each([
    '/v1/projects/api/../web/environments/development/secrets',
    '/v1/projects/api/%2e%2e/web/environments/development/secrets',
    '/../v1/projects/web/environments/development/secrets',
    '//v1/projects/web/environments/development/secrets',
    '/./v1/projects/web/environments/development/secrets',
    '/v1/projects/web/environments/production/../development/secrets',
    '/v1/projects/web\\environments/development/secrets',
    '/v1/projects/web;x/environments/development/secrets',
  ])('reaches nothing by %s', async (path) => {
    const { port, ask, token } = await listening();
    await ask('PATCH', secrets, { changes: [{ name: 'A', value: 'canary-value' }] });
    const text = `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`;
    const answer = await raw(port, text);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain('canary-value');
  });

  it('that sends 100 MB gets its answer before it has sent them', async () => {
    const { port, token } = await listening();
    const socket = connect(port, '127.0.0.1');
    const head = `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 104857600`;
    socket.write(`PATCH ${secrets} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n{`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });
});

describe('a server that is to end', () => {
  it('finishes what runs, takes nothing more, and closes what is idle', async () => {
    const { port, server, token, vault } = await listening();
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    const socket = connect(port, '127.0.0.1');
    const body = '{"changes":[{"name":"A","value":"x"}]}';
    const head = `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    socket.write(`PATCH ${secrets} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n${body.slice(0, 5)}`);
    await expect.poll(() => inFlight(port)).toBe(2);
    const drained = server.drain();
    await once(idle, 'close');
    await expect(get(port, '/v1/health')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    socket.write(body.slice(5));
    const answer = await untilEnd(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    await drained;
    expect(
      (await vault.withToken(new Secret(token), origin).list({ project: 'web', environment: 'development' }))
        .revision,
    ).toBe(1);
  });

  it('does not wait for ever for who is slow', async () => {
    const { port, server, token } = await listening({
      patience: { ...impatient, headers: 60_000, request: 60_000 },
    });
    const socket = connect(port, '127.0.0.1');
    const head = `authorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 5000`;
    socket.write(`PATCH ${secrets} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n{`);
    await expect.poll(() => inFlight(port)).toBe(2);
    const closed = untilEnd(socket);
    await server.drain();
    await closed;
  });
});

const openssl = lackingPrograms('openssl');

describe.skipIf(openssl)(titled('TLS', openssl), () => {
  it('takes another certificate, and keeps the one that it has when that is broken', async () => {
    const folder = tempFolder();
    const [one, two] = [newCertificate(folder, 'one'), newCertificate(folder, 'two')];
    const { server, port } = await listening({ tls: one });
    expect(server.url).toMatch(/^https:/);
    expect(await subjectAt(port)).toBe('one');
    server.reload(two);
    expect(await subjectAt(port)).toBe('two');
    const broken = [
      { cert: one.cert, key: two.key },
      { cert: 'x', key: one.key },
      { cert: '', key: '' },
    ];
    for (const pair of broken) {
      expect(() => server.reload(pair)).toThrow(/cannot be used together/);
      expect(await subjectAt(port)).toBe('two');
    }
  });

  it('older than 1.2 is refused, after a reload, too', async () => {
    const pair = newCertificate(tempFolder(), 'one');
    const { server, port } = await listening({ tls: pair });
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
    await expect(handshake(port, old)).rejects.toThrow(/./);
    server.reload(pair);
    await expect(handshake(port, old)).rejects.toThrow(/./);
    await expect(handshake(port, { maxVersion: 'TLSv1.2' })).resolves.toBeDefined();
  });

  it('with a broken pair does not start', async () => {
    const { app } = await freshServer();
    const started = listen(app, { host: '127.0.0.1', port: 0, tls: { cert: 'x', key: 'y' } });
    await expect(started).rejects.toMatchObject({ code: 'invalid' });
  });
});

it('an address that is taken is told', async () => {
  const { app, port } = await listening();
  await expect(listen(app, { host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'failed',
    message: `cannot listen on 127.0.0.1:${port}: it is in use`,
  });
});

function get(port: number, path: string): Promise<{ status: number; text: string }> {
  return new Promise((done, failed) => {
    const sent = httpRequest({ port, path, host: '127.0.0.1' }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => done({ status: answer.statusCode!, text }));
    });
    sent.on('error', failed);
    sent.end();
  });
}

/** Requests in flight, this one among them. */
async function inFlight(port: number): Promise<number> {
  const { text } = await get(port, '/v1/metrics');
  return Number(/secrets_http_requests_in_flight (\d+)/.exec(text)?.[1]);
}

async function handshake(port: number, options: object = {}): Promise<TLSSocket> {
  const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  await once(socket, 'secureConnect');
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function subjectAt(port: number): Promise<unknown> {
  return (await handshake(port)).getPeerCertificate().subject.CN;
}
