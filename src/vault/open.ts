import { randomUUID } from 'node:crypto';
import type { Member } from '../api/team.ts';
import { masterKeyId } from '../crypto/master-key.ts';
import { SecretsError } from '../errors.ts';
import { insertMember, listMembers, readMeta, writeMeta } from '../store/meta.ts';
import type { SqlTypes } from '../store/migrations.ts';
import type { Store } from '../store/schema.ts';
import { assertKnownSchema, schemaVersion } from '../store/version.ts';
import { record } from './audit.ts';
import { type MasterKeySource, VaultKeys } from './keys.ts';
import { Vault } from './vault.ts';

const sqliteTypes: SqlTypes = { bytes: 'blob' };

/** What a new vault needs to know. */
export interface Birth {
  /** Name of the first member, an admin. */
  readonly owner: string;
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
    await store.transaction(async (tx) =>
      migrate(tx, Number((await readMeta(tx)).schema_version), sqliteTypes),
    );
  }
  return new Vault(store, { id: meta.vault_id, keyId: meta.key_id }, source, now);
}

/** Makes the vault in a new, empty store. Nothing is left in it if the key cannot be kept. */
export async function createVault(store: Store, birth: Birth, now: () => Date): Promise<void> {
  const { migrate } = await import('../store/migrations.ts');
  const [id, at] = [randomUUID(), now().toISOString()];
  const owner: Member = { id: randomUUID(), name: birth.owner, role: 'admin' };
  await store.transaction(async (tx) => {
    await migrate(tx, 0, sqliteTypes);
    const masterKey = await birth.makeKey(id);
    const keys = new VaultKeys(masterKey, id);
    await writeMeta(tx, 'vault_id', id);
    await writeMeta(tx, 'key_id', masterKeyId(masterKey, id));
    masterKey.fill(0);
    await insertMember(tx, { id: owner.id, name: owner.name, role: owner.role, created_at: at });
    await record({ tx, actor: owner, keys, at }, 'vault.create', {}, { vaultId: id });
  });
}

/** The owner of an embedded vault: its first member. */
export async function localOwner(vault: Vault): Promise<Member> {
  const [owner] = await vault.store.read(listMembers);
  if (!owner) throw new SecretsError('vault_damaged', 'the vault has no member');
  return { id: owner.id, name: owner.name, role: owner.role };
}

async function existingMeta(
  store: Store,
  where: string,
): Promise<{ schema_version: string; vault_id: string; key_id: string }> {
  const tables = await store.tables();
  if (!tables.includes('meta')) throw foreign(where);
  const { schema_version, vault_id, key_id } = await store.read(readMeta);
  if (schema_version === undefined || vault_id === undefined || key_id === undefined) throw foreign(where);
  return { schema_version, vault_id, key_id };
}

function foreign(where: string): SecretsError {
  return new SecretsError('vault_damaged', `${where} is a database, but not a vault`, {
    hint: 'it was not touched; name another file in SECRETS_VAULT',
  });
}
