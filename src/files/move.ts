import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, renameSync } from 'node:fs';
import { isSystemError, SecretsError } from '../errors.ts';
import { isWindows } from '../process/platform.ts';

/** Milliseconds that a file which another program holds open is waited for. */
const patience = 2000;
/** No links on this file system: FAT, some network shares. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);
/** Where a file that is held open cannot be replaced: on Windows, and on a share that a Windows machine serves. */
const held = new Set(isWindows ? ['EBUSY', 'EPERM', 'EACCES'] : ['EBUSY']);

/** Puts a file in the place of another in one step; waits up to 2 s where another program holds that one open. */
export function moveOver(from: string, to: string): void {
  const late = Date.now() + patience;
  for (let pause = 10; ; pause = Math.min(pause * 2, 200)) {
    try {
      return renameSync(from, to);
    } catch (error) {
      if (!isSystemError(error) || !held.has(error.code) || Date.now() >= late) throw error;
      sleep(pause);
    }
  }
}

/** A rename would replace what is there; a link does not. Where the file system has no links, look first. */
export function moveFresh(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (!isSystemError(error) || !linkless.has(error.code)) throw error;
    if (existsSync(to))
      throw new SecretsError('conflict', `"${to}" is there already; it was not touched`, { cause: error });
    renameSync(from, to);
  }
}

/** A second name for a file, so that it outlives its replacement; a copy where the file system has no links. */
export function keepAs(path: string, second: string): void {
  try {
    linkSync(path, second);
  } catch (error) {
    if (!isSystemError(error) || !linkless.has(error.code)) throw error;
    copyFileSync(path, second);
  }
}

/** Makes the names in a folder last. */
export function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r');
    fsyncSync(fd);
    closeSync(fd);
  } catch {
    // Windows and some network file systems cannot open or sync a folder; the rename itself is done.
  }
}

/** Waits without giving way to anything else of this process. */
export function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
