import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { SecretsError } from '../errors.ts';
import { writeFile } from '../files/write.ts';
import { capture } from '../process/capture.ts';

/**
 * A file with values must never be committed. Git itself is asked, because its rules (nested ignore files, global
 * excludes, negations) are its own; ignored is not untracked, so both are asked.
 */
export type GitState = 'outside' | 'ignored' | 'exposed';

/** Where a file stands with git. Throws `invalid` when it is tracked already. */
export function gitState(file: string): GitState {
  const { folder, name } = realPlace(file);
  // It looks into the index by itself: a tracked file is never called ignored.
  const ignored = capture('git', ['check-ignore', '-q', '--', name], folder);
  if (ignored === undefined || ignored.status === 128) return 'outside';
  if (ignored.status === 0) return 'ignored';
  if (capture('git', ['ls-files', '--error-unmatch', '--', name], folder)?.status === 0)
    throw trackedError(file);
  return 'exposed';
}

/** Adds the one line that makes git ignore the file; returns the ignore file that has it now. */
export function ignoreFile(file: string): string {
  const { folder, name: target } = realPlace(file);
  const root = capture('git', ['rev-parse', '--show-toplevel'], folder)?.stdout.trim() || folder;
  const home = existsSync(join(folder, '.gitignore')) ? folder : root;
  const path = join(home, '.gitignore');
  const name = relative(home, target).split(sep).join('/');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  const mode = existsSync(path) ? statSync(path).mode & 0o777 : 0o644;
  writeFile(path, `${before}${gap}/${name}\n`, { mode });
  return path;
}

/** The command that makes git ignore a file, wherever it is typed. */
export function ignoreLine(file: string): string {
  return `echo '/${basename(file)}' >> ${join(dirname(file), '.gitignore')}`;
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
      `git rm --cached ${file} && ${ignoreLine(file)}`,
      'what was committed before stays in the history: rotate those values',
    ],
  });
}
