import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { withLock } from '../../../src/files/lock.ts';
import { tempFolder } from '../temp-folder.ts';

const child = new URL('lock-child.mts', import.meta.url).pathname;
// Node reads TypeScript as it is, and says that it had to look twice.
const flags = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'];
const nonce = '0123456789abcdef01234567';

let folder: string;
let lock: string;
let counter: string;

beforeEach(() => {
  folder = tempFolder();
  lock = join(folder, 'locks/a');
  counter = join(folder, 'counter');
  mkdirSync(join(folder, 'locks'));
  writeFileSync(counter, '0');
});

const holderFile = (): string => readFileSync(lock, 'latin1');
const left = (): string[] => readdirSync(join(folder, 'locks'));
const deadPid = (): number => spawnSync('true').pid;

/** A process that adds to the counter so many times, and how it ends. */
async function adding(rounds: number, end = ''): Promise<unknown> {
  const process_ = spawn(process.execPath, [...flags, child, lock, counter, String(rounds), end], {
    stdio: 'inherit',
  });
  const [status, signal] = (await once(process_, 'exit')) as [number | null, string | null];
  return status ?? signal;
}

describe('a lock', () => {
  it('is there while the work is done, and names its holder; then nothing is', () => {
    const answer = withLock(lock, () => {
      expect(holderFile()).toMatch(new RegExp(`^${process.pid}-[0-9a-f]{24}$`));
      return 7;
    });
    expect(answer).toBe(7);
    expect(left()).toEqual([]);
  });

  it('is given back when the work throws', () => {
    const stop = new Error('stop');
    expect(() =>
      withLock(lock, () => {
        throw stop;
      }),
    ).toThrow(stop);
    expect(left()).toEqual([]);
  });

  it('makes its folder', () => {
    expect(withLock(join(folder, 'deep/er/lock'), () => 1)).toBe(1);
  });

  it('lets one process work at a time', async () => {
    expect(await Promise.all(Array.from({ length: 6 }, () => adding(20)))).toEqual(Array(6).fill(0));
    expect(readFileSync(counter, 'utf8')).toBe('120');
    expect(left()).toEqual([]);
  });
});

describe('a lock whose holder was killed', () => {
  it('is taken over, by one process at a time', async () => {
    const ends = await Promise.all(Array.from({ length: 8 }, (_, i) => adding(10, i < 5 ? 'killed' : '')));
    expect(ends).toEqual([...Array<string>(5).fill('SIGKILL'), 0, 0, 0]);
    expect(readFileSync(counter, 'utf8')).toBe('80');
    withLock(lock, () => {});
    expect(left()).toEqual([]);
  });

  it('is taken over by one of many that find it', async () => {
    writeFileSync(lock, `${deadPid()}-${nonce}`);
    await Promise.all(Array.from({ length: 8 }, () => adding(3)));
    expect(readFileSync(counter, 'utf8')).toBe('24');
    expect(left()).toEqual([]);
  });

  it('is taken over where whoever took it over was killed as well', () => {
    const [holder, taker] = [`${deadPid()}-${nonce}`, `${deadPid()}-${'f'.repeat(24)}`];
    writeFileSync(lock, holder);
    writeFileSync(`${lock}.${holder}.claim`, taker);
    writeFileSync(`${lock}.${taker}`, taker);
    expect(withLock(lock, () => 1)).toBe(1);
    expect(left()).toEqual([]);
  });

  it('is taken over by a process that has its number now, as in a container that was started again', () => {
    writeFileSync(lock, `${process.pid}-${nonce}`);
    expect(withLock(lock, () => 1)).toBe(1);
  });
});

describe('a lock whose holder lives', () => {
  it('is waited for 10 s, then told as a conflict, with the process that holds it', async () => {
    const holder = spawn(process.execPath, [...flags, child, lock, counter, '0', 'holding']);
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const start = Date.now();
    expect(() => withLock(lock, () => 1)).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: `process ${holder.pid} has held "${lock}" for 10 s`,
      }),
    );
    expect(Date.now() - start).toBeGreaterThan(9_900);
    expect(left()).toEqual(['a']);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(withLock(lock, () => 1)).toBe(1);
  });
});

it('a lock that cannot be made is an error that names it', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => withLock(join(folder, 'file/lock'), () => 1)).toThrow(
    expect.objectContaining({ code: 'failed', message: expect.stringContaining('file/lock') as string }),
  );
});
