import { afterAll } from 'vitest';
import { lackingPostgres, Postgres } from '../../harness/postgres.ts';
import { lackingPrograms } from './needs.ts';

/** The kinds of database that a server may have. PostgreSQL is started once a file of tests, when the first test needs it. */
export interface DatabaseKind {
  readonly kind: 'SQLite' | 'PostgreSQL';
  /** Why it cannot be had here. */
  readonly missing: string | undefined;
  /** A fresh, empty one; undefined is SQLite in the folder of the server. */
  readonly make: () => Promise<string | undefined>;
}

let started: Promise<Postgres> | undefined;
afterAll(async () => (await started)?.end());

/** The PostgreSQL of this file of tests. */
export function postgres(): Promise<Postgres> {
  return (started ??= Postgres.make());
}

export const noPostgres = lackingPostgres() ?? lackingPrograms('pg_dump');

export const databases: readonly DatabaseKind[] = [
  { kind: 'SQLite', missing: undefined, make: async () => undefined },
  { kind: 'PostgreSQL', missing: noPostgres, make: async () => (await postgres()).databaseUrl() },
];
