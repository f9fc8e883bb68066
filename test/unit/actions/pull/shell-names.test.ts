import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spelled } from '../../../../src/actions/pull/spelled.ts';
import { isComputedByShells } from '../../../../src/api/names.ts';
import { isKeptByShells } from '../../../../src/formats/shell-names.ts';
import { readerNamed, readers } from '../../../../src/dotenv/readers/index.ts';
import type { Audience } from '../../../../src/dotenv/write.ts';
import { lackingPrograms, titled } from '../../../e2e/harness/needs.ts';
import { tempFolder } from '../../temp-folder.ts';
import { thrownBy } from '../../thrown-by.ts';

const runs = 'path[$(touch CANARY)]';
const target = {
  shown: '.env',
  alone: 'secrets pull .env',
  without: (names: readonly string[]) => `secrets pull .env --except ${names.join(',')}`,
};
const everybody: Audience = { readers, named: 'by nobody' };
const forOne = (name: string, named: Audience['named'] = 'by the user'): Audience => ({
  readers: [readerNamed(name)],
  named,
});
const written = (name: string, value: string, audience = everybody, strict = false) =>
  spelled(new Map([[name, value]]), audience, target, strict).get(name)!;

describe('a name whose value shells compute', () => {
  it('is refused for whomever the file is, with a way out and no value', () => {
    for (const audience of [everybody, forOne('shell'), forOne('node'), forOne('docker')]) {
      const error = thrownBy(() => written('COLUMNS', runs, audience));
      expect(error.code).toBe('invalid');
      expect(error.message).toContain('the value of COLUMNS in .env');
      expect(error.hints.join()).toContain('--except COLUMNS');
      expect(error.message + error.hints.join()).not.toContain('touch');
    }
  });

  it('may have a number: there is nothing to compute', () => {
    for (const value of ['1000', '-1', '0'])
      expect(written('UID', value, forOne('compose')).spelling).toBe(value);
    for (const value of ['', 'A', '1+1', '0x10', '1\n', '１'])
      expect(thrownBy(() => written('UID', value, forOne('compose'))).code, value).toBe('invalid');
  });
});

describe('a name that shells keep for themselves', () => {
  it('is refused where the file is for a shell by word of the user', () => {
    for (const name of ['status', 'LINENO', 'UID'])
      expect(thrownBy(() => written(name, '1', forOne('shell')))).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining(`for themselves ${name} in`) as string,
      });
  });

  it('is written for others, and a shell is told of as one that sees something else', () => {
    const wrong = (name: string, audience: Audience): string[] =>
      written(name, 'x', audience).wrong.map((reader) => reader.name);
    expect(wrong('status', everybody)).toContain('shell');
    expect(wrong('status', forOne('shell', 'by the repository'))).toEqual(['shell']);
    expect(wrong('status', forOne('node'))).toEqual([]);
    expect(wrong('STATUS', everybody)).not.toContain('shell');
    expect(thrownBy(() => written('status', 'x', everybody, true)).code).toBe('drift');
  });
});

describe.each([
  { shell: 'bash', before: ['--norc'], listing: 'compgen -v' },
  { shell: 'dash', before: [], listing: "set | sed -n 's/=.*//p'" },
  {
    shell: 'zsh',
    before: ['-f'],
    listing: 'zmodload zsh/parameter zsh/terminfo zsh/zle zsh/system zsh/watch; print -l ${(k)parameters}',
  },
])('$shell', ({ shell, before, listing }) => {
  const reason = lackingPrograms(shell);
  const run = (script: string, cwd: string): string =>
    execFileSync(shell, [...before, '-c', script], {
      cwd,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  it.skipIf(reason)(titled('computes no value of a name that may be written', reason), () => {
    const folder = tempFolder();
    const known = run(listing, folder).split(/\s+/);
    const names = new Set(
      [...known, ...numbers].filter((one) => /^[A-Za-z_]\w*$/.test(one) && one !== 'PATH'),
    );
    expect(names.size).toBeGreaterThan(20);
    const free = [...names].filter((name) => !isComputedByShells(name));
    for (const name of free) writeFileSync(join(folder, name), `${name}='path[$(touch CANARY.${name})]'\n`);
    run(`for f in ${free.join(' ')}; do (. ./$f); done; :`, folder);
    expect(readdirSync(folder).filter((one) => one.startsWith('CANARY'))).toEqual([]);
  });

  it.skipIf(reason)(titled('loses no line by a name that it does not keep', reason), () => {
    const folder = tempFolder();
    const known = run(listing, folder).split(/\s+/);
    const free = known.filter((one) => /^[A-Za-z_]\w*$/.test(one) && one !== 'PATH' && !isKeptByShells(one));
    for (const name of free) writeFileSync(join(folder, name), `${name}=x\nLAST_ONE=${name}\n`);
    const seen = run(`for f in ${free.join(' ')}; do (. ./$f; echo "$LAST_ONE"); done`, folder);
    expect(seen.split('\n').filter((line) => line !== '')).toEqual(free);
  });
});

/** Integers of some shell or another that it may not list before they are used. */
const numbers =
  'COLUMNS LINES SECONDS HISTSIZE SAVEHIST LISTMAX MAILCHECK KEYTIMEOUT FUNCNEST SHLVL TRY_BLOCK_ERROR UID EUID GID EGID'.split(
    ' ',
  );
