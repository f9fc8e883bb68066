import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { type FileToWrite, writeFiles } from '../../files/write.ts';
import { withLock } from '../../files/lock.ts';
import { rememberIntent, rememberPull, type Source } from '../remember-pull.ts';
import { backupFor } from './backup.ts';
import type { Faults } from './faults.ts';
import type { Plan } from './plan.ts';
import type { Ready } from './prepare.ts';

/** A target with what is to be done to it. */
export interface Planned extends Ready {
  readonly plan: Plan;
}

/** A target that was written. */
export interface Done extends Planned {
  /** Where `--backup` keeps what its files held. */
  readonly backups: readonly string[];
}

/** What would be done to each target; what stands against it is among the faults, conflicts only if they count as such. */
export function planAll(all: readonly Ready[], faults: Faults, { isLook }: { isLook: boolean }): Planned[] {
  return all.flatMap((ready) => {
    const { shown } = ready.place.target;
    const plan = faults.catch(shown, () => ready.prepared.plan());
    if (plan?.fault && (!isLook || plan.fault.code !== 'drift')) faults.add(shown, plan.fault);
    return plan ? { ...ready, plan } : [];
  });
}

/** Does the work while no other pull of this user is between reading its files and writing them. */
export function withPullLock<T>(ctx: Context, work: () => T): T {
  return withLock(join(ctx.paths().state, 'pull.lock'), work);
}

/**
 * Writes the files of all plans, or none. What is about to be written is remembered before, and what was written after
 * it: whoever is killed in between leaves files that the next pull still knows as ours.
 */
export function carryOut(ctx: Context, all: readonly Planned[], source: Source, keepOld: boolean): Done[] {
  const now = ctx.now();
  const todo = all.map((one) => {
    const [left, files] = [one.plan.left(), pending(ctx, one.plan)];
    const old = keepOld ? backupsFor(one.plan, files) : [];
    return Object.assign(one, { left, files, old, backups: old.map(({ path }) => path) });
  });
  for (const { place, files, left } of todo)
    if (files.length > 0) rememberIntent(place.memory, source, left, now);
  for (const { place } of todo)
    if (place.target.format === 'files') mkdirSync(place.path, { recursive: true, mode: 0o700 });
  writeFiles([...todo.flatMap(({ old }) => old), ...todo.flatMap(({ files }) => files)]);
  for (const { place, plan, left } of todo) {
    for (const path of plan.gone ?? []) rmSync(path, { force: true });
    rememberPull(place.memory, source, left, now);
  }
  return todo;
}

function backupsFor({ gone = [] }: Plan, files: readonly FileToWrite[]): FileToWrite[] {
  const changed = files.flatMap(({ path, content }) => backupFor(path, String(content)));
  return [...changed, ...gone.flatMap((path) => backupFor(path, undefined))].map(({ path, content }) => {
    return { path, content, inFolder: true, fresh: true };
  });
}

/** What does not stand there already, or stands there for others to read. */
function pending(ctx: Context, { files }: Plan): FileToWrite[] {
  const isOpen = (path: string): boolean => ctx.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
  return files
    .filter(({ path, content }) => !existsSync(path) || !holds(path, content) || isOpen(path))
    .map(toWrite);
}

function toWrite({ path, content }: FileToWrite): FileToWrite {
  return { path, content, keepOwner: true, inFolder: true };
}

function holds(path: string, content: string): boolean {
  return readFileSync(path).equals(Buffer.from(content));
}
