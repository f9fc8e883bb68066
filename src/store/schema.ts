import type { ColumnDataType, Kysely, RawBuilder } from 'kysely';

/**
 * The tables, as Kysely sees them. Times are ISO 8601 text in UTC, counters are 32-bit integers, sealed values are
 * opaque bytes: all three are the same in SQLite and PostgreSQL. No rule lives in this folder.
 */
export interface Tables {
  meta: { key: string; value: string };
  /** Members and service accounts. */
  principals: PrincipalRow;
  group_members: { group_name: string; principal_id: string };
  grants: GrantRow;
  tokens: TokenRow;
  enrolment_codes: CodeRow;
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
  /** Names with versions, as JSON, that many events list: each event has the id, SHA-256 of the text, in its detail. */
  audit_lists: { id: string; secrets: string };
}

export interface SecretRow {
  environment_id: string;
  name: string;
  version: number;
  sealed: Uint8Array;
  written_at: string;
  written_by: string;
}

export interface PrincipalRow {
  id: string;
  name: string;
  role: 'admin' | 'member' | 'service';
  created_at: string;
}

export interface GrantRow {
  id: string;
  /** One of the two is set. */
  principal_id: string | null;
  group_name: string | null;
  permission: 'read' | 'write';
  /** Null: every project. */
  project_id: string | null;
  /** An environment of that project. */
  environment_id: string | null;
  /** Where `project_id` is null: environments of this name. With both null: every environment. */
  environment_name: string | null;
  /** A pattern, `*` for any characters. */
  names: string;
  expires_at: string | null;
  created_at: string;
  created_by: string;
}

export interface TokenRow {
  id: string;
  principal_id: string;
  kind: 'personal' | 'service';
  prefix: string;
  /** SHA-256 of the token. */
  hash: Uint8Array;
  created_at: string;
  created_by: string;
  last_used_at: string | null;
  expires_at: string;
  /** JSON list of addresses and CIDR ranges. */
  ranges: string;
  /** The machine that it was made for, as the client told. */
  told_host: string | null;
}

export interface CodeRow {
  /** SHA-256 of the code. */
  hash: Uint8Array;
  /** Null: for the first admin, who says their name when they use it. */
  principal_id: string | null;
  expires_at: string;
  created_at: string;
  created_by: string;
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

/** Facts about the store itself. `generation` grows with every change of anything but the audit trail. */
export type MetaKey =
  'schema_version' | 'vault_id' | 'key_id' | 'key_exported_at' | 'audit_head' | 'generation' | 'last_miss';
export type Meta = Readonly<Partial<Record<MetaKey, string>>>;

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
  /**
   * The rows of `meta`, none before the first migration. Inside a transaction they are read once, and show what `setMeta`
   * has set.
   */
  meta(): Promise<Meta>;
}

/** A transaction. What it is told here is written by the commit, in one statement each. */
export interface Tx extends Db {
  setMeta(key: MetaKey, value: string): void;
  /** Appends an event to the audit trail. */
  append(event: AuditRow): void;
  /** Events that this commit will append, oldest first: no statement finds them yet. */
  readonly appended: readonly AuditRow[];
  /**
   * Calls `forget` when what this work did is taken back: because it throws, or together with all that shared its commit.
   * In the second case the work may run again, and must find nothing remembered of the first time.
   */
  onUndone(forget: () => void): void;
}

/** One place that keeps the tables. */
export interface Store {
  /** What its columns are declared as. */
  readonly types: SqlTypes;
  /** Runs reads outside any transaction. */
  read<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /**
   * Runs the work in a transaction that holds the write lock of the whole store from its first statement on. Works that
   * are handed in at the same time share one commit (docs/decisions/0010-group-commit.md): each is rolled back by itself
   * if it throws, all are answered when the commit is durable. The work may wait for the database and nothing else, and a
   * statement that failed ends it: PostgreSQL runs no other after that. It may run twice: where the database refuses what
   * one of them wants to commit, all are taken back, and each is run again with a commit of its own.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Runs reads over one unchanging view of everything, beside the transactions; for copies that take their time. */
  snapshot<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** The names of all tables, foreign ones too. */
  tables(): Promise<string[]>;
  /** Pushes deleted rows out of every file of the store. */
  scrub(): Promise<void>;
  /** What is wrong with the file itself; empty when it is sound. */
  faults(): Promise<string[]>;
  /** Closes it when everything that was handed in is answered. */
  close(): Promise<void>;
}

/** What differs between the databases. */
export interface SqlTypes {
  readonly bytes: ColumnDataType | RawBuilder<unknown>;
  /** Text that is compared and sorted by its bytes. */
  readonly text: ColumnDataType | RawBuilder<unknown>;
  /** Numbers of audit events: more than 32 bits can count. */
  readonly sequence: ColumnDataType;
}
