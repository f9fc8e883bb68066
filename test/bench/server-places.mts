import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lackingPostgres, Postgres } from '../harness/postgres.ts';
import { postgresCommit, sqliteCommit } from './server-disk.mts';

/** A kind of database to measure on. */
export interface Place {
  readonly name: string;
  /** The share of the floor that reads aim at. */
  readonly aim: number;
  /** A new, empty database: a file, or a URL. */
  database(): Promise<string>;
  /** Milliseconds for one commit of one row. */
  commit(): Promise<number>;
  /** Puts in order what was written in bulk, as the database does by itself in time. */
  settle(database: string): Promise<void>;
  end(): Promise<void>;
}

export function sqlite(root: string): Place {
  const folder = join(root, 'sqlite');
  mkdirSync(folder);
  let made = 0;
  return {
    name: 'SQLite',
    aim: 0.5,
    database: async () => join(folder, `vault-${++made}.db`),
    commit: () => sqliteCommit(folder),
    settle: async () => {},
    end: async () => {},
  };
}

/** With the settings that it comes with; undefined where it is not installed. */
export async function postgres(): Promise<Place | undefined> {
  const reason = lackingPostgres();
  if (reason) {
    console.error(`PostgreSQL is left out: ${reason}`);
    return undefined;
  }
  const server = await Postgres.make(['autovacuum=on', 'max_connections=100']);
  return {
    name: 'PostgreSQL',
    aim: 0.3,
    database: () => server.databaseUrl(),
    commit: async () => postgresCommit(await server.databaseUrl()),
    settle: async (database) => {
      await server.ask(new URL(database).pathname.slice(1), 'VACUUM ANALYZE');
    },
    end: () => server.end(),
  };
}
