import { readMeta, writeMeta } from './meta.ts';
import type { AuditRow, Db } from './schema.ts';

/** The last link of the chain as text; its form is the vault's business. */
export async function readAuditHead(db: Db): Promise<string | undefined> {
  return (await readMeta(db)).audit_head;
}

/** Appends one event and moves the head. */
export async function appendAudit(db: Db, row: AuditRow, head: string): Promise<void> {
  const { seq, at, actor, action, project, environment, detail, hash } = row;
  await db.sql(
    'INSERT INTO audit_events (seq, at, actor, action, project, environment, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[seq, at, actor, action, project, environment, detail, hash],
  );
  await writeMeta(db, 'audit_head', head);
}

/** A page of events in their order, starting after `seq`. */
export async function auditPage(db: Db, afterSeq: number, limit: number): Promise<AuditRow[]> {
  return db.sql('SELECT * FROM audit_events WHERE seq > ? ORDER BY seq LIMIT ?', afterSeq, limit);
}
