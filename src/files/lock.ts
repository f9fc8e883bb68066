import { randomBytes } from 'node:crypto';
import {
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isSystemError, SecretsError } from '../errors.ts';
import { isAlive, ownPid } from '../process/alive.ts';
import { writeError } from './faults.ts';
import { moveOver, sleep } from './move.ts';
import { discard } from './temporary.ts';

/**
 * A lock between processes: a file that is made where there is none, and that names its holder as `pid-nonce`. A holder
 * that was killed leaves it. Whoever finds such a lock may replace it when it has made the claim that carries the
 * lock's own nonce: of all who find it, one can. A claim whose maker was killed is claimed in the same way.
 */
const patience = 10_000;

/** The locks that this process holds: another one of its own pid is left from before a restart. */
const held = new Set<string>();

/**
 * Does the work while no other process does work under the same lock. For short work: others wait up to 10 s, then they
 * throw `conflict`. It does not nest.
 */
export function withLock<T>(path: string, work: () => T): T {
  const mine = `${ownPid}-${randomBytes(12).toString('hex')}`;
  acquire(path, mine);
  held.add(mine);
  try {
    return work();
  } finally {
    held.delete(mine);
    if (read(path) === mine) rmSync(path, { force: true });
  }
}

function acquire(path: string, mine: string): void {
  const ticket = `${path}.${mine}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(ticket, mine, { mode: 0o600, flag: 'wx' });
    const late = Date.now() + patience;
    for (let pause = 2; !isTaken(path, ticket); pause = Math.min(pause * 2, 50)) {
      if (Date.now() >= late) throw tooLate(path);
      sleep(pause);
    }
    sweepClaims(path);
  } catch (error) {
    throw writeError(error, path);
  } finally {
    discard(ticket);
  }
}

/** One try: the lock is free, or its holder is dead and the claim to it is ours. */
function isTaken(path: string, ticket: string): boolean {
  if (isMade(ticket, path)) return true;
  const found = read(path);
  let last = found;
  const claims: string[] = [];
  while (last !== undefined && isDead(last)) {
    const claim = claimOf(path, last);
    if (!isMade(ticket, claim)) {
      claims.push(claim);
      last = read(claim);
      continue;
    }
    // A claim that is made late is worth nothing: the lock is another one by now.
    const isOurs = read(path) === found;
    if (isOurs) moveOver(ticketCopy(ticket), path);
    for (const it of isOurs ? [claim, ...claims] : [claim]) rmSync(it, { force: true });
    return isOurs;
  }
  return false;
}

/** The ticket stays until the end, so what is moved is a second one. */
function ticketCopy(ticket: string): string {
  const copy = `${ticket}.move`;
  writeFileSync(copy, readFileSync(ticket), { mode: 0o600 });
  return copy;
}

/** Makes a file with what is in the ticket, whole, where there is none; false where there is one. */
function isMade(ticket: string, path: string): boolean {
  try {
    linkSync(ticket, path);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST') return false;
    return isCopied(ticket, path);
  }
}

/** Where the file system has no links. */
function isCopied(ticket: string, path: string): boolean {
  try {
    copyFileSync(ticket, path, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false;
    throw error;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What is not written out yet is of somebody who lives. */
function isDead(holder: string): boolean {
  const pid = Number(/^(\d+)-[0-9a-f]{24}$/.exec(holder)?.[1] ?? 0);
  if (pid === 0 || held.has(holder)) return false;
  return pid === ownPid || !isAlive(pid);
}

function claimOf(path: string, holder: string): string {
  return `${path}.${holder}.claim`;
}

/** By whoever holds the lock: claims to the locks before it, and tickets of those who were killed while they waited. */
function sweepClaims(path: string): void {
  const prefix = `${basename(path)}.`;
  for (const entry of readdirSync(dirname(path))) {
    const [, holder, end] =
      (entry.startsWith(prefix) &&
        /^(\d+-[0-9a-f]{24})(\.claim|\.move)?$/.exec(entry.slice(prefix.length))) ||
      [];
    if (holder === undefined) continue;
    if (end === '.claim' || isDead(holder)) rmSync(join(dirname(path), entry), { force: true });
  }
}

function tooLate(path: string): SecretsError {
  const pid = /^\d+/.exec(read(path) ?? '')?.[0];
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  return new SecretsError('conflict', `${who} has held "${path}" for ${patience / 1000} s`, {
    hint: [`see what it is: ps -p ${pid ?? 'PID'}`, `if it is none of ours: rm '${path}'`],
  });
}
