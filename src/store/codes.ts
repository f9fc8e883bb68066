import type { CodeRow, Db } from './schema.ts';

/** Keeps a code in place of an older one for the same principal, or of the one for the first admin. */
export async function putCode(db: Db, row: CodeRow): Promise<void> {
  const builder = await db.build();
  const older = builder.deleteFrom('enrolment_codes');
  await (
    row.principal_id === null
      ? older.where('principal_id', 'is', null)
      : older.where('principal_id', '=', row.principal_id)
  ).execute();
  await builder.insertInto('enrolment_codes').values(row).execute();
}

/** Until when codes are open, by principal. */
export async function openCodes(db: Db, at: string): Promise<Map<string, string>> {
  const rows = await db.sql<{ id: string; until: string }>(
    `SELECT principal_id AS "id", expires_at AS "until" FROM enrolment_codes
     WHERE principal_id IS NOT NULL AND expires_at > ?`,
    at,
  );
  return new Map(rows.map(({ id, until }) => [id, until]));
}

/** Voids the code of a principal that somebody made. */
export async function deleteCodesOf(db: Db, principalId: string, createdBy: string): Promise<void> {
  await (
    await db.build()
  )
    .deleteFrom('enrolment_codes')
    .where('principal_id', '=', principalId)
    .where('created_by', '=', createdBy)
    .execute();
}

export async function findCode(db: Db, hash: Uint8Array): Promise<CodeRow | undefined> {
  return (await db.build())
    .selectFrom('enrolment_codes')
    .selectAll()
    .where('hash', '=', hash)
    .executeTakeFirst();
}

export async function deleteCode(db: Db, hash: Uint8Array): Promise<void> {
  await (await db.build()).deleteFrom('enrolment_codes').where('hash', '=', hash).execute();
}
