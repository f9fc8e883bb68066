import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** A git work tree, read from its files: a child process would cost more than the rest of the command. */
export interface WorkTree {
  /** The folder that holds `.git`. */
  readonly root: string;
  /** Where HEAD of this work tree is. */
  readonly gitDir: string;
  /** The work tree that the repository was cloned into; the same as `root` unless this is a linked one. */
  readonly mainRoot: string;
}

/** The work tree that a folder is in, by git's own rules (gitrepository-layout(5)), or undefined. */
export function findWorkTree(from: string): WorkTree | undefined {
  for (const root of ancestors(from)) {
    const dotGit = join(root, '.git');
    if (!existsSync(dotGit)) continue;
    if (statSync(dotGit).isDirectory()) return { root, gitDir: dotGit, mainRoot: root };
    const gitDir = /^gitdir: (.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.[1]?.trim();
    return gitDir === undefined ? undefined : linked(root, resolve(root, gitDir));
  }
  return undefined;
}

/** The branch that is checked out; undefined when HEAD is detached, or kept in a table (reftable writes `.invalid`). */
export function currentBranch({ gitDir }: WorkTree): string | undefined {
  const head = join(gitDir, 'HEAD');
  return existsSync(head)
    ? /^ref: refs\/heads\/([^.].*)$/m.exec(readFileSync(head, 'utf8'))?.[1]?.trim()
    : undefined;
}

/** The same folder in the main work tree, for a linked one; else undefined. */
export function inMainWorkTree(tree: WorkTree, folder: string): string | undefined {
  return tree.mainRoot === tree.root ? undefined : join(tree.mainRoot, relative(tree.root, folder));
}

/** A folder and all those above it, nearest first. */
export function* ancestors(from: string): Generator<string> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}

function linked(root: string, gitDir: string): WorkTree {
  // Only a linked work tree has `commondir`; a submodule's .git file points to a repository of its own.
  const common = join(gitDir, 'commondir');
  if (!existsSync(common)) return { root, gitDir, mainRoot: root };
  return { root, gitDir, mainRoot: dirname(resolve(gitDir, readFileSync(common, 'utf8').trim())) };
}
