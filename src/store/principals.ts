import type { Db, PrincipalRow } from './schema.ts';

export async function insertPrincipal(db: Db, row: PrincipalRow): Promise<void> {
  await (await db.build()).insertInto('principals').values(row).execute();
}

/** Members and service accounts, oldest first. */
export async function listPrincipals(db: Db): Promise<PrincipalRow[]> {
  return db.sql('SELECT id, name, role, created_at FROM principals ORDER BY created_at, id');
}

export async function findPrincipal(db: Db, name: string): Promise<PrincipalRow | undefined> {
  return (await db.build()).selectFrom('principals').selectAll().where('name', '=', name).executeTakeFirst();
}

export async function setRole(db: Db, id: string, role: PrincipalRow['role']): Promise<void> {
  await (await db.build()).updateTable('principals').set({ role }).where('id', '=', id).execute();
}

/** Deletes it with its tokens, grants, codes and memberships of groups. */
export async function deletePrincipal(db: Db, id: string): Promise<void> {
  await (await db.build()).deleteFrom('principals').where('id', '=', id).execute();
}

/** Who is in which group, ordered by group and name. */
export async function listGroupMembers(
  db: Db,
): Promise<{ group: string; principalId: string; name: string }[]> {
  return db.sql(
    `SELECT g.group_name AS "group", p.id AS "principalId", p.name AS "name"
     FROM group_members g JOIN principals p ON p.id = g.principal_id ORDER BY g.group_name, p.name`,
  );
}

/** The groups of one principal, by name. */
export async function groupsOf(db: Db, principalId: string): Promise<string[]> {
  const rows = await db.sql<{ group: string }>(
    'SELECT group_name AS "group" FROM group_members WHERE principal_id = ? ORDER BY group_name',
    principalId,
  );
  return rows.map((row) => row.group);
}

/** Adds to a group; one that is in it already stays. */
export async function addToGroup(db: Db, group: string, principalId: string): Promise<void> {
  await (
    await db.build()
  )
    .insertInto('group_members')
    .values({ group_name: group, principal_id: principalId })
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function removeFromGroup(db: Db, group: string, principalId: string): Promise<void> {
  await (
    await db.build()
  )
    .deleteFrom('group_members')
    .where('group_name', '=', group)
    .where('principal_id', '=', principalId)
    .execute();
}
