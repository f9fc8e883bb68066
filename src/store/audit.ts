import type { AuditRow, Db, Parameter, Tables } from './schema.ts';

/** Ids a statement. */
const batch = 500;

/** What the events of a page have in common. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
  /** The action, or what stands before its dot. */
  readonly action?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** A text that the detail, or the list that it stands for, holds. */
  readonly holds?: string | undefined;
}

/** A page of events in their order, starting after `seq`. */
export async function auditPage(db: Db, afterSeq: number, limit: number): Promise<AuditRow[]> {
  return db.sql('SELECT * FROM audit_events WHERE seq > ? ORDER BY seq LIMIT ?', afterSeq, limit);
}

/** The number of the newest event; 0 where there is none. */
export async function lastSeq(db: Db): Promise<number> {
  const [row] = await db.sql<{ seq: number }>('SELECT seq FROM audit_events ORDER BY seq DESC LIMIT 1');
  return row?.seq ?? 0;
}

/** The events of a stretch that fit, newest first: from `start` on, and before `end`. */
export async function findAudit(
  db: Db,
  filter: AuditFilter,
  within: { readonly start: number; readonly end: number },
  limit: number,
): Promise<AuditRow[]> {
  const conditions: [sql: string, parameter: Parameter | undefined][] = [
    ['seq >= ?', within.start],
    ['seq < ?', within.end],
    ['actor = ?', filter.actor],
    ['project = ?', filter.project],
    ['environment = ?', filter.environment],
    ['at >= ?', filter.since],
    ['at < ?', filter.until],
    [
      // A list is named at the beginning of a detail: {"list":"…
      `(detail LIKE ? ESCAPE '!' OR substr(detail, 10, 43) IN
       (SELECT id FROM audit_lists WHERE secrets LIKE ? ESCAPE '!'))`,
      filter.holds && `%${escaped(filter.holds)}%`,
    ],
    ["(action || '.') LIKE ? ESCAPE '!'", filter.action && `${escaped(filter.action)}.%`],
  ];
  const asked = conditions.filter((it): it is [string, Parameter] => it[1] !== undefined);
  const where = asked.map(([sql]) => sql).join(' AND ');
  const parameters = asked.flatMap(([sql, parameter]) => sql.match(/\?/g)!.map(() => parameter));
  return db.sql(`SELECT * FROM audit_events WHERE ${where} ORDER BY seq DESC LIMIT ?`, ...parameters, limit);
}

/** Keeps a list; one that is there already is the same. */
export async function putList(db: Db, id: string, secrets: string): Promise<void> {
  await db.sql(
    'INSERT INTO audit_lists (id, secrets) VALUES (?, ?) ON CONFLICT (id) DO NOTHING',
    id,
    secrets,
  );
}

/** Lists by their ids. */
export async function readLists(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let at = 0; at < ids.length; at += batch) {
    const some = ids.slice(at, at + batch);
    const marks = some.map(() => '?').join(', ');
    const statement = `SELECT id, secrets FROM audit_lists WHERE id IN (${marks})`;
    for (const { id, secrets } of await db.sql<Tables['audit_lists']>(statement, ...some))
      found.set(id, secrets);
  }
  return found;
}

/** Whether there are events in front of the first: no program numbers so. */
export async function hasEventsBefore(db: Db, seq: number): Promise<boolean> {
  return (await db.sql('SELECT 1 FROM audit_events WHERE seq < ? LIMIT 1', seq)).length > 0;
}

/** The newest events of an environment that changed something, newest first. */
export async function lastChanges(
  db: Db,
  project: string,
  environment: string,
  limit: number,
): Promise<AuditRow[]> {
  return db.sql(
    `SELECT * FROM audit_events WHERE project = ? AND environment = ? AND seq > 0 AND action <> 'secrets.read'
     AND action NOT IN ('secrets.read-version', 'secrets.compare', 'denied')
     ORDER BY seq DESC LIMIT ?`,
    project,
    environment,
    limit,
  );
}

function escaped(text: string): string {
  return text.replace(/[%_!]/g, '!$&');
}
