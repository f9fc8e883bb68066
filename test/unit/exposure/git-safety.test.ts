import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  excludeTemporaries,
  gitState,
  gitStates,
  ignoreFile,
  trackedIn,
} from '../../../src/exposure/git-safety.ts';
import { SecretsError } from '../../../src/errors.ts';
import { git } from '../git.ts';
import { tempFolder } from '../temp-folder.ts';

let root: string;
let repo: string;

beforeEach(() => {
  root = tempFolder();
  repo = join(root, 'repo');
  mkdirSync(join(repo, 'apps/web'), { recursive: true });
  git(repo, 'init');
  put('apps/web/index.js', '');
  git(repo, 'add', '.');
  git(repo, 'commit', '-m', 'first');
  // The excludes of whoever runs the tests are not ours.
  vi.stubEnv('XDG_CONFIG_HOME', join(root, 'config'));
  vi.stubEnv('HOME', root);
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
});

afterEach(() => void vi.unstubAllEnvs());

const put = (path: string, text: string): string => {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
  return join(repo, path);
};
const ofRepo = (path: string): string => join(repo, path);

describe('a file', () => {
  it('is outside where there is no repository', () => {
    expect(gitState(join(root, '.env'))).toBe('outside');
  });

  it('is exposed where nothing ignores it, be it there or not', () => {
    expect(gitState(ofRepo('.env'))).toBe('exposed');
    expect(gitState(put('apps/web/.env', 'A=1'))).toBe('exposed');
  });

  it('is exposed in a folder that is yet to be made', () => {
    expect(gitState(ofRepo('new/deep/.env'))).toBe('exposed');
  });

  it('is ignored by a file at the root, in its folder, or by the excludes of the repository', () => {
    put('.gitignore', '.env\n');
    expect(gitState(ofRepo('apps/web/.env'))).toBe('ignored');
    put('apps/web/.gitignore', '/.env.staging\n');
    expect(gitState(ofRepo('apps/web/.env.staging'))).toBe('ignored');
    expect(gitState(ofRepo('.env.staging'))).toBe('exposed');
    writeFileSync(ofRepo('.git/info/exclude'), '*.local\n');
    expect(gitState(ofRepo('.env.local'))).toBe('ignored');
  });

  it('is ignored by the excludes of its user', () => {
    mkdirSync(join(root, 'config/git'), { recursive: true });
    writeFileSync(join(root, 'config/git/ignore'), '.env\n');
    expect(gitState(ofRepo('apps/web/.env'))).toBe('ignored');
  });

  it('is exposed again by a negated pattern', () => {
    put('.gitignore', '.env*\n!.env.example\n');
    expect(gitState(ofRepo('.env'))).toBe('ignored');
    expect(gitState(ofRepo('.env.example'))).toBe('exposed');
    put('apps/web/.gitignore', '!.env\n');
    expect(gitState(ofRepo('apps/web/.env'))).toBe('exposed');
  });

  it('is asked about in the folder that a link leads to', () => {
    symlinkSync(ofRepo('apps/web'), join(root, 'link'));
    expect(gitState(join(root, 'link/.env'))).toBe('exposed');
    put('.gitignore', '.env\n');
    expect(gitState(join(root, 'link/.env'))).toBe('ignored');
  });

  it('is asked about in a linked work tree', () => {
    git(repo, 'worktree', 'add', '../tree');
    expect(gitState(join(root, 'tree/.env'))).toBe('exposed');
    writeFileSync(join(root, 'tree/.gitignore'), '.env\n');
    expect(gitState(join(root, 'tree/.env'))).toBe('ignored');
    expect(gitState(ofRepo('.env'))).toBe('exposed');
  });

  it('is asked about in a submodule, not in what is around it', () => {
    const other = join(root, 'other');
    mkdirSync(other);
    git(other, 'init');
    git(other, 'commit', '--allow-empty', '-m', 'first');
    git(repo, 'submodule', 'add', other, 'sub');
    put('.gitignore', '.env\n');
    expect(gitState(ofRepo('sub/.env'))).toBe('exposed');
    expect(ignoreFile(ofRepo('sub/.env')).path).toBe(ofRepo('sub/.gitignore'));
    expect(gitState(ofRepo('sub/.env'))).toBe('ignored');
  });

  it('is not called outside because git does not trust the owner of the repository', () => {
    vi.stubEnv('GIT_TEST_ASSUME_DIFFERENT_OWNER', '1');
    const look = (): string => {
      try {
        return gitState(ofRepo('.env'));
      } catch (error) {
        return (error as SecretsError).code;
      }
    };
    expect(look()).not.toBe('outside');
  });

  it('of a name that git would take for an option or a pattern is asked about by its name', () => {
    put('.gitignore', 'a.env\n');
    for (const name of ['-v', '--help', '*.env', '[ab].env', ':(top).env'])
      expect(gitState(ofRepo(name)), name).toBe('exposed');
  });
});

