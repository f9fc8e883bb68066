import type { Scope, SecretSet } from '../api/backend.ts';
import type { Pulled, PullMemory } from '../dotenv/last-pull.ts';

/**
 * Remembers what a file holds now, so that a later edit of it can be told from a change in the vault. `held` is what our
 * reader makes of the file: for a few values no .env file can say what was meant.
 */
export function rememberPull(
  memory: PullMemory,
  { project, environment }: Scope,
  set: SecretSet,
  held: ReadonlyMap<string, string>,
  now: Date,
): void {
  const secrets = [...set.secrets].map(([name, { value, version }]) => {
    return [
      name,
      { version, fingerprint: memory.fingerprint(name, held.get(name) ?? value.reveal()) },
    ] as const;
  });
  memory.save({
    project,
    environment,
    revision: set.revision,
    at: now.toISOString(),
    secrets: Object.fromEntries(secrets),
  });
}

/**
 * Remembers, before a file is written, what is about to be written. Whoever is killed between the file and its memory
 * leaves a file that the next pull still knows as ours.
 */
export function rememberIntent(
  memory: PullMemory,
  { project, environment }: Scope,
  about: ReadonlyMap<string, string>,
  now: Date,
): void {
  const last = memory.load();
  const secrets: Record<string, Pulled> = { ...last?.secrets };
  for (const [name, value] of about) {
    const next = memory.fingerprint(name, value);
    const { version = 0, fingerprint = next } = last?.secrets[name] ?? {};
    secrets[name] = { version, fingerprint, next };
  }
  memory.save({ ...(last ?? { project, environment, revision: 0, at: now.toISOString() }), secrets });
}
