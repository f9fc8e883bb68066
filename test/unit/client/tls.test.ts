import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { trustedWith } from '../../../src/client/tls.ts';
import { answering, certificate, connection, freePort } from './server.ts';
import { tempFolder } from '../temp-folder.ts';

const get = { method: 'GET', path: '/v1/health' } as const;

describe('a certificate', () => {
  it('that is self-signed is refused, with the cure; a CA file is one', async () => {
    const own = certificate();
    const server = await answering(() => ({}), own);
    await expect(connection(server.origin).exchange(get)).rejects.toMatchObject({
      code: 'server_untrusted',
      message: `the certificate of ${server.origin} is signed by itself alone`,
      hints: [expect.stringContaining('--ca-file FILE'), expect.any(String)],
    });
    expect(server.asked).toEqual([]);
    await connection(server.origin, { ca: trustedWith(own.cert, own.file) }).exchange(get);
    expect(server.asked.length).toBe(1);
  });

  it('is checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says', async () => {
    const server = await answering(() => ({}), certificate());
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    onTestFinished(() => void vi.unstubAllEnvs());
    await expect(connection(server.origin).exchange(get)).rejects.toMatchObject({
      code: 'server_untrusted',
    });
    expect(server.asked).toEqual([]);
  });

  it('of another self-signed server is no cure', async () => {
    const server = await answering(() => ({}), certificate());
    const ca = trustedWith(certificate().cert, 'other.pem');
    await expect(connection(server.origin, { ca }).exchange(get)).rejects.toMatchObject({
      code: 'server_untrusted',
    });
    expect(server.asked).toEqual([]);
  });

  it('for another host is refused', async () => {
    const own = certificate('elsewhere.example');
    const server = await answering(() => ({}), own);
    const ca = trustedWith(own.cert, own.file);
    await expect(connection(server.origin, { ca }).exchange(get)).rejects.toMatchObject({
      code: 'server_untrusted',
      message: expect.stringContaining('is for another host name') as string,
    });
  });

  it('that has expired is refused', async () => {
    const own = certificate('localhost', -1);
    const server = await answering(() => ({}), own);
    const ca = trustedWith(own.cert, own.file);
    await expect(connection(server.origin, { ca }).exchange(get)).rejects.toMatchObject({
      code: 'server_untrusted',
      message: expect.stringContaining('has expired') as string,
    });
  });
});

it('a server that does not speak TLS is told as such', async () => {
  const server = await answering(() => ({}));
  await expect(connection(`https://localhost:${server.port}`).exchange(get)).rejects.toMatchObject({
    code: 'server_unreachable',
    message: expect.stringContaining('does not speak TLS') as string,
  });
});

it('a port where nothing listens is told as such', async () => {
  await expect(connection(`https://localhost:${await freePort()}`).exchange(get)).rejects.toMatchObject({
    message: expect.stringContaining('nothing listens there') as string,
  });
});

describe('a CA file', () => {
  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['a key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['a damaged certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('that holds %s is refused', (_, text) => {
    const file = join(tempFolder(), 'ca.pem');
    writeFileSync(file, text);
    expect(() => trustedWith(text, file)).toThrow('does not hold certificates');
  });

  it('comes on top of the usual ones', () => {
    const own = certificate();
    const all = trustedWith(own.cert, own.file);
    expect(all.length).toBeGreaterThan(50);
    expect(all.at(-1)).toBe(own.cert.trim());
  });
});
