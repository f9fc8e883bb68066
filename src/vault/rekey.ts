import { operatorName } from '../api/names.ts';
import { masterKeyId } from '../crypto/master-key.ts';
import { SecretsError } from '../errors.ts';
import { listProjects, setDataKey } from '../store/projects.ts';
import type { Tx } from '../store/schema.ts';
import { record, resign } from './audit.ts';
import { VaultKeys } from './keys.ts';

/**
 * Wraps every data key under another master key, signs the end of the audit trail with what follows from it, and names
 * it as the key of the vault: in one transaction, so that a crash leaves all of it or nothing. Values are not touched.
 * Returns how many data keys there were. Throws `conflict` when it is the master key already.
 */
export async function rekey(
  { tx, keys, at }: { tx: Tx; keys: VaultKeys; at: string },
  vaultId: string,
  masterKey: Buffer,
): Promise<number> {
  const next = new VaultKeys(masterKey, vaultId);
  const id = masterKeyId(masterKey, vaultId);
  if ((await tx.meta()).key_id === id)
    throw new SecretsError('conflict', 'that is the master key of this vault already; nothing was changed');
  const projects = await listProjects(tx);
  for (const project of projects)
    await setDataKey(tx, project.id, keys.rewrap(project.id, project.data_key, next));
  await resign(tx, keys.audit, next.audit);
  tx.setMeta('key_id', id);
  const call = { tx, keys: next, at, origin: undefined, actor: { name: operatorName } };
  await record(call, 'vault.rekey', {}, { projects: projects.length });
  return projects.length;
}