describe('a tracked file', () => {
  it('is refused, with the way out', () => {
    const file = put('apps/web/.env', 'A=canary');
    git(repo, 'add', '-f', '.');
    expect(() => gitState(file)).toThrow(
      expect.objectContaining({
        code: 'invalid',
        hints: [
          expect.stringContaining('git rm --cached ') as string,
          expect.stringContaining('rotate') as string,
        ],
      }),
    );
  });

  it('is refused even where it is ignored, and where it is no longer there', () => {
    const file = put('.env', 'A=1');
    git(repo, 'add', '-f', '.');
    git(repo, 'commit', '-m', 'oops');
    put('.gitignore', '.env\n');
    expect(() => gitState(file)).toThrow(SecretsError);
    rmSync(file);
    expect(() => gitState(file)).toThrow(SecretsError);
  });
});

describe('a file that is made ignored', () => {
  it('is ignored then, by one line at the root', () => {
    expect(ignoreFile(ofRepo('apps/web/.env')).path).toBe(ofRepo('.gitignore'));
    expect(readFileSync(ofRepo('.gitignore'), 'utf8')).toBe('/apps/web/.env\n');
    expect(gitState(ofRepo('apps/web/.env'))).toBe('ignored');
    expect(gitState(ofRepo('.env'))).toBe('exposed');
  });

  it('is ignored by the file in its own folder where there is one', () => {
    put('apps/web/.gitignore', 'dist');
    expect(ignoreFile(ofRepo('apps/web/.env')).path).toBe(ofRepo('apps/web/.gitignore'));
    expect(readFileSync(ofRepo('apps/web/.gitignore'), 'utf8')).toBe('dist\n/.env\n');
    expect(gitState(ofRepo('apps/web/.env'))).toBe('ignored');
  });

  it('is ignored although a pattern before negated it', () => {
    put('.gitignore', '!.env\n');
    ignoreFile(ofRepo('.env'));
    expect(gitState(ofRepo('.env'))).toBe('ignored');
  });

  it('is ignored although a file between here and the root negates it', () => {
    put('apps/.gitignore', '!.env\n');
    ignoreFile(ofRepo('apps/web/.env'));
    expect(gitState(ofRepo('apps/web/.env'))).toBe('ignored');
  });

  it('is ignored whatever its name is', () => {
    for (const name of [
      '.env (1)',
      '[prod].env',
      'a*b',
      '#env',
      '!env',
      'what?',
      'back\\slash',
      'blank ',
      'é.env',
    ]) {
      ignoreFile(ofRepo(name));
      expect(gitState(ofRepo(name)), name).toBe('ignored');
    }
    expect(gitState(ofRepo('p.env'))).toBe('exposed');
  });

  it('leaves an ignore file that is not UTF-8 as it was, to the byte', () => {
    const before = Buffer.from('*.k\xe9y\n\xff', 'latin1');
    writeFileSync(ofRepo('.gitignore'), before);
    ignoreFile(ofRepo('é.env'));
    expect(readFileSync(ofRepo('.gitignore'))).toEqual(Buffer.concat([before, Buffer.from('\n/é.env\n')]));
    expect(gitState(ofRepo('é.env'))).toBe('ignored');
    excludeTemporaries(ofRepo('.env'));
    const excluded = Buffer.concat([before, Buffer.from('\n')]);
    writeFileSync(ofRepo('.git/info/exclude'), excluded);
    excludeTemporaries(ofRepo('.env'));
    expect(readFileSync(ofRepo('.git/info/exclude')).subarray(0, excluded.length)).toEqual(excluded);
  });

  it.each(['x\n.env', '.env\r', '.env\t', 'a\u007F', 'sub\n/.env'])(
    'is refused where no line of an ignore file can have its name, and nothing is written: %j',
    (name) => {
      expect(() => ignoreFile(ofRepo(name))).toThrow(expect.objectContaining({ code: 'invalid' }));
      expect(existsSync(ofRepo('.gitignore'))).toBe(false);
    },
  );

  it('leaves the mode of the ignore file as it was', () => {
    put('.gitignore', 'dist\n');
    const { mode } = statSync(ofRepo('.gitignore'));
    ignoreFile(ofRepo('.env'));
    expect(statSync(ofRepo('.gitignore')).mode).toBe(mode);
  });
});

