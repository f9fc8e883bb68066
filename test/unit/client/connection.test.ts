import { describe, expect, it } from 'vitest';
import { SecretsError } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';
import { answering, connection, problem } from './server.ts';

const get = { method: 'GET', path: '/v1/whoami' } as const;
const post = { method: 'POST', path: '/v1/projects', body: { name: 'web' } } as const;

/** The error of a call that must fail. */
async function failure(work: Promise<unknown>): Promise<SecretsError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SecretsError);
  return error as SecretsError;
}

describe('a request', () => {
  it('carries the token and what is told of the client, in ASCII and cut', async () => {
    const server = await answering(() => ({}));
    const token = new Secret('sct_told');
    const told = { token, host: 'größe\n', program: 'é'.repeat(200) };
    await connection(server.origin, told).exchange(get);
    expect(server.asked[0]!.headers).toMatchObject({
      authorization: 'Bearer sct_told',
      'secrets-client-host': 'gr%C3%B6%C3%9Fe%0A',
    });
    const program = String(server.asked[0]!.headers['secrets-client-program']);
    expect(program.length).toBeLessThanOrEqual(200);
    expect(decodeURIComponent(program.replace(/%C3$/, ''))).toMatch(/^é+$/);
  });
});

describe('redirects', () => {
  it('of a GET within the origin are followed', async () => {
    const server = await answering((_, __, nth) =>
      nth <= 3 ? { status: 302, headers: { location: `/moved/${nth}` } } : {},
    );
    await connection(server.origin).exchange(get);
    expect(server.asked.map(({ line }) => line)).toEqual([
      'GET /v1/whoami',
      'GET /moved/1',
      'GET /moved/2',
      'GET /moved/3',
    ]);
  });

  it('that do not end are left', async () => {
    const server = await answering(() => ({ status: 302, headers: { location: '/' } }));
    expect(await failure(connection(server.origin).exchange(get))).toMatchObject({ code: 'failed' });
    expect(server.asked.length).toBe(4);
  });

  it('to another origin are refused, and the token never gets there', async () => {
    const other = await answering(() => ({}));
    const server = await answering(() => ({
      status: 307,
      headers: { location: `${other.origin}/v1/whoami` },
    }));
    const error = await failure(connection(server.origin, { token: new Secret('sct_x') }).exchange(get));
    expect(error.message).toContain(other.origin);
    expect(error.hints.join()).toContain(`secrets login ${other.origin}`);
    expect(other.asked).toEqual([]);
  });

  it('of a write are refused', async () => {
    const server = await answering(() => ({ status: 307, headers: { location: '/elsewhere' } }));
    expect(await failure(connection(server.origin).exchange(post))).toMatchObject({ code: 'failed' });
    expect(server.asked.length).toBe(1);
  });
});

describe('what a server tells', () => {
  it('in a problem document is the error, on one line and cut', async () => {
    const hints = ['run \u001b[2Jthis', 7, 'x'.repeat(2000), ...Array.from({ length: 20 }, () => 'more')];
    const server = await answering(() => problem(404, 'not_found', { detail: 'no\n\u202esecret', hints }));
    const error = await failure(connection(server.origin).exchange(get));
    expect(error).toMatchObject({ code: 'not_found', message: 'no\\u{a}\\u{202e}secret' });
    expect(error.hints[0]).toBe('run \\u{1b}[2Jthis');
    expect(error.hints[1]!.length).toBeLessThan(700);
    expect(error.hints.length).toBe(8);
  });

  it.each([
    ['a code that is not ours', problem(404, 'nonsense')],
    ['a code of Object', problem(404, 'constructor')],
    ['a code that belongs to another status', problem(404, 'forbidden')],
    ['a code of run', problem(500, 'run_not_found')],
    ['no detail', problem(404, 'not_found', { detail: 7 })],
    ['a page', { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404</h1>' }],
    ['half a document', { status: 404, headers: { 'content-type': 'application/problem+json' }, body: '{' }],
  ])('with %s is not from a server of ours', async (_, reply) => {
    const server = await answering(() => reply);
    const error = await failure(connection(server.origin).exchange(get));
    expect(error.code).toBe('failed');
    expect(error.message).toContain('answers, but is not a secrets server');
  });

  it.each([502, 504])('by status %d alone is that it is not there', async (status) => {
    const server = await answering(() => ({ status, headers: { 'content-type': 'text/html' }, body: '' }));
    const error = await failure(connection(server.origin).exchange(get));
    expect(error.code).toBe('server_unreachable');
  });

  it('that is not HTTP is told as such', async () => {
    const { createServer } = await import('node:net');
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const error = await failure(connection(`http://127.0.0.1:${port}`).exchange(get));
    server.close();
    expect(error.message).toContain('is not a secrets server (what it says is not HTTP)');
  });
});

describe('an answer', () => {
  it('over 64 MiB is not read to its end', async () => {
    const server = await answering(() => ({ body: Buffer.alloc(65 * 1024 * 1024, 0x20) }));
    expect(await failure(connection(server.origin).exchange(get))).toMatchObject({ code: 'too_large' });
  });

  it('that never comes ends at the deadline, after one request', async () => {
    const server = await answering(() => 'never');
    const error = await failure(connection(server.origin, { timeout: 0.2 }).exchange(get));
    expect(error).toMatchObject({ code: 'server_unreachable' });
    expect(error.message).toContain('did not answer within 0.2 s');
    expect(server.asked.length).toBe(1);
  });

  it('that is cut off in the middle is an error', async () => {
    const server = await answering(() => ({ headers: { 'content-length': '100' }, body: 'short' }));
    const error = await failure(connection(server.origin, { timeout: 0.5 }).exchange(get));
    expect(error.code).toBe('server_unreachable');
  });
});
