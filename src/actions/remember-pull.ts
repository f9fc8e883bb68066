import type { Scope, SecretSet } from '../api/backend.ts';
import type { PullMemory } from '../dotenv/last-pull.ts';

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
