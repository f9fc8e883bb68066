import { SecretsError } from '../errors.ts';
import { listEnvironments, listProjects } from '../store/projects.ts';
import type { Db } from '../store/schema.ts';
import { everyVersion } from '../store/secrets.ts';
import type { VaultKeys } from './keys.ts';
import { openRow } from './opening.ts';

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