describe('several files', () => {
  const states = (...names: string[]): unknown[] => [...gitStates(names.map(ofRepo)).values()];

  it('stand each for itself', () => {
    put('.gitignore', '*.local\n');
    put('apps/api/.env', 'A=1');
    git(repo, 'add', '-f', '.');
    expect(states('.env', 'a.local', 'apps/api/.env', 'apps/web/.env', 'apps/web/x.local')).toEqual([
      'exposed',
      'ignored',
      'tracked',
      'exposed',
      'ignored',
    ]);
    expect(gitStates([join(root, '.env'), ofRepo('a.local')])).toEqual(
      new Map([
        [join(root, '.env'), 'outside'],
        [ofRepo('a.local'), 'ignored'],
      ]),
    );
  });

  it('of one work tree are asked about with one call of git, where all are ignored', () => {
    put('.gitignore', '.env*\n');
    const trace = join(root, 'trace');
    vi.stubEnv('GIT_TRACE', trace);
    expect(states('.env', '.env.bak', 'apps/web/.env', 'new/.env')).toEqual(Array(4).fill('ignored'));
    expect(readFileSync(trace, 'utf8').match(/built-in: git /g)).toHaveLength(1);
  });

  it('are asked about in their own repositories: a submodule, a linked work tree, a repository within', () => {
    git(repo, 'worktree', 'add', '../tree');
    mkdirSync(ofRepo('vendor/inner'), { recursive: true });
    git(ofRepo('vendor/inner'), 'init');
    put('.gitignore', '.env\n');
    writeFileSync(ofRepo('vendor/inner/.env'), 'A=1');
    git(ofRepo('vendor/inner'), 'add', '.env');
    const files = [ofRepo('.env'), join(root, 'tree/.env'), ofRepo('vendor/inner/.env')];
    expect([...gitStates(files).values()]).toEqual(['ignored', 'exposed', 'tracked']);
  });
});

describe('a repository that variables name', () => {
  it('is asked, too: a home folder that is kept in one', () => {
    const home = join(root, 'home');
    mkdirSync(home);
    git(root, 'init', '--bare', 'dots');
    vi.stubEnv('GIT_DIR', join(root, 'dots'));
    vi.stubEnv('GIT_WORK_TREE', home);
    expect(gitState(join(home, '.env'))).toBe('exposed');
    expect(ignoreFile(join(home, '.env')).path).toBe(join(home, '.gitignore'));
    expect(gitState(join(home, '.env'))).toBe('ignored');
    expect(gitState(join(root, '.env'))).toBe('outside');
  });

  it('does not hide the one that the file is in', () => {
    git(root, 'init', 'other');
    vi.stubEnv('GIT_DIR', join(root, 'other/.git'));
    expect(gitState(ofRepo('.env'))).toBe('exposed');
    put('.env', 'A=1');
    git(repo, 'add', '.env');
    expect(gitStates([ofRepo('.env')]).get(ofRepo('.env'))).toBe('tracked');
    vi.stubEnv('GIT_DIR', '/nowhere');
    expect(() => gitState(ofRepo('.env'))).toThrow(/tracked/);
  });

  it('may be the same one, as in a hook, with an index of its own', () => {
    put('.gitignore', '.env\n');
    vi.stubEnv('GIT_DIR', ofRepo('.git'));
    vi.stubEnv('GIT_WORK_TREE', repo);
    vi.stubEnv('GIT_INDEX_FILE', '.git/index.lock');
    expect(gitState(ofRepo('.env'))).toBe('ignored');
    expect(gitState(ofRepo('apps/web/.env.x'))).toBe('exposed');
  });
});

