import { operatorName } from '../api/names.ts';
import { randomUUID } from 'node:crypto';
import type { Principal } from '../api/team.ts';
import { masterKeyId } from '../crypto/master-key.ts';
import { SecretsError } from '../errors.ts';
import { listPrincipals } from '../store/principals.ts';
import type { Store } from '../store/schema.ts';
import { assertKnownSchema, schemaVersion } from '../store/version.ts';
import { record } from './audit.ts';
import { type MasterKeySource, VaultKeys } from './keys.ts';
import { makePrincipal } from './principals.ts';
import { Vault } from './vault.ts';

/** What a new vault needs to know. */
export interface Birth {
  /** Name of the first member, an admin. Without one, the vault waits for whoever brings the first enrolment code. */
  readonly owner?: string;
  /** Makes the master key for a vault id and keeps it; the vault is not made if this throws. */
  readonly makeKey: MasterKeySource;
}

/** Opens the vault in a store, migrating an older one. Throws `vault_too_new` or `vault_damaged`. */
export async function openVault(
  store: Store,
  where: string,
  source: MasterKeySource,
  now: () => Date,
): Promise<Vault> {
  const meta = await existingMeta(store, where);
  const version = Number(meta.schema_version);
  if (!Number.isInteger(version) || version < 1) throw foreign(where);
  assertKnownSchema(version, `the vault ${where}`);
  if (version < schemaVersion) {
    const { migrate } = await import('../store/migrations.ts');
    await store.transaction(async (tx) => migrate(tx, Number((await tx.meta()).schema_version), store.types));
  }
  return new Vault(store, { id: meta.vault_id, keyId: meta.key_id }, source, now);
}

/** Makes the vault in a new, empty store. Nothing is left in it if the key cannot be kept. */
export async function createVault(store: Store, birth: Birth, now: () => Date): Promise<void> {
  const { migrate } = await import('../store/migrations.ts');
  const id = randomUUID();
  const masterKey = await birth.makeKey(id);
  await store.transaction(async (tx) => {
    // Two servers that start at once on one database: the one that comes second finds the vault made.
    if ((await tx.meta()).vault_id !== undefined) return;
    await migrate(tx, 0, store.types);
    const [keys, at] = [new VaultKeys(masterKey, id), now().toISOString()];
    tx.setMeta('vault_id', id);
    tx.setMeta('key_id', masterKeyId(masterKey, id));
    const actor = { name: birth.owner ?? operatorName };
    if (birth.owner !== undefined) await makePrincipal({ tx, at }, birth.owner, 'admin');
    await record({ tx, actor, keys, at, origin: undefined }, 'vault.create', {}, { vaultId: id });
  });
  masterKey.fill(0);
}

/** The owner of an embedded vault: its first admin. */
export async function localOwner(vault: Vault): Promise<Principal> {
  const owner = (await vault.store.read(listPrincipals)).find(({ role }) => role === 'admin');
  if (!owner) throw new SecretsError('vault_damaged', 'the vault has no admin');
  return { id: owner.id, name: owner.name, role: owner.role };
}

async function existingMeta(
  store: Store,
  where: string,
): Promise<{ schema_version: string; vault_id: string; key_id: string }> {
  const tables = await store.tables();
  if (!tables.includes('meta')) throw foreign(where);
  const { schema_version, vault_id, key_id } = await store.read((db) => db.meta());
  if (schema_version === undefined || vault_id === undefined || key_id === undefined) throw foreign(where);
  return { schema_version, vault_id, key_id };
}

function foreign(where: string): SecretsError {
  return new SecretsError('vault_damaged', `${where} is a database, but not a vault`, {
    hint: 'it was not touched; name another file in SECRETS_VAULT',
  });
}
