import type { Kysely } from 'kysely';
import type pg from 'pg';
import { statementOf } from './postgres-statements.ts';
import type { Db, Meta, Parameter, Tables } from './schema.ts';

/**
 * Whether the schema that tables are made in has been migrated at all. By reading the catalog: a connection that asked
 * to_regclass remembers that there was no such table, also after it has waited for the one who made it.
 */
export const metaIsThere = `EXISTS (SELECT 1 FROM pg_class WHERE relname = 'meta' AND relkind = 'r'
  AND relnamespace = to_regnamespace(quote_ident(current_schema()))) AS there`;

/** What one connection has found out, and another need not ask. */
export interface Seen {
  meta: boolean;
}

/** One connection to PostgreSQL. */
export class PostgresDb implements Db {
  protected readonly client: pg.ClientBase;
  readonly #seen: Seen;
  #kysely: Kysely<Tables> | undefined;

  constructor(client: pg.ClientBase, seen: Seen = { meta: false }) {
    this.client = client;
    this.#seen = seen;
  }

  async sql<Row>(statement: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    const { rows } = await this.client.query({ ...statementOf(statement), values: [...parameters] });
    return rows as Row[];
  }

  async build(): Promise<Kysely<Tables>> {
    if (!this.#kysely) {
      const { builderOver } = await import('./postgres-builder.ts');
      this.#kysely = builderOver(this.client);
    }
    return this.#kysely;
  }

  async meta(): Promise<Meta> {
    if (!this.#seen.meta) {
      const [seen] = await this.sql<{ there: boolean }>(`SELECT ${metaIsThere}`);
      this.#seen.meta = seen?.there ?? false;
    }
    return this.#seen.meta ? metaOf(await this.sql('SELECT key, value FROM meta')) : {};
  }
}

export function metaOf(rows: readonly Tables['meta'][]): Meta {
  return Object.fromEntries(rows.map((row) => [row.key, row.value]));
}
