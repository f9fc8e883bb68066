import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/client/connection.ts';
import { retryAfter } from '../../../src/client/retry.ts';
import { answering, connection, freePort, problem } from './server.ts';

const get: Call = { method: 'GET', path: '/v1/whoami' };
const remove: Call = { method: 'DELETE', path: '/v1/tokens/t1' };
const post: Call = { method: 'POST', path: '/v1/projects', body: { name: 'web' } };
const write: Call = { method: 'PATCH', path: '/v1/x', body: {} };

const busy = (wait?: string) => ({
  ...problem(503, 'store_unreachable'),
  headers: { 'content-type': 'application/problem+json', ...(wait !== undefined && { 'retry-after': wait }) },
});

describe('a request is made again', () => {
  it.each([
    ['GET', get],
    ['DELETE', remove],
    ['PUT', { ...remove, method: 'PUT' as const }],
    ['POST that only reads', { ...post, repeatable: true }],
  ])('after a cut connection: %s', async (_, call) => {
    const server = await answering((_request, _body, nth) => (nth < 3 ? 'cut' : {}));
    await connection(server.origin).exchange(call);
    expect(server.asked.length).toBe(3);
  });

  it.each([
    ['GET', get],
    ['POST', post],
    ['PATCH', write],
  ])('after 503 and 429 with Retry-After: %s', async (_, call) => {
    const limited = {
      ...problem(429, 'rate_limited'),
      headers: { 'content-type': 'application/problem+json', 'retry-after': '0' },
    };
    const server = await answering((_request, _body, nth) => [busy('0'), limited][nth - 1] ?? {});
    await connection(server.origin).exchange(call);
    expect(server.asked.length).toBe(3);
  });

  it('after 503 without Retry-After only when it may be repeated', async () => {
    const reading = await answering((_request, _body, nth) => (nth === 1 ? busy() : {}));
    await connection(reading.origin).exchange(get);
    expect(reading.asked.length).toBe(2);
    const writing = await answering(() => busy());
    await expect(connection(writing.origin).exchange(post)).rejects.toMatchObject({
      code: 'store_unreachable',
    });
    expect(writing.asked.length).toBe(1);
  });

  it.each([
    ['POST', post],
    ['PATCH', write],
  ])('never after a cut connection where it writes: %s', async (_, call) => {
    const server = await answering(() => 'cut');
    await expect(connection(server.origin).exchange(call)).rejects.toMatchObject({
      code: 'server_unreachable',
    });
    expect(server.asked.length).toBe(1);
  });

  it('not for ever', async () => {
    const server = await answering(() => 'cut');
    await expect(connection(server.origin).exchange(get)).rejects.toMatchObject({
      code: 'server_unreachable',
    });
    expect(server.asked.length).toBe(4);
  });

  it('not when the wait that is asked for is longer than the deadline', async () => {
    const server = await answering(() => busy('60'));
    const error = connection(server.origin).exchange(get);
    await expect(error).rejects.toMatchObject({ code: 'store_unreachable', hints: ['try again in 60 s'] });
    expect(server.asked.length).toBe(1);
  });

  it('not where nothing listens, for longer than a moment', async () => {
    const port = await freePort();
    const error = connection(`http://127.0.0.1:${port}`).exchange(post);
    await expect(error).rejects.toMatchObject({ code: 'server_unreachable' });
  });

  it.each([400, 401, 403, 404, 409, 412, 500])('not after %d', async (status) => {
    const server = await answering(() => ({ status, body: '{}' }));
    await expect(connection(server.origin).exchange(get)).rejects.toThrow();
    expect(server.asked.length).toBe(1);
  });
});

it('what is gone after a lost answer may have been removed by it', async () => {
  const server = await answering((_request, _body, nth) => (nth === 1 ? 'cut' : problem(404, 'not_found')));
  const error = connection(server.origin).exchange(remove);
  await expect(error).rejects.toMatchObject({
    code: 'not_found',
    hints: [expect.stringContaining('which may have removed it')],
  });
});

describe('Retry-After', () => {
  it('is read as seconds and as a date', () => {
    expect(retryAfter('3')).toBe(3000);
    expect(retryAfter(new Date(0).toUTCString())).toBe(0);
    expect(retryAfter('soon')).toBeUndefined();
    expect(retryAfter(undefined)).toBeUndefined();
  });
});
