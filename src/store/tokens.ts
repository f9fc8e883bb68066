import type { Db, PrincipalRow, TokenRow } from './schema.ts';

/** A token and whom it stands for. */
export interface HeldToken extends TokenRow {
  readonly name: string;
  readonly role: PrincipalRow['role'];
}

const held = `SELECT t.*, p.name AS name, p.role AS role FROM tokens t JOIN principals p ON p.id = t.principal_id`;

export async function insertToken(db: Db, row: TokenRow): Promise<void> {
  await (await db.build()).insertInto('tokens').values(row).execute();
}

export async function findToken(db: Db, hash: Uint8Array): Promise<HeldToken | undefined> {
  return (await db.sql<HeldToken>(`${held} WHERE t.hash = ?`, hash))[0];
}

/** All tokens, newest first; ended ones too. */
export async function listTokens(db: Db): Promise<HeldToken[]> {
  return db.sql(`${held} ORDER BY t.created_at DESC, t.id`);
}

/** Notes that a token was used, and until when it may be. */
export async function touchToken(db: Db, id: string, usedAt: string, expiresAt: string): Promise<void> {
  await db.sql('UPDATE tokens SET last_used_at = ?, expires_at = ? WHERE id = ?', usedAt, expiresAt, id);
}

export async function deleteToken(db: Db, id: string): Promise<void> {
  await (await db.build()).deleteFrom('tokens').where('id', '=', id).execute();
}

/** Deletes the tokens that ended before a time. */
export async function deleteTokensBefore(db: Db, at: string): Promise<void> {
  await (await db.build()).deleteFrom('tokens').where('expires_at', '<', at).execute();
}
