import { closeSync, fchmodSync, fsyncSync, lstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SecretsError } from '../errors.ts';
import { writeError } from './faults.ts';
import { keepAs, moveFresh, moveOver, syncFolder } from './move.ts';
import { keepOwner } from './owner.ts';
import { discard, sweep, temporaryBeside } from './temporary.ts';

/**
 * Files are written whole or not at all: a temporary file in the same folder, fsync, rename, fsync of the folder. What
 * was there before a failed write is there after it.
 */
export interface WriteOptions {
  /** Permission bits; 0600 unless the file is meant for others to read. */
  readonly mode?: number;
  /** Throws `conflict` where the file is there already, in place of replacing it. */
  readonly fresh?: boolean;
  /** The new file belongs to whom the old one belonged. Throws `failed` where that is not allowed. */
  readonly keepOwner?: boolean;
  /** Throws `invalid` where the folder is not there, in place of making it (0700). */
  readonly inFolder?: boolean;
}

export interface FileToWrite extends WriteOptions {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Writes one file; see `writeFiles`. */
export function writeFile(path: string, content: string | Uint8Array, options: WriteOptions = {}): void {
  writeFiles([{ ...options, path, content }]);
}

/**
 * Writes all files or none: first every temporary file, written and synced, then the renames; where one of these fails,
 * those before it are taken back. What killed processes left beside the files is swept first. Throws `failed`,
 * `disk_full`, `invalid` or `conflict`, naming the file.
 */
export function writeFiles(files: readonly FileToWrite[]): void {
  const moves: Move[] = [];
  try {
    for (const file of files) moves.push(about(file.path, () => prepare(file)));
    for (const [i, move] of moves.entries()) about(move.path, () => carryOut(move, i < moves.length - 1));
    for (const folder of new Set(moves.map(({ path }) => dirname(path)))) syncFolder(folder);
  } catch (error) {
    takeBack(moves, error);
    throw error;
  } finally {
    for (const { temporary, old, lost } of moves)
      for (const it of [temporary, ...(lost ? [] : [old])]) discard(it);
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

/** Throws where a file cannot be: no folder for it, or something there that is no file. A link is not followed. */
export function assertPlace(path: string): void {
  about(path, () => {
    const folder = dirname(path);
    if (!lstatSync(folder, { throwIfNoEntry: false })) throw noFolder(folder, path);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found || found.isFile() || found.isSymbolicLink()) return;
    const what = found.isDirectory() ? 'it is a folder' : 'it is not a plain file';
    throw new SecretsError('failed', `cannot write "${path}": ${what}`);
  });
}

/** The file itself, and what SQLite may have beside it. */
const companions = ['', '-wal', '-shm', '-journal'];

/** One file on its way. */
interface Move {
  readonly path: string;
  readonly temporary: string;
  /** Where the file that was there is kept until all are written. */
  readonly old: string;
  readonly fresh: boolean;
  done: boolean;
  kept: boolean;
  /** Whether the old file could not be put back: then it stays where it is kept. */
  lost: boolean;
}

function prepare({ path, content, mode = 0o600, fresh = false, ...options }: FileToWrite): Move {
  if (!options.inFolder) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  assertPlace(path);
  sweep(path);
  const [temporary, old] = [temporaryBeside(path), temporaryBeside(path)];
  try {
    writeSynced(temporary, content, mode, options.keepOwner ? path : undefined);
  } catch (error) {
    discard(temporary);
    throw error;
  }
  return { path, temporary, old, fresh, done: false, kept: false, lost: false };
}

/** Of the last file nothing needs to be kept: when it is in its place, all are. */
function carryOut(move: Move, keep: boolean): void {
  const { path, temporary, old, fresh } = move;
  if (fresh) moveFresh(temporary, path);
  else {
    if (keep && lstatSync(path, { throwIfNoEntry: false })) {
      keepAs(path, old);
      move.kept = true;
    }
    moveOver(temporary, path);
  }
  move.done = true;
}

function takeBack(moves: readonly Move[], cause: unknown): void {
  const lost = moves.filter((move) => move.done && !isBack(move));
  if (lost.length === 0) return;
  for (const move of lost) move.lost = true;
  const kept = lost.map(({ path, old }) => `"${path}" (what it held is in "${old}")`);
  throw new SecretsError(
    'failed',
    `not all files could be written, and not all put back: ${kept.join(', ')}`,
    {
      cause,
    },
  );
}

function isBack({ path, old, kept }: Move): boolean {
  try {
    if (kept) moveOver(old, path);
    else discard(path);
    return true;
  } catch {
    return false;
  }
}

function about<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw writeError(error, path);
  }
}

function noFolder(folder: string, path: string): SecretsError {
  return new SecretsError('invalid', `there is no folder for "${path}"`, { hint: `mkdir -p '${folder}'` });
}

function prepareFolder(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  sweep(path);
}

function writeSynced(
  path: string,
  content: string | Uint8Array,
  mode: number,
  owned: string | undefined,
): void {
  const fd = openSync(path, 'wx', mode);
  try {
    fchmodSync(fd, mode);
    const old = owned === undefined ? undefined : lstatSync(owned, { throwIfNoEntry: false });
    if (old) keepOwner(fd, old, owned!);
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export { sweep, temporaryBeside };
