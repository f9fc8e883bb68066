import type { Db, GrantRow } from './schema.ts';

/** A grant with the names of what its ids stand for. */
export interface NamedGrant extends GrantRow {
  readonly principal: string | null;
  readonly project: string | null;
  readonly environment: string | null;
}

export async function insertGrants(db: Db, rows: readonly GrantRow[]): Promise<void> {
  if (rows.length > 0) await (await db.build()).insertInto('grants').values(rows).execute();
}

/** The grants of a principal and of its groups. */
export async function grantsOf(db: Db, principalId: string, groups: readonly string[]): Promise<GrantRow[]> {
  const marks = groups.map(() => '?').join(', ');
  const orGroups = groups.length > 0 ? ` OR group_name IN (${marks})` : '';
  return db.sql(`SELECT * FROM grants WHERE principal_id = ?${orGroups}`, principalId, ...groups);
}

/** All grants, oldest first. */
export async function listGrants(db: Db): Promise<NamedGrant[]> {
  return db.sql(
    `SELECT g.*, p.name AS principal, j.name AS project, e.name AS environment FROM grants g
     LEFT JOIN principals p ON p.id = g.principal_id LEFT JOIN projects j ON j.id = g.project_id
     LEFT JOIN environments e ON e.id = g.environment_id ORDER BY g.created_at, g.id`,
  );
}

export async function deleteGrant(db: Db, id: string): Promise<void> {
  await (await db.build()).deleteFrom('grants').where('id', '=', id).execute();
}
