import type { Scope, SecretSet } from '../api/backend.ts';
import type { PullMemory } from '../dotenv/last-pull.ts';

/** Remembers that a file holds just these values, so that a later edit of it can be told from a change in the vault. */
export function rememberPull(
  memory: PullMemory,
  { project, environment }: Scope,
  set: SecretSet,
  now: Date,
): void {
  const secrets = [...set.secrets].map(([name, { value, version }]) => {
    return [name, { version, fingerprint: memory.fingerprint(name, value.reveal()) }] as const;
  });
  memory.save({
    project,
    environment,
    revision: set.revision,
    at: now.toISOString(),
    secrets: Object.fromEntries(secrets),
  });
}
