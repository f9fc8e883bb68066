import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { placeFile, sweep, writeFile } from '../../../src/files/write.ts';
import { asOrdinaryUser } from '../ordinary-user.ts';
import { tempFolder } from '../temp-folder.ts';

let folder: string;

beforeEach(() => {
  folder = tempFolder();
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('a file that is written', () => {
  it('is there whole, for this user alone, and nothing else is', () => {
    const path = join(folder, '.env');
    writeFile(path, 'A=é\n');
    expect(readFileSync(path, 'utf8')).toBe('A=é\n');
    expect(modeOf(path)).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('has the mode that was asked for, whatever the umask says', () => {
    const before = process.umask(0o077);
    writeFile(join(folder, 'a'), 'x', { mode: 0o644 });
    process.umask(0);
    writeFile(join(folder, 'b'), 'x');
    process.umask(before);
    expect([modeOf(join(folder, 'a')), modeOf(join(folder, 'b'))]).toEqual([0o644, 0o600]);
  });

  it('takes the place of an older one, whose mode was wider', () => {
    const path = join(folder, '.env');
    writeFileSync(path, 'old and longer', { mode: 0o666 });
    chmodSync(path, 0o666);
    writeFile(path, Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(modeOf(path)).toBe(0o600);
  });

  it('makes the folders above it, for this user alone', () => {
    writeFile(join(folder, 'a/b/c'), 'x');
    expect([modeOf(join(folder, 'a')), modeOf(join(folder, 'a/b'))]).toEqual([0o700, 0o700]);
  });
});

describe('a write that fails', () => {
  it('leaves the old file, and no other', () => {
    // A name that leaves no room for that of the temporary file.
    const path = join(folder, 'x'.repeat(250));
    writeFileSync(path, 'old');
    expect(() => writeFile(path, 'new')).toThrow(expect.objectContaining({ code: 'failed' }));
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('for want of permission leaves the old file, and says why', async () => {
    const path = join(folder, '.env');
    writeFileSync(path, 'old');
    chmodSync(folder, 0o500);
    await asOrdinaryUser(folder, () => {
      expect(() => writeFile(path, 'canary')).toThrow(
        expect.objectContaining({ code: 'failed', message: `cannot write "${path}": permission denied` }),
      );
    });
    chmodSync(folder, 0o700);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('because a folder is there leaves the folder', () => {
    mkdirSync(join(folder, 'a'));
    expect(() => writeFile(join(folder, 'a'), 'x')).toThrow(/it is a folder|EISDIR/);
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('because a part of the path is a file says so', () => {
    writeFileSync(join(folder, 'a'), 'x');
    expect(() => writeFile(join(folder, 'a/b'), 'x')).toThrow(expect.objectContaining({ code: 'failed' }));
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('x');
  });
});

describe('a fresh file', () => {
  it('is written where there is none', () => {
    writeFile(join(folder, 'a'), 'x', { fresh: true });
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('x');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('never takes the place of another, nor of a link that leads nowhere', () => {
    writeFileSync(join(folder, 'a'), 'old');
    symlinkSync('/nowhere', join(folder, 'b'));
    for (const name of ['a', 'b'])
      expect(() => writeFile(join(folder, name), 'new', { fresh: true })).toThrow(
        expect.objectContaining({ code: 'conflict' }),
      );
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a', 'b']);
  });
});

describe('a file that somebody else makes', () => {
  it('is put in place when it is whole', async () => {
    const path = join(folder, 'deep/vault.db');
    const answer = await placeFile(path, async (aside) => {
      expect(existsSync(path)).toBe(false);
      writeFileSync(aside, 'made');
      return 7;
    });
    expect(answer).toBe(7);
    expect(readFileSync(path, 'utf8')).toBe('made');
    expect(readdirSync(join(folder, 'deep'))).toEqual(['vault.db']);
  });

  it('is gone with all beside it when its maker fails', async () => {
    const stop = new Error('stop');
    const failing = placeFile(join(folder, 'vault.db'), async (aside) => {
      for (const end of ['', '-wal', '-shm', '-journal']) writeFileSync(aside + end, 'x');
      throw stop;
    });
    await expect(failing).rejects.toBe(stop);
    expect(readdirSync(folder).filter((name) => !name.endsWith('-journal'))).toEqual([]);
  });

  it('leaves the one alone that came meanwhile', async () => {
    const path = join(folder, 'vault.db');
    const late = placeFile(path, async (aside) => {
      writeFileSync(aside, 'late');
      writeFileSync(path, 'first');
    });
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['vault.db']);
  });
});

describe('sweeping', () => {
  it('removes what dead processes left beside the file, and nothing else', () => {
    const dead = spawnSync('true').pid;
    const leftovers = [`.a.${dead}-1.tmp`, `.a.${dead}-1.tmp-wal`, `.a.${dead}-1.tmp-shm`];
    const others = [
      `.a.${process.pid}-1.tmp`,
      `.a.1-1.tmp`,
      `.b.${dead}-1.tmp`,
      `a.${dead}-1.tmp`,
      `.a.${dead}.tmp`,
      '.a.x-1.tmp',
      'a',
    ];
    for (const name of [...leftovers, ...others]) writeFileSync(join(folder, name), 'x');
    sweep(join(folder, 'a'));
    expect(readdirSync(folder).toSorted()).toEqual(others.toSorted());
  });

  it('comes with every write', () => {
    const dead = spawnSync('true').pid;
    writeFileSync(join(folder, `.a.${dead}-1.tmp`), 'canary');
    writeFile(join(folder, 'a'), 'x');
    expect(readdirSync(folder)).toEqual(['a']);
  });
});
