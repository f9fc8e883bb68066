import type { Scope } from '../api/backend.ts';
import type { AuditEvent, AuditPage, AuditQuery, Origin } from '../api/team.ts';
import { SecretsError } from '../errors.ts';
import { findAudit, lastChanges, lastSeq } from '../store/audit.ts';
import type { AuditRow, Db } from '../store/schema.ts';
import { isWithin, sight } from './access.ts';
import { record } from './audit.ts';
import type { Call } from './call.ts';
import type { Calls } from './calls.ts';
import { openLists } from './name-lists.ts';
import { placeOf, requireGovern, requireScope } from './scopes.ts';
import { assertTime } from './times.ts';

/** Events a page. */
const [usual, most] = [100, 1000];
/** Events that are looked through at once. */
const stretch = 20_000;
/** Characters of a page, about: one of 1,000 large events must not be more than anybody can take. */
const pageChars = 4 * 1024 * 1024;
/** Rows that are fetched at once. */
const fetched = 100;
/** Changes that a stale writer is told about. */
const told = 10;
const changes: ReadonlySet<string> = new Set([
  'secrets.set',
  'secrets.rotate',
  'secrets.import',
  'secrets.copy',
  'secrets.delete',
]);

/** Who looks at the trail is on record, too: once, for the first page. Throws `forbidden` and `invalid`. */
export async function begin(call: Call, query: AuditQuery): Promise<void> {
  requireGovern(call, 'read the audit trail');
  assertTimes(query);
  checkedLimit(query.limit);
  before(query.cursor);
  if (query.cursor === undefined) await record(call, 'audit.read', {}, { query: { ...query } });
}

/** One page of the trail, newest first. A trail of millions is looked through a stretch at a time, so that nobody waits for it. */
export async function find(look: Calls['look'], query: AuditQuery): Promise<AuditPage> {
  const size = checkedLimit(query.limit);
  const page = new Page(size);
  let end = before(query.cursor) ?? (await look(({ tx }) => lastSeq(tx))) + 1;
  while (end > 1 && !page.full) {
    const within = { start: Math.max(1, end - stretch), end };
    end = await look(({ tx }) => fill(page, tx, query, within));
  }
  return page.answer();
}

/** The events of a page, until one more would be too many, or too much. */
class Page {
  readonly #size: number;
  readonly #events: AuditEvent[] = [];
  #chars = 0;
  full = false;

  constructor(size: number) {
    this.#size = size;
  }

  add(event: AuditEvent): void {
    this.#chars += JSON.stringify(event).length;
    this.full = this.#events.length === this.#size || (this.#events.length > 0 && this.#chars > pageChars);
    if (!this.full) this.#events.push(event);
  }

  answer(): AuditPage {
    const events = this.#events;
    return this.full ? { events, next: String(events.at(-1)!.seq) } : { events };
  }
}

/** Adds the events of a stretch that fit, newest first, until the page is full; answers where to go on. */
async function fill(
  page: Page,
  db: Db,
  query: AuditQuery,
  within: { start: number; end: number },
): Promise<number> {
  const { secret, principal: actor, project, environment, action, since, until } = query;
  const holds = secret === undefined ? undefined : JSON.stringify(secret);
  const filter = { actor, project, environment, action, since, until, holds };
  for (let { end } = within; ;) {
    const rows = await findAudit(db, filter, { ...within, end }, fetched);
    const lists = await openLists(
      db,
      rows.map((row) => row.detail),
    );
    for (const row of rows) {
      const event = eventOf(row, lists);
      // What the database takes for a match may not be one: its case, or another place in the text.
      if (secret === undefined || names(event).includes(secret)) page.add(event);
      if (page.full) return row.seq;
    }
    if (rows.length < fetched) return within.start;
    end = rows.at(-1)!.seq;
  }
}

/** The error for somebody who writes to an environment that has moved on: who changed what since. */
export async function stale(
  call: Call,
  scope: Scope,
  { now, seen }: { now: number; seen: number },
): Promise<SecretsError> {
  const { found } = await requireScope(call, scope, 'list');
  const within = sight(call.actor, placeOf(found, scope), call.at);
  const isHere = ({ project, environment, action }: AuditRow): boolean =>
    project === scope.project && environment === scope.environment && changes.has(action);
  const justNow = call.tx.appended.filter(isHere).toReversed();
  const rows = await lastChanges(call.tx, scope.project, scope.environment, told);
  const events = [...justNow, ...rows].map((row) => eventOf(row, new Map()));
  // Another environment may have had this name.
  const since = events
    .filter(({ detail }) => detail.place === found.environmentId && Number(detail.revision) > seen)
    .toReversed();
  const lines = since.map((event) => {
    const changed = names(event).filter((name) => isWithin(within, name));
    return `${event.actor}: ${event.action} ${changed.join(', ') || '…'} at ${event.at}`;
  });
  const where = `${scope.project}/${scope.environment}`;
  return new SecretsError(
    'stale',
    `${where} is at revision ${now}, not ${seen}: somebody changed it meanwhile; nothing was written`,
    { hint: [...lines, 'read it again, then write'] },
  );
}

/** A row as those see it who may. */
function eventOf(row: AuditRow, lists: ReadonlyMap<string, Readonly<Record<string, number>>>): AuditEvent {
  const {
    token,
    origin,
    list = '',
    secrets = lists.get(list),
    ...detail
  } = JSON.parse(row.detail) as {
    token?: string;
    origin?: Origin;
    list?: string;
    secrets?: Record<string, number>;
  };
  return {
    seq: row.seq,
    at: row.at,
    actor: row.actor,
    action: row.action,
    ...(row.project === null ? {} : { project: row.project }),
    ...(row.environment === null ? {} : { environment: row.environment }),
    ...(token === undefined ? {} : { token }),
    ...(origin === undefined ? {} : { origin }),
    ...(secrets === undefined ? {} : { secrets }),
    detail,
  };
}

/** Every secret that an event names, whether it was handed out, compared or refused. */
function names({ secrets = {}, detail }: AuditEvent): string[] {
  const listed = Array.isArray(detail.names) ? (detail.names as string[]) : [];
  return [...Object.keys(secrets), ...listed];
}

function checkedLimit(limit = usual): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw new SecretsError('invalid', `a page has 1 to ${most} events`);
}

function before(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new SecretsError('invalid', 'that is no cursor of an audit page');
}

function assertTimes({ since, until }: AuditQuery): void {
  for (const time of [since, until]) if (time !== undefined) assertTime(time);
}
