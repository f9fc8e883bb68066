import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { teamServer } from './harness/server.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const wrong: Record<string, [text: string, told: string]> = {
  'another protocol': [
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
    'wants to speak another protocol (101)',
  ],
  nothing: ['', 'the connection was cut off'],
  'half an answer': [`${ok}Content-Length: 100\r\n\r\n{"rev`, 'the connection was cut off'],
  'half of its chunks': [`${ok}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`, 'the connection was cut off'],
};

/** Somebody with a token for a server that says this to each request, and hangs up. */
async function facing(text: string): Promise<Sandbox> {
  const { token } = await (await teamServer()).admin();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => socket.end(text));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return sandbox({ SECRETS_URL: `http://127.0.0.1:${port}`, SECRETS_TOKEN: token!, SECRETS_PROJECT: 'web' });
}

const runs = ['run', '--', 'touch', 'ran'];

describe.each(Object.entries(wrong))('a server that says %s', (_, [text, told]) => {
  it('is an error for every command, and nothing is done', async () => {
    const box = await facing(text);
    for (const [status, args] of [
      [5, ['pull']],
      [5, ['get', 'A']],
      [5, ['set', 'A=x']],
      [5, ['audit', 'verify']],
      [5, ['whoami']],
      [125, runs],
    ] as const)
      expect(await box.fails(status, args)).toContain(told);
    expect(box.exists('.env')).toBe(false);
    expect(box.exists('ran')).toBe(false);
  });
});

it('a process that has nothing left to wait for has not done what it was asked', async () => {
  const box = await facing('');
  const drains = resolve('test/fixtures/drains.cjs');
  expect(existsSync(drains)).toBe(true);
  const env = { NODE_OPTIONS: `--require=${drains}` };
  for (const [status, args] of [
    [1, ['pull']],
    [1, ['audit', 'verify']],
    [125, runs],
    [125, ['--timeout', '9', ...runs]],
  ] as const)
    expect((await box.run(args, { env })).status, args.join(' ')).toBe(status);
  expect(existsSync(join(box.project, 'ran'))).toBe(false);
});