describe('a file that no work tree holds', () => {
  it('is outside: beside the work trees of a bare repository', () => {
    const place = join(root, 'place');
    mkdirSync(place);
    git(place, 'clone', '--bare', repo, '.bare');
    writeFileSync(join(place, '.git'), 'gitdir: ./.bare\n');
    git(place, 'worktree', 'add', 'main');
    expect(gitState(join(place, '.env'))).toBe('outside');
    expect(gitState(join(place, 'main/.env'))).toBe('exposed');
  });

  it('is in doubt where .git is there and git does not know it', () => {
    mkdirSync(join(root, 'broken/.git'), { recursive: true });
    expect(() => gitState(join(root, 'broken/.env'))).toThrow(expect.objectContaining({ code: 'failed' }));
  });

  it('is in doubt where git is not installed', () => {
    vi.stubEnv('PATH', root);
    expect(() => gitState(ofRepo('.env'))).toThrow(expect.objectContaining({ code: 'failed' }));
    expect(gitState(join(root, '.env'))).toBe('outside');
  });
});

it('a folder that poses as a bare repository does not hide that the file is in another', () => {
  const trap = ofRepo('trap');
  git(root, 'init', '--bare', trap);
  expect(gitState(join(trap, '.env'))).toBe('exposed');
});

describe('what a killed write leaves', () => {
  const name = '.env.123-456.tmp';

  it('is excluded in this clone, by one line, once', () => {
    for (const _ of [1, 2]) excludeTemporaries(ofRepo('.env'));
    expect(gitState(ofRepo(`apps/web/.${name}`))).toBe('ignored');
    expect(readFileSync(ofRepo('.git/info/exclude'), 'utf8').match(/\.tmp$/gm)).toHaveLength(1);
    expect(git(repo, 'status', '--porcelain')).toBe('');
  });

  it('is excluded in a linked work tree as well', () => {
    git(repo, 'worktree', 'add', '../tree');
    for (const _ of [1, 2]) excludeTemporaries(join(root, 'tree/.env'));
    expect(gitState(join(root, `tree/.${name}`))).toBe('ignored');
    expect(readFileSync(ofRepo('.git/info/exclude'), 'utf8').match(/\.tmp$/gm)).toHaveLength(1);
  });
});

describe('a folder', () => {
  it('holds what git tracks in it at any depth, be it there or not', () => {
    expect(trackedIn(ofRepo('apps'))).toBe('apps/web/index.js');
    rmSync(ofRepo('apps'), { recursive: true });
    expect(trackedIn(ofRepo('apps'))).toBe('apps/web/index.js');
    expect(trackedIn(ofRepo('apps/web'))).toBe('apps/web/index.js');
  });

  it('holds nothing of another whose name begins alike, or would match as a pattern', () => {
    put('app/x', 'A');
    expect(trackedIn(ofRepo('app'))).toBeUndefined();
    expect(trackedIn(ofRepo('app*'))).toBeUndefined();
    expect(trackedIn(join(root, 'elsewhere'))).toBeUndefined();
  });

  it('is asked about in the repository that a variable names, too', () => {
    const files = join(root, 'files');
    mkdirSync(join(files, 'in'), { recursive: true });
    writeFileSync(join(files, 'in/x'), '');
    git(root, 'init', '--bare', 'bare');
    git(root, '--git-dir=bare', '--work-tree=files', 'add', '.');
    vi.stubEnv('GIT_DIR', join(root, 'bare'));
    vi.stubEnv('GIT_WORK_TREE', files);
    expect(trackedIn(join(files, 'in'))).toContain('in/x');
    expect(trackedIn(join(files, 'other'))).toBeUndefined();
  });
});
