import type { Db, SecretRow } from './schema.ts';

/** Rows a statement: SQLite binds at most 32,766 parameters, PostgreSQL 65,535. */
const batch = 1000;
const columns = ['environment_id', 'name', 'version', 'sealed', 'written_at', 'written_by'] as const;

/** The current versions in an environment, ordered by name; of all names, or of those given. */
export async function readSecrets(
  db: Db,
  environmentId: string,
  names?: readonly string[],
): Promise<SecretRow[]> {
  const whole = `SELECT ${columns.join(', ')} FROM secrets WHERE environment_id = ?`;
  if (names === undefined) return db.sql(`${whole} ORDER BY name`, environmentId);
  const rows: SecretRow[] = [];
  for (const some of chunks(names)) {
    const marks = some.map(() => '?').join(', ');
    rows.push(
      ...(await db.sql<SecretRow>(`${whole} AND name IN (${marks}) ORDER BY name`, environmentId, ...some)),
    );
  }
  return rows;
}

/** The snapshot of an environment at a revision, if one is kept. */
export async function readSnapshot(
  db: Db,
  environmentId: string,
  revision: number,
): Promise<Uint8Array | undefined> {
  const statement = 'SELECT sealed FROM snapshots WHERE environment_id = ? AND revision = ?';
  return (await db.sql<{ sealed: Uint8Array }>(statement, environmentId, revision))[0]?.sealed;
}

/** Keeps a snapshot in place of an older one. */
export async function putSnapshot(
  db: Db,
  environmentId: string,
  revision: number,
  sealed: Uint8Array,
): Promise<void> {
  await db.sql(
    `INSERT INTO snapshots (environment_id, revision, sealed) VALUES (?, ?, ?)
     ON CONFLICT (environment_id) DO UPDATE SET revision = excluded.revision, sealed = excluded.sealed`,
    environmentId,
    revision,
    sealed,
  );
}

/** The current versions in an environment without the sealed bytes, ordered by name. */
export async function listSecrets(db: Db, environmentId: string): Promise<Omit<SecretRow, 'sealed'>[]> {
  return db.sql(
    'SELECT environment_id, name, version, written_at, written_by FROM secrets WHERE environment_id = ? ORDER BY name',
    environmentId,
  );
}

/** Versions and writers of the given names, without the sealed bytes. */
export async function versionsOf(
  db: Db,
  environmentId: string,
  names: readonly string[],
): Promise<Pick<SecretRow, 'name' | 'version' | 'written_by'>[]> {
  const query = (await db.build())
    .selectFrom('secrets')
    .select(['name', 'version', 'written_by'])
    .where('environment_id', '=', environmentId);
  const rows = await Promise.all(chunks(names).map((some) => query.where('name', 'in', some).execute()));
  return rows.flat();
}

/** How many secrets an environment has, and how many bytes they are, sealed. */
export async function sizeOf(db: Db, environmentId: string): Promise<{ names: number; bytes: number }> {
  const statement =
    'SELECT COUNT(*) AS names, COALESCE(SUM(LENGTH(sealed)), 0) AS bytes FROM secrets WHERE environment_id = ?';
  return (await db.sql<{ names: number; bytes: number }>(statement, environmentId))[0]!;
}

/** How many secrets each environment of a project has. */
export async function countSecrets(db: Db, projectId: string): Promise<Map<string, number>> {
  const rows = await (
    await db.build()
  )
    .selectFrom('secrets')
    .innerJoin('environments', 'environments.id', 'secrets.environment_id')
    .select((e) => ['environment_id', e.fn.countAll<number>().as('n')])
    .where('environments.project_id', '=', projectId)
    .groupBy('environment_id')
    .execute();
  return new Map(rows.map((row) => [row.environment_id, row.n]));
}

/** Puts new current versions in place; those they replace become superseded versions. */
export async function putSecrets(db: Db, environmentId: string, rows: readonly SecretRow[]): Promise<void> {
  const builder = await db.build();
  for (const some of chunks(rows)) {
    const names = some.map((row) => row.name);
    await builder
      .insertInto('versions')
      .columns([...columns])
      .expression(
        builder
          .selectFrom('secrets')
          .select([...columns])
          .where('environment_id', '=', environmentId)
          .where('name', 'in', names),
      )
      .execute();
    await builder
      .insertInto('secrets')
      .values(some)
      .onConflict((c) =>
        c.columns(['environment_id', 'name']).doUpdateSet((e) => ({
          version: e.ref('excluded.version'),
          sealed: e.ref('excluded.sealed'),
          written_at: e.ref('excluded.written_at'),
          written_by: e.ref('excluded.written_by'),
        })),
      )
      .execute();
  }
}

/** Deletes secrets with all their versions. */
export async function deleteSecrets(db: Db, environmentId: string, names: readonly string[]): Promise<void> {
  const builder = await db.build();
  for (const some of chunks(names)) {
    await builder
      .deleteFrom('versions')
      .where('environment_id', '=', environmentId)
      .where('name', 'in', some)
      .execute();
    await builder
      .deleteFrom('secrets')
      .where('environment_id', '=', environmentId)
      .where('name', 'in', some)
      .execute();
  }
}

/** Every version in an environment, current ones too. */
export async function everyVersion(db: Db, environmentId: string): Promise<SecretRow[]> {
  const from = (table: string): string =>
    `SELECT ${columns.join(', ')} FROM ${table} WHERE environment_id = ?`;
  return db.sql(`${from('secrets')} UNION ALL ${from('versions')}`, environmentId, environmentId);
}

/** The superseded versions of one secret, newest first. */
export async function supersededVersions(db: Db, environmentId: string, name: string): Promise<SecretRow[]> {
  return (await db.build())
    .selectFrom('versions')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('name', '=', name)
    .orderBy('version', 'desc')
    .execute();
}

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / batch) }, (_, i) =>
    all.slice(i * batch, (i + 1) * batch),
  );
}
