import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { SecretsError } from '../errors.ts';
import { temporaryBeside, writeFile } from '../files/write.ts';
import { captureGit } from '../process/capture.ts';

/**
 * A file with values must never be committed. Git itself is asked, because its rules (nested ignore files, global
 * excludes, negations) are its own; ignored is not untracked, so both are asked.
 */
export type GitState = 'outside' | 'ignored' | 'exposed';

/** Where a file stands with git. Throws `invalid` when it is tracked already, `failed` when git cannot say. */
export function gitState(file: string): GitState {
  const { folder, name } = realPlace(file);
  // It looks into the index by itself: a tracked file is never called ignored.
  const ignored = captureGit(['check-ignore', '-q', '--', name], folder);
  if (ignored === undefined || /not a git repository/.test(ignored.stderr)) return 'outside';
  if (ignored.status > 1) throw cannotSay(file);
  if (ignored.status === 0) return 'ignored';
  if (captureGit(['ls-files', '--error-unmatch', '--', name], folder)?.status === 0) throw trackedError(file);
  return 'exposed';
}

/**
 * Keeps what a killed write may leave beside the file out of git as well: one line in the exclude file of this clone,
 * which is not committed.
 */
export function excludeTemporaries(file: string): void {
  const { folder, name } = realPlace(file);
  if (captureGit(['check-ignore', '-q', '--', temporaryBeside(name)], folder)?.status !== 1) return;
  const answer = captureGit(['rev-parse', '--git-path', 'info/exclude'], folder);
  if (answer?.status !== 0) return;
  const path = resolve(folder, answer.stdout.trim());
  assertPlain(path);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  writeFile(path, `${before}${gap}# what a killed \`secrets pull\` may leave\n.*.[0-9]*-[0-9]*.tmp\n`, {
    mode: 0o644,
  });
}

/** Adds the one line that makes git ignore the file; returns the ignore file that has it now. */
export function ignoreFile(file: string): string {
  const { folder, name } = realPlace(file);
  const root = captureGit(['rev-parse', '--show-toplevel'], folder)?.stdout.trim() || folder;
  const home = existsSync(join(folder, '.gitignore')) ? folder : root;
  const path = addLine(join(home, '.gitignore'), name);
  // An ignore file between here and the root may take it back; the one beside the file has the last word.
  return home === folder || gitState(file) === 'ignored' ? path : addLine(join(folder, '.gitignore'), name);
}

function addLine(path: string, file: string): string {
  assertPlain(path);
  const name = relative(dirname(path), file).split(sep).join('/');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o644;
  writeFile(path, `${before}${gap}/${pattern(name)}\n`, { mode });
  return path;
}

/** Git does not follow a link here, and what is behind one may be private: it is not read, and not replaced. */
function assertPlain(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  throw new SecretsError('invalid', `"${path}" is not a plain file; it was not touched`, {
    hint: 'git reads no ignore rules through a link: make it a file',
  });
}

/** A name as gitignore(5) reads it: no character of it is a wildcard, and a space at the end stays. */
function pattern(name: string): string {
  return name.replace(/[\\*?[\]]/g, String.raw`\$&`).replace(/ $/, String.raw`\ `);
}

/** Where git is there, and its answer is none. */
export function cannotSay(file: string): SecretsError {
  return new SecretsError('failed', `git cannot say whether it ignores "${file}"; nothing was written`, {
    hint: 'see why: git status',
  });
}

/** The command that makes git ignore a file, wherever it is typed. */
export function ignoreLine(file: string): string {
  return `echo ${quoted(`/${basename(file)}`)} >> ${quoted(join(dirname(file), '.gitignore'))}`;
}

/** A word as a POSIX shell takes it. */
function quoted(word: string): string {
  return /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** The nearest folder above that exists, which git can be asked in, and the file seen from there, links resolved. */
function realPlace(file: string): { folder: string; name: string } {
  let folder = dirname(file);
  while (!existsSync(folder)) folder = dirname(folder);
  return { folder: realpathSync(folder), name: join(realpathSync(folder), relative(folder, file)) };
}

function trackedError(file: string): SecretsError {
  return new SecretsError('invalid', `"${file}" is tracked by git; values must not be committed`, {
    hint: [
      `git rm --cached ${quoted(file)} && ${ignoreLine(file)}`,
      'what was committed before stays in the history: rotate those values',
    ],
  });
}
