import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ancestors, currentBranch, findWorkTree, inMainWorkTree } from '../../../src/config/git.ts';
import { git } from '../git.ts';
import { tempFolder } from '../temp-folder.ts';

let root: string;
let repo: string;

beforeEach(() => {
  root = tempFolder();
  repo = join(root, 'repo');
  mkdirSync(join(repo, 'a/b'), { recursive: true });
  git(repo, 'init');
  git(repo, 'commit', '--allow-empty', '-m', 'first');
});

const branchIn = (folder: string): string | undefined => currentBranch(findWorkTree(folder)!);

describe('a work tree', () => {
  it('is found from any folder in it', () => {
    const found = { root: repo, gitDir: join(repo, '.git'), mainRoot: repo };
    expect(findWorkTree(repo)).toEqual(found);
    expect(findWorkTree(join(repo, 'a/b'))).toEqual(found);
    expect(findWorkTree(join(repo, 'not/made/yet'))).toEqual(found);
  });

  it('is none outside', () => {
    expect(findWorkTree(root)).toBeUndefined();
  });

  it('that is linked knows the main one', () => {
    const tree = join(root, 'tree');
    git(repo, 'worktree', 'add', '-b', 'topic', tree);
    const found = findWorkTree(join(tree, 'x'))!;
    expect(found).toEqual({ root: tree, gitDir: join(repo, '.git/worktrees/tree'), mainRoot: repo });
    expect(currentBranch(found)).toBe('topic');
    expect(inMainWorkTree(found, join(tree, 'a/b'))).toBe(join(repo, 'a/b'));
    expect(branchIn(repo)).toBe('main');
  });

  it('that is the main one stands for itself', () => {
    expect(inMainWorkTree(findWorkTree(repo)!, repo)).toBeUndefined();
  });

  it('of a submodule is its own, and no linked one', () => {
    const other = join(root, 'other');
    mkdirSync(other);
    git(other, 'init');
    git(other, 'commit', '--allow-empty', '-m', 'first');
    git(repo, 'submodule', 'add', '-b', 'main', other, 'sub');
    const found = findWorkTree(join(repo, 'sub'))!;
    expect(found).toMatchObject({ root: join(repo, 'sub'), mainRoot: join(repo, 'sub') });
    expect(currentBranch(found)).toBe('main');
  });

  it('whose .git file says nothing is none', () => {
    const odd = join(root, 'odd');
    mkdirSync(odd);
    writeFileSync(join(odd, '.git'), 'what is this');
    expect(findWorkTree(odd)).toBeUndefined();
  });

  it('whose .git file leads nowhere has no branch', () => {
    const odd = join(root, 'odd');
    mkdirSync(odd);
    writeFileSync(join(odd, '.git'), 'gitdir: /nowhere/at/all\n');
    expect(branchIn(odd)).toBeUndefined();
  });
});

describe('the branch', () => {
  it('is the one that is checked out, before its first commit too', () => {
    expect(branchIn(repo)).toBe('main');
    const fresh = join(root, 'fresh');
    mkdirSync(fresh);
    git(fresh, 'init', '-b', 'trunk');
    expect(branchIn(fresh)).toBe('trunk');
  });

  it('may have slashes', () => {
    git(repo, 'switch', '-c', 'feat/a/b-1.2');
    expect(branchIn(join(repo, 'a'))).toBe('feat/a/b-1.2');
  });

  it('is none when HEAD is detached', () => {
    git(repo, 'switch', '--detach');
    expect(branchIn(repo)).toBeUndefined();
  });

  it('is none that only stands in for one, where the refs are kept in tables', () => {
    // gitrepository-layout(5), reftable: HEAD names a branch that cannot be, for older readers.
    writeFileSync(join(repo, '.git/HEAD'), 'ref: refs/heads/.invalid\n');
    expect(branchIn(repo)).toBeUndefined();
  });
});

it('the folders above are told nearest first, up to the root', () => {
  expect([...ancestors('/a/b')]).toEqual(['/a/b', '/a', '/']);
});
