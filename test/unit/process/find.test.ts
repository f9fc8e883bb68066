import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { findProgram } from '../../../src/process/find.ts';
import { asOrdinaryUser } from '../ordinary-user.ts';
import { tempFolder } from '../temp-folder.ts';

let cwd: string;

beforeEach(() => {
  cwd = tempFolder();
  for (const folder of ['one', 'two', 'here']) mkdirSync(join(cwd, folder));
});

const script = '#!/bin/sh\n';
function put(path: string, mode = 0o755, content = script): string {
  const file = join(cwd, path);
  writeFileSync(file, content, { mode });
  chmodSync(file, mode);
  return file;
}
const find = (command: string, path?: string) => findProgram(command, path, cwd);
const notFound = expect.objectContaining({ code: 'run_not_found', exitStatus: 127 });
const notExecutable = expect.objectContaining({ code: 'run_not_executable', exitStatus: 126 });

describe('a word without a slash', () => {
  it('is looked up in the folders of PATH, in their order', () => {
    const [one, two] = [put('one/prog'), put('two/prog')];
    expect(find('prog', `${cwd}/one:${cwd}/two`).file).toBe(one);
    expect(find('prog', `${cwd}/two:${cwd}/one`).file).toBe(two);
  });

  it('is never looked up in the current folder unless PATH says so', () => {
    put('prog');
    expect(() => find('prog', `${cwd}/one`)).toThrow(notFound);
  });

  it('is looked up in the current folder for an empty entry, or a dot', () => {
    const here = put('prog');
    for (const path of ['', ':', `${cwd}/one:`, `:${cwd}/one`, `${cwd}/one::${cwd}/two`, '.'])
      expect(find('prog', path).file, path).toBe(here);
  });

  it('is looked up in relative entries, seen from the current folder', () => {
    const one = put('one/prog');
    expect(find('prog', 'one').file).toBe(one);
  });

  it('passes over what cannot be executed, a folder, and entries that are none', () => {
    put('one/prog', 0o644);
    mkdirSync(join(cwd, 'here/prog'));
    const two = put('two/prog');
    put('file');
    expect(find('prog', `${cwd}/nowhere:${cwd}/file:${cwd}/here:${cwd}/one:${cwd}/two`).file).toBe(two);
  });

  it('is looked up in the usual folders where there is no PATH', () => {
    expect(find('sh').file).toMatch(/\/bin\/sh$/);
  });

  it('passes over a folder that this user may not enter', async () => {
    put('one/prog');
    const two = put('two/prog');
    chmodSync(join(cwd, 'one'), 0);
    onTestFinished(() => chmodSync(join(cwd, 'one'), 0o755));
    const found = await asOrdinaryUser(cwd, () => find('prog', `${cwd}/one:${cwd}/two`).file);
    expect(found).toBe(two);
  });

  it('that no file system could hold is not found', () => {
    expect(() => find('x'.repeat(300), '/bin')).toThrow(notFound);
  });
});

describe('a word with a slash', () => {
  it('is a path, seen from the current folder', () => {
    const one = put('one/prog');
    expect(find('one/prog', '').file).toBe(one);
    expect(find('./one/prog', '/bin').file).toBe(one);
    expect(find(one, '/bin').file).toBe(one);
  });

  it('is never looked up in PATH', () => {
    put('one/prog');
    expect(() => find('./prog', `${cwd}/one`)).toThrow(notFound);
  });

  it('may be a link', () => {
    put('one/prog');
    symlinkSync(join(cwd, 'one/prog'), join(cwd, 'link'));
    expect(find('./link').file).toBe(join(cwd, 'link'));
    symlinkSync('/nowhere', join(cwd, 'dangling'));
    expect(() => find('./dangling')).toThrow(notFound);
  });

  it('that goes through a file is not found', () => {
    put('prog');
    expect(() => find('./prog/x')).toThrow(notFound);
  });

  it('that goes round in circles is not found', () => {
    symlinkSync(join(cwd, 'b'), join(cwd, 'a'));
    symlinkSync(join(cwd, 'a'), join(cwd, 'b'));
    expect(() => find('./a')).toThrow(notFound);
  });
});

describe('the exit status says why', () => {
  it('127: it is nowhere', () => {
    expect(() => find('no-such-program', '/bin:/usr/bin')).toThrow(notFound);
    expect(() => find('', '/bin')).toThrow(notFound);
  });

  it('127: words that were given as one', () => {
    expect(() => find('npm start', '/bin')).toThrow(
      expect.objectContaining({ code: 'run_not_found', hints: [expect.stringContaining('sh -c') as string] }),
    );
  });

  it('126: it is there and cannot be executed', () => {
    put('prog', 0o644);
    for (const [command, path] of [
      ['./prog', ''],
      ['prog', cwd],
    ] as const)
      expect(() => find(command, path)).toThrow(notExecutable);
  });

  it('126: it is a folder', () => {
    expect(() => find('./one')).toThrow(notExecutable);
    expect(() => find('/')).toThrow(notExecutable);
  });

  it('127: its interpreter is not there', () => {
    put('prog', 0o755, '#!/no/such/interpreter -x\n');
    expect(() => find('./prog')).toThrow(
      expect.objectContaining({
        code: 'run_not_found',
        message: expect.stringContaining('/no/such/interpreter') as string,
      }),
    );
  });

  it('127: its interpreter has a CR behind it, and none comes to the terminal', () => {
    put('prog', 0o755, '#!/bin/sh\r\necho\r\n');
    expect(() => find('./prog')).toThrow(
      expect.objectContaining({
        code: 'run_not_found',
        message: expect.not.stringContaining('\r') as string,
      }),
    );
  });
});

describe('what is found is run', () => {
  it('as it is, where the kernel can', () => {
    expect(find(put('script'))).toEqual({ file: join(cwd, 'script'), before: [] });
    put('blanks', 0o755, '#! \t/bin/sh -e\n');
    expect(find('./blanks').before).toEqual([]);
    put('binary', 0o755, '\u007FELF\0\0\0');
    expect(find('./binary')).toEqual({ file: join(cwd, 'binary'), before: [] });
  });

  it('by sh, where it is a script without a first line that says so', () => {
    for (const content of ['echo hi\n', '', '# comment\n#!/bin/false\n', 'echo\n\0'])
      expect(findProgram(put('plain', 0o755, content), '', cwd)).toEqual({
        file: '/bin/sh',
        before: [join(cwd, 'plain')],
      });
  });
});
