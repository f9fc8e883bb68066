import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { linkFileName } from '../../../src/config/link.ts';
import { resolveScope, type ScopeFlags } from '../../../src/config/scope.ts';
import { git } from '../git.ts';
import { tempFolder } from '../temp-folder.ts';

let cwd: string;

beforeEach(() => {
  cwd = tempFolder();
});

const link = (content: object): void => writeFileSync(join(cwd, linkFileName), JSON.stringify(content));
function onBranch(name: string): void {
  mkdirSync(join(cwd, '.git'), { recursive: true });
  writeFileSync(join(cwd, '.git/HEAD'), `ref: refs/heads/${name}\n`);
}

describe('flag, then variable, then git branch, then link file, then default', () => {
  const full = { project: 'linked', environment: 'of-link', branches: { main: 'of-branch' } };
  const table: [ScopeFlags, Record<string, string>, object, string][] = [
    [{ project: 'p', env: 'e' }, { SECRETS_PROJECT: 'vp', SECRETS_ENV: 've' }, full, 'p flag, e flag'],
    [{ env: 'e' }, { SECRETS_PROJECT: 'vp' }, full, 'vp variable, e flag'],
    [{ project: 'p' }, { SECRETS_ENV: 've' }, full, 'p flag, ve variable'],
    [{}, { SECRETS_PROJECT: 'vp', SECRETS_ENV: 've' }, full, 'vp variable, ve variable'],
    [{}, {}, full, 'linked link file, of-branch git branch'],
    [{}, {}, { ...full, branches: { other: 'x' } }, 'linked link file, of-link link file'],
    [{}, {}, { project: 'linked', branches: { other: 'x' } }, 'linked link file, development default'],
    [{}, {}, { project: 'linked' }, 'linked link file, development default'],
    [
      { project: '', env: '' },
      { SECRETS_PROJECT: '', SECRETS_ENV: '' },
      full,
      'linked link file, of-branch git branch',
    ],
  ];
  for (const [flags, env, content, expected] of table) {
    it(`${JSON.stringify(flags)} ${JSON.stringify(env)} ${Object.keys(content).join(' ')}: ${expected}`, () => {
      onBranch('main');
      link(content);
      const found = resolveScope(flags, env, cwd);
      expect(`${found.project} ${found.projectFrom}, ${found.environment} ${found.environmentFrom}`).toBe(
        expected,
      );
    });
  }

  it('works without any link file where the project is named', () => {
    expect(resolveScope({ project: 'p' }, {}, cwd)).toEqual({
      project: 'p',
      environment: 'development',
      projectFrom: 'flag',
      environmentFrom: 'default',
      link: undefined,
    });
  });

  it('tells what to do where no project is named', () => {
    expect(() => resolveScope({ env: 'e' }, { SECRETS_ENV: 'x' }, cwd)).toThrow(
      expect.objectContaining({
        code: 'not_linked',
        hints: [
          expect.stringContaining('secrets init') as string,
          expect.stringContaining('--project') as string,
        ],
      }),
    );
  });
});

describe('a branch pattern', () => {
  const fits: [pattern: string, branch: string, fits: boolean][] = [
    ['main', 'main', true],
    ['main', 'main2', false],
    ['main', 'amain', false],
    ['release/*', 'release/1.2', true],
    ['release/*', 'release/1/2', true],
    ['release/*', 'release', false],
    ['*', 'any/thing', true],
    ['*-hotfix', 'a-hotfix', true],
    ['a.b', 'axb', false],
    ['a+b', 'a+b', true],
    ['a+b', 'aab', false],
    ['(main)', 'main', false],
    ['v[0-9]', 'v1', false],
    ['feat/*/x', 'feat/a/x', true],
    ['Main', 'main', false],
  ];
  for (const [pattern, branch, expected] of fits) {
    it(`${pattern} ${expected ? 'fits' : 'does not fit'} ${branch}`, () => {
      onBranch(branch);
      link({ project: 'p', branches: { [pattern]: 'matched' } });
      expect(resolveScope({}, {}, cwd).environment).toBe(expected ? 'matched' : 'development');
    });
  }

  it('that comes first counts', () => {
    onBranch('release/1');
    link({ project: 'p', branches: { 'release/1': 'one', 'release/*': 'any', '*': 'all' } });
    expect(resolveScope({}, {}, cwd).environment).toBe('one');
  });

  it('fits no detached HEAD, and nothing outside of git', () => {
    link({ project: 'p', branches: { '*': 'matched' } });
    expect(resolveScope({}, {}, cwd).environment).toBe('development');
    git(cwd, 'init');
    git(cwd, 'commit', '--allow-empty', '-m', 'x');
    expect(resolveScope({}, {}, cwd).environment).toBe('matched');
    git(cwd, 'switch', '--detach');
    expect(resolveScope({}, {}, cwd).environment).toBe('development');
  });

  it('looks at the work tree that one stands in, in a linked one too', () => {
    git(cwd, 'init');
    git(cwd, 'commit', '--allow-empty', '-m', 'x');
    link({ project: 'p', branches: { topic: 'staging', main: 'production' } });
    const tree = join(tempFolder(), 'tree');
    git(cwd, 'worktree', 'add', '-b', 'topic', tree);
    expect(resolveScope({}, {}, tree)).toMatchObject({ project: 'p', environment: 'staging' });
    expect(resolveScope({}, {}, cwd).environment).toBe('production');
  });
});
