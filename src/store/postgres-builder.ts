import {
  Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  type PostgresPool,
  PostgresQueryCompiler,
} from 'kysely';
import type pg from 'pg';
import type { Tables } from './schema.ts';

/** Kysely over a connection that somebody else opens, closes, and runs transactions on. */
export function builderOver(client: pg.ClientBase): Kysely<Tables> {
  const borrowed = {
    query: (text: string, values: readonly unknown[]) => client.query(text, [...values]),
    release: () => {},
  };
  const pool = { connect: async () => borrowed, end: async () => {}, options: {} } as unknown as PostgresPool;
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new PostgresDriver({ pool }),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}
