import type { AuditRow, Db, Meta, MetaKey } from './schema.ts';

const columns = ['seq', 'at', 'actor', 'action', 'project', 'environment', 'detail', 'hash'] as const;

/** Rows a statement, largest first. Few texts, so that each is prepared once; a batch of any size takes few statements. */
const sizes = [64, 16, 4, 1];

/** The rows that a transaction was told of and that its commit writes. */
export class Pending {
  #meta: Meta = {};
  #events: AuditRow[] = [];

  /** What was set so far. */
  get meta(): Meta {
    return this.#meta;
  }

  /** What was appended so far, oldest first. */
  get events(): readonly AuditRow[] {
    return this.#events;
  }

  setMeta(key: MetaKey, value: string): void {
    this.#meta = { ...this.#meta, [key]: value };
  }

  append(event: AuditRow): void {
    this.#events.push(event);
  }

  /** Takes over what somebody else was told, as if it had been told here. */
  add(other: Pending): void {
    this.#meta = { ...this.#meta, ...other.#meta };
    for (const event of other.#events) this.#events.push(event);
  }

  /** Hands over all statements before it waits for the first: a database that is far away answers them in one go. */
  async write(db: Pick<Db, 'sql'>): Promise<void> {
    await Promise.all([...this.#insertEvents(db), ...this.#upsertMeta(db)]);
  }

  *#insertEvents(db: Pick<Db, 'sql'>): Iterable<Promise<unknown>> {
    let written = 0;
    for (const size of sizes) {
      for (; this.#events.length - written >= size; written += size) {
        const some = this.#events.slice(written, written + size);
        yield db.sql(
          `INSERT INTO audit_events (${columns.join(', ')}) VALUES ${rows(size, columns.length)}`,
          ...some.flatMap((event) => columns.map((column) => event[column])),
        );
      }
    }
  }

  *#upsertMeta(db: Pick<Db, 'sql'>): Iterable<Promise<unknown>> {
    const entries = Object.entries(this.#meta);
    if (entries.length === 0) return;
    yield db.sql(
      `INSERT INTO meta (key, value) VALUES ${rows(entries.length, 2)} ` +
        'ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ...entries.flat(),
    );
  }
}

/** `(?, ?), (?, ?)`: so many rows of so many columns. */
export function rows(count: number, width: number): string {
  const row = `(${Array.from({ length: width }, () => '?').join(', ')})`;
  return Array.from({ length: count }, () => row).join(', ');
}
