import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isSystemError, SecretsError } from '../errors.ts';
import { isAlive, ownPid } from '../process/alive.ts';

export interface WriteOptions {
  /** Permission bits; 0600 unless the file is meant for others to read. */
  readonly mode?: number;
  /** Throws `conflict` where the file is there already, in place of replacing it. */
  readonly fresh?: boolean;
}

/**
 * Writes a file whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the folder. What a
 * killed process left behind is swept first. Missing folders are made, 0700.
 */
export function writeFile(path: string, content: string | Uint8Array, options: WriteOptions = {}): void {
  const temporary = temporaryBeside(path);
  try {
    prepareFolder(path);
    writeSynced(temporary, content, options.mode ?? 0o600);
    if (options.fresh) moveFresh(temporary, path);
    else renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    throw writeError(error, path);
  } finally {
    discard(temporary);
  }
}

/**
 * Lets somebody else make a new file, aside, and puts it in place when it is whole. Throws `conflict` where there is one
 * by then, and leaves that one alone.
 */
export async function placeFile<T>(path: string, make: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = temporaryBeside(path);
  try {
    prepareFolder(path);
    const result = await make(temporary);
    moveFresh(temporary, path);
    syncFolder(dirname(path));
    return result;
  } catch (error) {
    throw writeError(error, path);
  } finally {
    for (const suffix of companions) discard(temporary + suffix);
  }
}

const notAFolder = 'a part of the path is not a folder';

/** Turns a failed write into our error, naming the file and what to do. */
export function writeError(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error;
  const { code } = error;
  if (code === 'EEXIST' && error.syscall !== 'mkdir')
    return new SecretsError('conflict', `"${path}" is there already; it was not touched`, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SecretsError(
      'disk_full',
      `no space left to write "${path}"; what was there before is still there`,
      { cause: error },
    );
  }
  const why = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
  }[code];
  const what = { EISDIR: 'it is a folder', ENOTDIR: notAFolder, EEXIST: notAFolder }[code] ?? why ?? code;
  return new SecretsError('failed', `cannot write "${path}": ${what}`, { cause: error });
}

/** Removes the temporary files that killed processes left beside a path. */
export function sweep(path: string): void {
  const prefix = `.${basename(path)}.`;
  for (const entry of readdirSync(dirname(path))) {
    const pid =
      entry.startsWith(prefix) &&
      /^(\d+)-\d+\.tmp(-wal|-shm|-journal)?$/.exec(entry.slice(prefix.length))?.[1];
    if (pid && !isAlive(Number(pid))) rmSync(join(dirname(path), entry), { force: true });
  }
}

/** The file itself, and what SQLite may have beside it. */
const companions = ['', '-wal', '-shm', '-journal'];

/** What cannot be removed was not made; the error that counts is on its way already. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // ENOTDIR, ENAMETOOLONG and the like.
  }
}

/** A name in the same folder that no other process takes. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${ownPid}-${Date.now()}.tmp`);
}

function prepareFolder(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  sweep(path);
}

/** A rename would replace what is there; a link does not. Where the file system has no links, look first. */
function moveFresh(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    if (existsSync(path))
      throw new SecretsError('conflict', `"${path}" is there already; it was not touched`, { cause: error });
    renameSync(temporary, path);
  }
}

function writeSynced(path: string, content: string | Uint8Array, mode: number): void {
  const fd = openSync(path, 'wx', mode);
  try {
    fchmodSync(fd, mode);
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } catch {
    // Windows and some network file systems cannot open or sync a folder; the rename itself is done.
  }
}
