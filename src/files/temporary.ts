import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isAlive, ownPid } from '../process/alive.ts';

/** What is written stands beside its place first, under a name that tells who writes it: a later process sweeps it. */
let made = 0;

/** A name in the same folder that no other process takes, and that this one takes once. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${ownPid}-${Date.now()}${made++}.tmp`);
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

/** What cannot be removed was not made; the error that counts is on its way already. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // ENOTDIR, ENAMETOOLONG and the like.
  }
}
