import type { Db, Tables } from './schema.ts';

type MetaKey = 'schema_version' | 'vault_id' | 'key_id' | 'audit_head' | 'key_exported_at';

/** All facts about the store itself. */
export async function readMeta(db: Db): Promise<Partial<Record<MetaKey, string>>> {
  const rows = await db.sql<Tables['meta']>('SELECT key, value FROM meta');
  return Object.fromEntries(rows.map((row) => [row.key, row.value]));
}

export async function writeMeta(db: Db, key: MetaKey, value: string): Promise<void> {
  await db.sql(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    key,
    value,
  );
}

export async function insertMember(db: Db, row: Tables['members']): Promise<void> {
  await (await db.build()).insertInto('members').values(row).execute();
}

/** The members, oldest first. */
export async function listMembers(db: Db): Promise<Tables['members'][]> {
  return db.sql('SELECT id, name, role, created_at FROM members ORDER BY created_at, id');
}
