import { printable } from '../api/names.ts';
import { SecretsError } from '../errors.ts';
import { listEnvironments, listProjects } from '../store/projects.ts';
import type { Db, Store } from '../store/schema.ts';
import { everyVersion } from '../store/secrets.ts';
import { verifyChain } from './audit.ts';
import type { VaultKeys } from './keys.ts';
import { openRow } from './opening.ts';

/** Throws `vault_damaged` unless the store is sound, every value in it opens, and its audit trail is whole. */
export async function assertWhole(store: Store, keys: VaultKeys, where: string): Promise<void> {
  const [fault] = await store.faults();
  if (fault !== undefined) throw broken(where, fault);
  const [unopenable] = await store.read((db) => findUnopenable(db, keys));
  if (unopenable !== undefined) throw broken(where, unopenable);
  const verdict = await store.snapshot((db) => verifyChain(db, keys.audit));
  if (!verdict.whole) throw broken(where, `event ${verdict.brokenAt} of its audit trail: ${verdict.reason}`);
}

function broken(where: string, what: string): SecretsError {
  return new SecretsError('vault_damaged', `${where} is not whole: ${printable(what)}`, {
    hint: 'it was left as it is; take another backup',
  });
}

/** Opens every version of every secret and names what does not open. Nothing that was opened leaves this function. */
export async function findUnopenable(db: Db, keys: VaultKeys): Promise<string[]> {
  const environments = await listEnvironments(db);
  const faults: string[] = [];
  for (const { id: projectId, name: project, data_key } of await listProjects(db)) {
    const key = keys.dataKey(projectId, data_key);
    for (const { id: environmentId, name } of environments.filter((it) => it.project_id === projectId)) {
      for (const row of await everyVersion(db, environmentId)) {
        try {
          openRow(key, { projectId, environmentId }, row);
        } catch (error) {
          if (!(error instanceof SecretsError)) throw error;
          faults.push(`${project}/${name}: ${error.message}`);
        }
      }
    }
  }
  return faults;
}
