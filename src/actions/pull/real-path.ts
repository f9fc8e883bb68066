import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { findWorkTree } from '../../config/git.ts';
import { SecretsError } from '../../errors.ts';
import { assertPlace } from '../../files/write.ts';

/**
 * Behind a symbolic link, of the file or of a folder above it, stands the file that is written and that git must ignore.
 * A path inside the repository that leads out of it is refused, and so is a link to something that is no .env file: a
 * link is committed by one person and followed by another. Throws `invalid`, also for what is no file (or, wanted as
 * such, no folder), and where the folder that it would stand in is not there.
 */
export function realPath(target: string, repository: string, kind: 'file' | 'folder'): string {
  if (isLink(target) && !existsSync(target))
    throw new SecretsError('invalid', `"${target}" is a link that leads nowhere`);
  if (!existsSync(dirname(target))) assertPlace(target);
  const real = existsSync(target)
    ? realpathSync(target)
    : join(realpathSync(dirname(target)), basename(target));
  assertKind(target, real, kind);
  // What stands there, git may run.
  if (real.split(sep).some((part) => part.toLowerCase() === '.git'))
    throw new SecretsError('invalid', `"${target}" is in a folder of git; nothing is written there`);
  const root = findWorkTree(repository)?.root ?? repository;
  const leadsOut = isWithin(target, root) && !isWithin(real, realpathSync(root));
  const isEnv = kind === 'folder' || /(?:^|\.)env(?:\.|$)/.test(basename(real));
  if (leadsOut || (isLink(target) && !isEnv)) {
    throw new SecretsError('invalid', `"${target}" leads to ${real}, through a link`, {
      hint: `if that is the file to write, name it: secrets pull ${real}`,
    });
  }
  return real;
}

/** Whether a path is a folder or something in it, by its words alone. */
export function isWithin(path: string, folder: string): boolean {
  return folder === sep || `${path}${sep}`.startsWith(`${folder}${sep}`);
}

function assertKind(target: string, real: string, kind: 'file' | 'folder'): void {
  const found = statSync(real, { throwIfNoEntry: false });
  if (!found || (kind === 'file' ? found.isFile() : found.isDirectory())) return;
  throw new SecretsError('invalid', `"${target}" is not a ${kind}`, {
    hint: `name the ${kind} to write: secrets pull ${kind === 'file' ? 'FILE' : 'FOLDER'}`,
  });
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // It is not there, or cannot be: the write will say which.
    return false;
  }
}
