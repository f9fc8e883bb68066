import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { ancestors, findWorkTree } from '../../config/git.ts';
import { shellWord } from '../../exposure/git-safety.ts';
import { SecretsError } from '../../errors.ts';
import { assertPlace } from '../../files/write.ts';

/**
 * Behind a symbolic link, of the file or of a folder above it, stands the file that is written and that git must ignore.
 * A path inside the repository that leads out of it is refused, and so is a link to something that is no .env file: a
 * link is committed by one person and followed by another. Throws `invalid`, also for what is no file (or, wanted as
 * such, no folder), and where the folder that it would stand in is not there, unless it may lack.
 */
export function realPath(
  target: string,
  repository: string,
  kind: 'file' | 'folder',
  { mayLackFolder = false } = {},
): string {
  if (isLink(target) && !existsSync(target))
    throw new SecretsError('invalid', `"${target}" is a link that leads nowhere`);
  const there = mayLackFolder ? above(target) : existsSync(target) ? target : dirname(target);
  if (!existsSync(there)) assertPlace(target);
  if (there !== target && !isFolder(there))
    throw new SecretsError('failed', `cannot write "${target}": a part of the path is not a folder`);
  const real = join(realpathSync(there), relative(there, target));
  assertKind(target, real, kind);
  // What stands there, git may run.
  if (real.split(sep).some((part) => part.toLowerCase() === '.git'))
    throw new SecretsError('invalid', `"${target}" is in a folder of git; nothing is written there`);
  // Of what is in it, no ignore rule of a repository above tells, and its own do not name the folder.
  if (kind === 'folder' && existsSync(join(real, '.git')))
    throw new SecretsError(
      'invalid',
      `"${target}" is the root of a work tree of git; no secrets are written there`,
      {
        hint: `name a folder in it: secrets pull ${shellWord(join(target, 'secrets'))} --format files`,
      },
    );
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

/** The path, or the nearest folder above it that is there. */
function above(path: string): string {
  return [...ancestors(path)].find((one) => existsSync(one))!;
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory();
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // It is not there, or cannot be: the write will say which.
    return false;
  }
}
