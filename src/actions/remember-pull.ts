import type { Scope } from '../api/backend.ts';
import type { Intent, LastPull, PullMemory } from '../dotenv/last-pull.ts';
import type { Secret } from '../secret.ts';

/** Remembers what a file and the vault have in common now, so that a later edit can be told from a later change. */
export function rememberPull(
  memory: PullMemory,
  { project, environment, place, revision }: Source,
  left: Intent,
  now: Date,
): void {
  const from = { project, environment, ...(place !== undefined && { place }), revision };
  memory.save({ ...from, at: now.toISOString(), ...left });
}

/** Where the secrets came from. */
export interface Source extends Scope {
  /** The server, or the vault on this machine. */
  readonly place?: string;
  readonly revision: number;
}

/**
 * Remembers, before a file is written, what is about to be remembered. Whoever is killed between the file and its memory
 * leaves a file that the next pull still knows as ours. A file that is not to be changed needs none of it.
 */
export function rememberIntent(memory: PullMemory, scope: Scope, left: Intent, now: Date): void {
  memory.save({ ...(memory.load() ?? nothingYet(scope, now)), next: left });
}

/** A value of the file that the vault has, too, by now: it was imported, or set from the file. */
export interface Agreed {
  readonly version: number;
  readonly value: Secret;
}

/**
 * Remembers that file and vault agree on some names, whoever brought them together; what is known of other names stays.
 * `values` are what the file holds, as it reads, and what the vault took.
 */
export function rememberAgreed(
  memory: PullMemory,
  scope: Scope,
  values: ReadonlyMap<string, Agreed>,
  now: Date,
): void {
  const last = memory.load() ?? nothingYet(scope, now);
  const secrets = new Map(Object.entries(last.secrets));
  for (const [name, { version, value }] of values) {
    const fingerprint = memory.fingerprint(name, value.reveal());
    const before = secrets.get(name);
    // What we wrote is still ours where it still stands for this value.
    secrets.set(
      name,
      before?.fingerprint === fingerprint ? { ...before, version } : { version, fingerprint },
    );
  }
  memory.save({ ...last, secrets: Object.fromEntries(secrets) });
}

function nothingYet({ project, environment }: Scope, now: Date): LastPull {
  return { project, environment, revision: 0, at: now.toISOString(), secrets: {} };
}
