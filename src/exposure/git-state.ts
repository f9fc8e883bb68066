import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { SecretsError } from '../errors.ts';
import { type Captured, captureGit, gitVariables, isGitNamed } from '../process/capture.ts';

/**
 * Where a file stands with git. Git itself is asked, because its rules (nested ignore files, global excludes, negations)
 * are its own; ignored is not untracked, so both are asked.
 */
export type GitState = 'outside' | 'ignored' | 'exposed' | 'tracked';

/** In the order of their harm. */
const order: readonly GitState[] = ['outside', 'ignored', 'exposed', 'tracked'];

/** A file as git sees it, links of the folders resolved. */
export interface Place {
  readonly file: string;
  readonly real: string;
  /** The nearest folder above it that exists. */
  readonly folder: string;
  /** The work tree that it is in: the nearest folder above that holds `.git`. */
  readonly root: string | undefined;
}

/**
 * Where each file stands, asked at once for all of a work tree. A repository that a variable names (GIT_DIR) is asked
 * besides the one that a file is in: either could be given the file. Throws `failed` when git cannot say.
 */
export function gitStates(files: readonly string[]): Map<string, GitState> {
  const places = files.map(placeOf);
  const states = new Map<string, GitState>(files.map((file) => [file, 'outside']));
  const note = (found: ReadonlyMap<string, GitState>): void => {
    for (const [file, state] of found)
      if (order.indexOf(state) > order.indexOf(states.get(file)!)) states.set(file, state);
  };
  for (const [root, together] of Map.groupBy(places, (it) => it.root))
    if (root !== undefined) note(ask(together, (args, input) => plainGit(args, root, input)));
  // Relative variables begin where the user stands. One at a time: one file outside makes git refuse all.
  if (isGitNamed())
    for (const place of places) note(ask([place], (args, input) => captureGit(args, '.', { input }), true));
  return states;
}

/**
 * A file that git tracks in a folder, at any depth and be it there or not, by a path that git would print; undefined where
 * there is none. Throws `failed` when git cannot say.
 */
export function trackedIn(folder: string): string | undefined {
  const { root, real } = placeOf(folder);
  const args = ['--literal-pathspecs', 'ls-files', '-z', '--', real];
  const answers = [
    ...(root === undefined ? [] : [plainGit(args, root)]),
    ...(isGitNamed() ? [captureGit(args, '.')].filter((it) => !it || !isOutOfReach(it, true)) : []),
  ];
  return answers
    .flatMap((answer) => {
      if (answer?.status !== 0) throw cannotSay(folder);
      return answer.stdout.split('\0');
    })
    .find((name) => name !== '');
}

/** Git in the repository that a folder is in, whatever the variables say. */
export function plainGit(args: readonly string[], folder: string, input = ''): Captured | undefined {
  return captureGit(args, folder, { input, without: gitVariables });
}

export function placeOf(file: string): Place {
  let above = dirname(file);
  while (!existsSync(above)) above = dirname(above);
  const folder = realpathSync(above);
  return { file, real: join(folder, relative(above, file)), folder, root: rootOf(folder) };
}

/** Where git is there, and its answer is none. */
export function cannotSay(file: string): SecretsError {
  return new SecretsError('failed', `git cannot say whether it ignores "${file}"; nothing was written`, {
    hint: 'see why: git status',
  });
}

function rootOf(folder: string): string | undefined {
  for (let root = folder; ; root = dirname(root)) {
    if (existsSync(join(root, '.git'))) return root;
    if (root === dirname(root)) return undefined;
  }
}

type Git = (args: readonly string[], input: string) => Captured | undefined;

function ask(places: readonly Place[], git: Git, isNamed = false): Map<string, GitState> {
  const names = places.map(({ real }) => real);
  // It looks into the index by itself: a tracked file is never called ignored.
  const answer = git(['check-ignore', '--stdin', '-z'], names.map((name) => `${name}\0`).join(''));
  if (answer && isOutOfReach(answer, isNamed)) return new Map();
  // Git is missing, or does not know the folder that holds `.git` for a repository.
  if (answer === undefined || answer.status > 1) throw cannotSay(places[0]!.file);
  const ignored = new Set(answer.stdout.split('\0'));
  const others = names.filter((name) => !ignored.has(name));
  const tracked = others.length > 0 ? trackedOf(others, git, places[0]!.file) : [];
  return new Map(
    places.map(({ file, real }) => {
      const state = tracked.some((name) => isSame(real, name)) ? 'tracked' : 'exposed';
      return [file, ignored.has(real) ? 'ignored' : state];
    }),
  );
}

/** Paths from the root of the work tree. */
function trackedOf(names: readonly string[], git: Git, file: string): string[] {
  const answer = git(['--literal-pathspecs', 'ls-files', '-z', '--full-name', '--', ...names], '');
  if (answer?.status !== 0) throw cannotSay(file);
  return answer.stdout.split('\0').filter((name) => name !== '');
}

/** A repository without a work tree has nothing to commit a file with: a bare one, or the inside of `.git`. */
function isOutOfReach({ status, stderr }: Captured, isNamed: boolean): boolean {
  if (status <= 1) return false;
  if (/^fatal: this operation must be run in a work tree$/m.test(stderr)) return true;
  // What a variable names may be no repository, or one of other files.
  return isNamed && /^fatal: (?:not a git repository|.* is outside repository)/m.test(stderr);
}

/**
 * From the root of the work tree that git found, which may be above ours: the end of the path decides. macOS may spell a
 * name in another normal form than the index does.
 */
function isSame(real: string, tracked: string): boolean {
  return real
    .split(sep)
    .join('/')
    .normalize('NFC')
    .endsWith(`/${tracked.normalize('NFC')}`);
}
