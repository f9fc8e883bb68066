import type { Kysely } from 'kysely';

/**
 * The tables, as Kysely sees them. Times are ISO 8601 text in UTC, counters are 32-bit integers, sealed values are
 * opaque bytes: all three are the same in SQLite and PostgreSQL. No rule lives in this folder.
 */
export interface Tables {
  meta: { key: string; value: string };
  members: { id: string; name: string; role: 'admin' | 'member'; created_at: string };
  projects: { id: string; name: string; data_key: Uint8Array; created_at: string; created_by: string };
  environments: {
    id: string;
    project_id: string;
    name: string;
    position: number;
    revision: number;
    created_at: string;
  };
  /** The current version of each secret. */
  secrets: SecretRow;
  /** The superseded versions, moved here by the write that replaced them. */
  versions: SecretRow;
  /** A whole environment at its current revision, sealed as one; kept by the first read after a change. */
  snapshots: { environment_id: string; revision: number; sealed: Uint8Array };
  audit_events: AuditRow;
}

export interface SecretRow {
  environment_id: string;
  name: string;
  version: number;
  sealed: Uint8Array;
  written_at: string;
  written_by: string;
}

export interface AuditRow {
  seq: number;
  at: string;
  actor: string;
  action: string;
  project: string | null;
  environment: string | null;
  /** JSON text, hashed as it stands. */
  detail: string;
  /** SHA-256 over the event and the hash before it. */
  hash: Uint8Array;
}

export type Parameter = string | number | null | Uint8Array;

/**
 * One connection, perhaps inside a transaction. There are two ways to ask it: plain SQL for the handful of statements
 * on the path of `run`, `get` and `pull`, and Kysely for all others. Loading Kysely and building those statements with
 * it takes a third of the whole command (docs/decisions/0004-store.md).
 */
export interface Db {
  /** Runs one statement of plain SQL, with `?` for each parameter, and returns its rows. */
  sql<Row>(statement: string, ...parameters: readonly Parameter[]): Promise<Row[]>;
  /** The query builder over the same connection, loaded when it is first asked for. */
  build(): Promise<Kysely<Tables>>;
}

/** One place that keeps the tables. */
export interface Store {
  /** Runs reads outside any transaction. */
  read<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** Runs the work in one transaction that holds the write lock from its first statement on. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** The names of all tables, foreign ones too. */
  tables(): Promise<string[]>;
  /** Pushes deleted rows out of every file of the store. */
  scrub(): Promise<void>;
  /** What is wrong with the file itself; empty when it is sound. */
  faults(): Promise<string[]>;
  close(): Promise<void>;
}
