import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { answering, certificate, connection } from './server.ts';

const get = { method: 'GET', path: '/v1/whoami' } as const;
const post = { method: 'POST', path: '/v1/projects', body: { name: 'web' } } as const;

/** A server over TCP that says this to each request, and closes unless it is to hold the connection. */
async function saying(
  text: string,
  { hold = false } = {},
): Promise<{ address: string; times: () => number }> {
  let times = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => {
      times++;
      if (hold) socket.write(text);
      else socket.end(text);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, times: () => times };
}

const switching = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

it.each([
  ['that goes on in another protocol', switching, true],
  ['that does so and hangs up', switching, false],
  ['101 without the headers for it', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', true],
])('an answer %s is an error, at once', async (_, text, hold) => {
  const { address, times } = await saying(text, { hold });
  for (const call of [get, post]) {
    const error = connection(`http://${address}`).exchange(call);
    await expect(error).rejects.toMatchObject({ code: 'server_unreachable' });
    await expect(error).rejects.toThrow(`http://${address} wants to speak another protocol (101)`);
  }
  expect(times()).toBe(2);
});

it.each([
  ['before a word', ''],
  ['within the head', 'HTTP/1.1 200 OK\r\nContent-Ty'],
  ['after a word that is no answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ['within a body of known length', `${ok}Content-Length: 100\r\n\r\n{"name":`],
  ['within a chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n64\r\n{"name":`],
  ['before the last chunk', `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`],
])('a connection that ends %s is an error', async (_, text) => {
  const { address } = await saying(text);
  for (const call of [get, post]) {
    const error = connection(`http://${address}`, { timeout: 3 }).exchange(call);
    await expect(error).rejects.toMatchObject({ code: 'server_unreachable' });
    await expect(error).rejects.toThrow('the connection was cut off');
  }
});

it.each([
  ['hangs up', '', false],
  ['goes on in another protocol', switching, true],
  ['turns it down', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', false],
])('a proxy that %s instead of a tunnel is an error', async (_, text, hold) => {
  const proxy = await saying(text, { hold });
  const server = await answering(() => ({}), certificate());
  const proxyEnv = { HTTPS_PROXY: `http://${proxy.address}` };
  const error = connection(server.origin, { proxyEnv, timeout: 3 }).exchange(get);
  await expect(error).rejects.toMatchObject({ code: 'server_unreachable' });
  expect(proxy.times()).toBeGreaterThan(0);
  expect(server.asked).toEqual([]);
});
