import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { oneLine, SecretsError } from '../errors.ts';
import { temporaryBeside, writeFile } from '../files/write.ts';
import { cannotSay, type GitState, gitStates, placeOf, plainGit, trackedIn } from './git-state.ts';

/** A file with values must never be committed: it is told to git to ignore it, and a tracked one is refused. */

/** Where a file stands with git. Throws `invalid` when it is tracked already, `failed` when git cannot say. */
export function gitState(file: string): Exclude<GitState, 'tracked'> {
  const state = gitStates([file]).get(file)!;
  if (state === 'tracked') throw trackedError(file);
  return state;
}

const temporaries = '.*.[0-9]*-[0-9]*.tmp';

/**
 * Keeps what a killed write may leave beside the file out of git as well: one line in the exclude file of this clone,
 * which is not committed.
 */
export function excludeTemporaries(file: string): void {
  const { root, real } = placeOf(file);
  if (root === undefined || linesOf(join(root, '.git/info/exclude')).includes(temporaries)) return;
  if (plainGit(['check-ignore', '-q', '--', temporaryBeside(real)], root)?.status !== 1) return;
  const answer = plainGit(['rev-parse', '--git-path', 'info/exclude'], root);
  if (answer?.status !== 0) return;
  addLines(
    resolve(root, answer.stdout.trim()),
    `# what a killed \`secrets pull\` may leave\n${temporaries}\n`,
  );
}

/** A line that was added to an ignore file. */
export interface Ignored {
  /** The ignore file. */
  readonly path: string;
  readonly line: string;
}

/**
 * Adds the one line that makes git ignore the file, or all in its folder whose names begin with `series`, as its own
 * does. Returns the line, and where it is. Throws `invalid` for a name that no line can have, `failed` where git does not
 * go by it.
 */
export function ignoreFile(file: string, series?: string): Ignored {
  const { folder, real, root = folder } = placeOf(file);
  const home = existsSync(join(folder, '.gitignore')) ? folder : root;
  const added = addName(join(home, '.gitignore'), real, series);
  // An ignore file between here and the root may take it back; the one beside the file has the last word.
  if (gitState(file) === 'ignored') return added;
  const nearer = home === folder ? added : addName(join(folder, '.gitignore'), real, series);
  if (nearer !== added && gitState(file) === 'ignored') return nearer;
  throw new SecretsError('failed', `git does not ignore "${file}", although "${nearer.path}" says so`, {
    hint: `see why: git check-ignore -v ${shellWord(file)}`,
  });
}

function addName(path: string, file: string, series: string | undefined): Ignored {
  const named = series === undefined ? file : join(dirname(file), series);
  const name = pattern(relative(dirname(path), named).split(sep).join('/'));
  assertLine(name, file);
  const line = `/${name}${series === undefined ? '' : '*'}`;
  addLines(path, `${line}\n`);
  return { path, line };
}

/** What stands there stays to the byte: names of files are bytes to git, and need not be UTF-8. */
function addLines(path: string, lines: string): void {
  assertPlain(path);
  const before = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const gap = before.length === 0 || before.at(-1) === 0x0a ? '' : '\n';
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o644;
  writeFile(path, Buffer.concat([before, Buffer.from(gap + lines)]), { mode, keepOwner: true });
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    // A linked work tree or a submodule, where `.git` is a file: git knows the place.
    return [];
  }
}

/** Git does not follow a link here, and what is behind one may be private: it is not read, and not replaced. */
function assertPlain(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  throw new SecretsError('invalid', `"${path}" is not a plain file; it was not touched`, {
    hint: 'git reads no ignore rules through a link: make it a file',
  });
}

/** An ignore file has one pattern a line, and no way to write a line end; git cuts a CR or a tab at the end of one. */
function assertLine(name: string, file: string): void {
  if (!/\p{Cc}/u.test(name)) return;
  throw new SecretsError(
    'invalid',
    `"${oneLine(file)}" has a control character in its name; git cannot be told to ignore it`,
    { hint: 'name another file' },
  );
}

/** A name as gitignore(5) reads it: no character of it is a wildcard, and a space at the end stays. */
function pattern(name: string): string {
  return name.replace(/[\\*?[\]]/g, String.raw`\$&`).replace(/ $/, String.raw`\ `);
}

/** The command that makes git ignore a file, or all whose names begin with `series`, wherever it is typed. */
export function ignoreLine(file: string, series?: string): string {
  const line = series === undefined ? `/${basename(file)}` : `/${series}*`;
  return `echo ${shellWord(line)} >> ${shellWord(join(dirname(file), '.gitignore'))}`;
}

/** A word as a POSIX shell takes it. */
export function shellWord(word: string): string {
  return /^[\w./@:+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The error about a file that git tracks, with the way out of it. */
export function trackedError(file: string): SecretsError {
  return new SecretsError('invalid', `"${file}" is tracked by git; values must not be committed`, {
    hint: [
      `git rm --cached ${shellWord(file)} && ${ignoreLine(file)}`,
      'what was committed before stays in the history: rotate those values',
    ],
  });
}

export { cannotSay, type GitState, gitStates, trackedIn };
