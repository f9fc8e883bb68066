import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Http } from './harness/http.ts';
import { node, program } from './harness/sandbox.ts';
import { newKey } from './harness/server.ts';

/** A server whose log goes where nothing can be taken from it; it answers when this resolves. */
async function serverLoggingTo(stderr: number, folder: string) {
  const port = await freePort();
  const env = { HOME: folder, PATH: process.env.PATH ?? '', SECRETS_MASTER_KEY: newKey() };
  const line = [program, 'serve', '--listen', `127.0.0.1:${port}`, '--database', join(folder, 'server.db')];
  const child = spawn(node, line, { env, cwd: folder, stdio: ['ignore', 'ignore', stderr] });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const http = new Http(`http://127.0.0.1:${port}`);
  onTestFinished(async () => {
    http.close();
    child.kill('SIGKILL');
    await ended;
  });
  const healthy = async (): Promise<void> => expect((await http.ask('GET', '/v1/health')).status).toBe(200);
  await vi.waitFor(healthy, { timeout: 20_000 });
  return { child, http, ended };
}

/** So many requests that their lines are more than any pipe and the server's own memory for them take. */
async function askMuch(http: Http): Promise<number> {
  for (let i = 0; i < 8000; i += 50) {
    const asked = Array.from({ length: 50 }, () => http.ask('GET', '/v1/health'));
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
  }
  const { text } = await http.ask('GET', '/v1/metrics');
  return Number(/^secrets_log_lines_dropped_total (\d+)$/m.exec(text)?.[1]);
}

describe('a server whose log', () => {
  it('nobody reads goes on, says what it dropped when somebody does, and ends when told to', async () => {
    const folder = tempFolder();
    const pipe = join(folder, 'log');
    execFileSync('mkfifo', [pipe]);
    const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    const writer = openSync(pipe, constants.O_WRONLY);
    onTestFinished(() => [reader, writer].forEach((fd) => closeSync(fd)));
    const { child, http, ended } = await serverLoggingTo(writer, folder);
    const dropped = await askMuch(http);
    expect(dropped).toBeGreaterThan(0);
    child.kill('SIGHUP');
    expect((await http.ask('GET', '/v1/ready')).status).toBe(200);
    let text = '';
    await vi.waitFor(() => expect((text += readFrom(reader))).toMatch(/"dropped":\d+/), { timeout: 10_000 });
    expect(text).toContain('listening on');
    expect(await askMuch(http)).toBeGreaterThan(dropped);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('is on a full disk goes on, and ends when told to', async () => {
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const { child, http, ended } = await serverLoggingTo(full, tempFolder());
    child.kill('SIGHUP');
    expect(await askMuch(http)).toBeGreaterThan(0);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});

function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What is there to be read now. */
function readFrom(fd: number): string {
  const part = Buffer.alloc(1024 * 1024);
  try {
    return part.toString('utf8', 0, readSync(fd, part));
  } catch {
    return '';
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
