import { expect, it, onTestFinished, vi } from 'vitest';
import { trustedWith } from '../../../src/client/tls.ts';
import { answering, type Answering, certificate, connection, connectProxy, freePort } from './server.ts';

const get = { method: 'GET', path: '/v1/health' } as const;

async function secure(): Promise<{ server: Answering; ca: string[] }> {
  const own = certificate();
  return { server: await answering(() => ({}), own), ca: trustedWith(own.cert, own.file) };
}

it('a proxy is asked for a tunnel, and sees nothing else', async () => {
  const { server, ca } = await secure();
  const proxy = await connectProxy();
  await connection(server.origin, { ca, proxyEnv: { HTTPS_PROXY: proxy.url } }).exchange(get);
  expect(proxy.tunnels).toEqual([`localhost:${server.port}`]);
  expect(server.asked.length).toBe(1);
});

it('a host in NO_PROXY is asked without it', async () => {
  const { server, ca } = await secure();
  const proxy = await connectProxy();
  const proxyEnv = { HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost' };
  await connection(server.origin, { ca, proxyEnv }).exchange(get);
  expect(proxy.tunnels).toEqual([]);
  expect(server.asked.length).toBe(1);
});

it.each([undefined, '0'])('a certificate is checked behind a proxy, too, whatever %s says', async (off) => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', off);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { server } = await secure();
  const proxy = await connectProxy();
  const proxyEnv = { HTTPS_PROXY: proxy.url };
  await expect(connection(server.origin, { proxyEnv }).exchange(get)).rejects.toMatchObject({
    code: 'server_untrusted',
  });
  expect(proxy.tunnels).toEqual([`localhost:${server.port}`]);
  expect(server.asked).toEqual([]);
});

it('a proxy that is not there, or refuses, is an error without its password', async () => {
  const { server, ca } = await secure();
  const gone = `http://user:proxy-password@127.0.0.1:${await freePort()}`;
  const refusing = await answering(() => ({}));
  for (const HTTPS_PROXY of [gone, refusing.origin.replace('//', '//user:proxy-password@')]) {
    const error = connection(server.origin, { ca, proxyEnv: { HTTPS_PROXY }, timeout: 5 }).exchange(get);
    await expect(error).rejects.toMatchObject({ code: 'server_unreachable' });
    await expect(error).rejects.not.toThrow(/proxy-password/);
  }
  expect(server.asked).toEqual([]);
});
