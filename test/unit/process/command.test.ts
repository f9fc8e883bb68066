import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { outputOf } from '../../../src/process/command.ts';
import { tempFolder } from '../temp-folder.ts';

afterEach(() => vi.unstubAllEnvs());

const what = 'the command of the test';
const run = (line: string, seconds = 20): Promise<string> => outputOf(line, what, seconds);

describe('the output of a command', () => {
  it('is what it prints, byte for byte, through a shell', async () => {
    expect(await run(`printf 'a\\n\\303\\244'; echo "$((1 + 1))" | cat`)).toBe('a\nä2\n');
    expect(await run('true')).toBe('');
  });

  it('comes without a stdin, and without our own secrets', async () => {
    vi.stubEnv('SECRETS_TOKEN', 'canary-token');
    vi.stubEnv('SECRETS_MASTER_KEY', 'canary-key');
    vi.stubEnv('AWS_PROFILE', 'team');
    const told = await run('cat; env');
    expect(told).toContain('AWS_PROFILE=team');
    expect(told).not.toContain('canary');
  });

  it.each([
    ['a status', 'exit 3', 'ended with status 3'],
    ['no program of that name', 'exec 2>/dev/null; canary-none', 'ended with status 127'],
    ['a signal', 'kill -9 $$', 'ended with status none'],
    ['a failure after output', 'echo canary; exit 1', 'ended with status 1'],
  ])('that ends with %s is an error, which does not quote it', async (_, line, why) => {
    await expect(run(line)).rejects.toMatchObject({ code: 'failed', message: `${what} ${why}`, hints: [] });
  });

  it('may have 64 KiB, and no byte more', async () => {
    expect((await run('head -c 65536 /dev/zero')).length).toBe(65_536);
    await expect(run('head -c 65537 /dev/zero')).rejects.toThrow(`${what} printed more than 65536 bytes`);
    await expect(run('cat /dev/zero')).rejects.toThrow('printed more than');
  });

  it.each([
    ['waits', 'sleep 1000'],
    ['does not hear SIGTERM', `trap '' TERM HUP INT; while :; do sleep 1000; done`],
    ['left somebody behind who holds its output', 'sleep 1000 & exit 0'],
  ])('has a time, after which one that %s is ended', async (_, line) => {
    await expect(run(line, 0.2)).rejects.toMatchObject({
      code: 'failed',
      message: `${what} took longer than 0.2 s`,
    });
  });

  it('has that time where somebody in a session of their own holds its output, too', async () => {
    const there = join(tempFolder(), 'there');
    writeFileSync(there, '');
    const line = `setsid sh -c 'while [ -e ${there} ]; do sleep 0.1; done' & exit 0`;
    await expect(run(line, 0.2)).rejects.toThrow('took longer than 0.2 s');
  });

  it('is ended with all that it started', async () => {
    const file = join(tempFolder(), 'pid');
    await expect(run(`sleep 1000 & echo $! > ${file}; wait`, 2)).rejects.toThrow('took longer');
    const pid = Number(readFileSync(file, 'utf8'));
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
  });
});

/** A zombie that nobody has waited for yet has ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
