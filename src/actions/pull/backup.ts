import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { FileToWrite } from '../../files/write.ts';

/** `--backup` keeps what a file held beside it, as `.bak`, then `.bak.1`, `.bak.2`, …: none is ever replaced. */

/** What the names of all backups of a file begin with. */
export function backupsOf(path: string): string {
  return `${basename(path)}.bak`;
}

/** Where the next backup of a file goes. */
export function nextBackup(path: string): string {
  return numbered(path, newestOf(path) + 1);
}

/** The backup of a file that is to hold something else, or to go; none where the newest one is the same. */
export function backupFor(path: string, content: string | undefined): FileToWrite[] {
  if (!existsSync(path)) return [];
  const old = readFileSync(path);
  if (content !== undefined && old.equals(Buffer.from(content))) return [];
  const newest = newestOf(path);
  const before = numbered(path, newest);
  const isThere = newest >= 0 && lstatSync(before).isFile() && readFileSync(before).equals(old);
  return isThere ? [] : [{ path: numbered(path, newest + 1), content: old }];
}

function numbered(path: string, number: number): string {
  return `${path}.bak${number > 0 ? `.${number}` : ''}`;
}

/** The number of the newest backup; -1 where there is none. */
function newestOf(path: string): number {
  const first = backupsOf(path);
  const all = existsSync(dirname(path)) ? readdirSync(dirname(path)) : [];
  const numbers = all.map((name) => {
    if (name === first) return 0;
    const number = name.startsWith(`${first}.`) ? name.slice(first.length + 1) : '';
    return /^[1-9]\d{0,8}$/.test(number) ? Number(number) : -1;
  });
  return Math.max(-1, ...numbers);
}
