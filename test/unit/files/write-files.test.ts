import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeFile, writeFiles } from '../../../src/files/write.ts';
import { asOrdinaryUser } from '../ordinary-user.ts';
import { tempFolder } from '../temp-folder.ts';
import { missingForMounts, mounted } from './real-disks.ts';

const nobody = 65534;
const notRoot = process.geteuid?.() === 0 ? undefined : 'only root can give files away';
const noMounts = missingForMounts;
const because = (reason: string | undefined): string => (reason ? ` (skipped: ${reason})` : '');

let folder: string;

beforeEach(() => {
  folder = tempFolder();
});

const at = (name: string): string => join(folder, name);
const put = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};
const everything = (): Record<string, string> => {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  return Object.fromEntries(
    files.toSorted().map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
};

describe('several files', () => {
  it('are all written, each with its mode, and nothing else is left', () => {
    put('a', 'old');
    writeFiles([
      { path: at('a'), content: 'A' },
      { path: at('b/c'), content: Buffer.from('C'), mode: 0o644 },
    ]);
    expect(everything()).toEqual({ a: 'A', 'b/c': 'C' });
    expect([statSync(at('a')).mode & 0o777, statSync(at('b/c')).mode & 0o777]).toEqual([0o600, 0o644]);
  });

  it.each<[string, (path: string) => unknown]>([
    ['a folder', (path) => mkdirSync(path)],
    ['a FIFO', (path) => spawnSync('mkfifo', [path])],
  ])('are none of them written where one is %s', (_, make) => {
    for (const name of ['a', 'z']) put(name, 'old');
    make(at('m'));
    const files = ['a', 'm', 'new', 'z'].map((name) => ({ path: at(name), content: 'canary' }));
    expect(() => writeFiles(files)).toThrow(expect.objectContaining({ code: 'failed' }));
    expect(everything()).toEqual({ a: 'old', z: 'old' });
  });

  it('are none of them written where one has no folder and none is to be made', () => {
    put('a', 'old');
    const files = ['a', 'none/b'].map((name) => ({ path: at(name), content: 'canary', inFolder: true }));
    expect(() => writeFiles(files)).toThrow(
      expect.objectContaining({ code: 'invalid', hints: [`mkdir -p '${at('none')}'`] }),
    );
    expect(everything()).toEqual({ a: 'old' });
  });

  it('are none of them written where a fresh one is there by then', () => {
    put('a', 'old');
    put('b', 'old');
    const files = [
      { path: at('a'), content: 'new' },
      { path: at('b'), content: 'new', fresh: true },
    ];
    expect(() => writeFiles(files)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(everything()).toEqual({ a: 'old', b: 'old' });
  });

  it.skipIf(notRoot)(
    `are put back where a later one cannot be replaced, as they were${because(notRoot)}`,
    async () => {
      // In such a folder anybody makes files, and nobody replaces those of others.
      const sticky = tempFolder();
      chmodSync(sticky, 0o1777);
      writeFileSync(join(sticky, 'c'), 'of root', { mode: 0o644 });
      put('a', 'old');
      chmodSync(at('a'), 0o640);
      linkSync(at('a'), at('also-a'));
      const before = statSync(at('a'));
      await asOrdinaryUser(folder, () => {
        const paths = [at('a'), at('b'), join(sticky, 'c')];
        expect(() => writeFiles(paths.map((path) => ({ path, content: 'canary' })))).toThrow(
          expect.objectContaining({
            code: 'failed',
            message: `cannot write "${join(sticky, 'c')}": permission denied`,
          }),
        );
      });
      expect(everything()).toEqual({ a: 'old', 'also-a': 'old' });
      expect([statSync(at('a')).ino, statSync(at('a')).mode]).toEqual([before.ino, before.mode]);
      expect(readdirSync(sticky)).toEqual(['c']);
      expect(readFileSync(join(sticky, 'c'), 'utf8')).toBe('of root');
    },
  );

  it.skipIf(noMounts)(`are none of them written where the disk is full${because(noMounts)}`, () => {
    mkdirSync(at('disk'));
    mounted('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', at('disk'));
    put('a', 'old');
    put('disk/b', 'old');
    const files = [
      { path: at('a'), content: 'new' },
      { path: at('disk/b'), content: 'canary'.repeat(20_000) },
    ];
    expect(() => writeFiles(files)).toThrow(expect.objectContaining({ code: 'disk_full' }));
    expect(everything()).toEqual({ a: 'old', 'disk/b': 'old' });
  });
});

describe('a file that another program holds', () => {
  it.skipIf(noMounts)(`is waited for, and written when it is let go${because(noMounts)}`, () => {
    const path = put('a', 'old');
    mounted('--bind', path, path);
    spawn('sh', ['-c', 'sleep 0.3; umount "$1"', 'sh', path], { stdio: 'ignore' });
    writeFile(path, 'new');
    expect(everything()).toEqual({ a: 'new' });
  });

  it.skipIf(noMounts)(`is given up after 2 s, and is whole${because(noMounts)}`, () => {
    const path = put('a', 'old');
    mounted('--bind', path, path);
    const start = Date.now();
    expect(() => writeFile(path, 'canary')).toThrow(/another program holds it/);
    expect(Date.now() - start).toBeGreaterThan(1_900);
    expect(Date.now() - start).toBeLessThan(4_000);
    expect(everything()).toEqual({ a: 'old' });
  });
});

describe('the owner of a file', () => {
  it.skipIf(notRoot)(`is kept where root writes it, and the group with it${because(notRoot)}`, () => {
    const path = put('a', 'old');
    chownSync(path, nobody, nobody - 1);
    writeFile(path, 'new', { keepOwner: true });
    const { uid, gid, mode } = statSync(path);
    expect([uid, gid, mode & 0o777]).toEqual([nobody, nobody - 1, 0o600]);
    writeFile(path, 'newer');
    expect(statSync(path).uid).toBe(0);
  });

  it.skipIf(notRoot)(
    `is kept or nothing is written: to give files away is not allowed${because(notRoot)}`,
    async () => {
      put('mine', 'old');
      const theirs = put('theirs', 'old');
      await asOrdinaryUser(folder, () => {
        process.seteuid!(0);
        chownSync(theirs, 1234, 1234);
        process.seteuid!(nobody);
        const files = [at('mine'), theirs].map((path) => ({ path, content: 'canary', keepOwner: true }));
        expect(() => writeFiles(files)).toThrow(
          expect.objectContaining({
            code: 'failed',
            message: `cannot write "${theirs}": it belongs to another user of this machine`,
          }),
        );
      });
      expect(everything()).toEqual({ mine: 'old', theirs: 'old' });
    },
  );

  it.skipIf(notRoot)(
    `counts, not the group, where the mode gives the group nothing${because(notRoot)}`,
    async () => {
      const path = put('a', 'old');
      await asOrdinaryUser(folder, () => {
        process.seteuid!(0);
        chownSync(path, nobody, 1234);
        process.seteuid!(nobody);
        writeFile(path, 'new', { keepOwner: true });
        expect(() => writeFile(path, 'newer', { keepOwner: true, mode: 0o640 })).not.toThrow();
      });
      expect(everything()).toEqual({ a: 'newer' });
    },
  );
});
