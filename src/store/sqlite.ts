import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import { foreignCode, storeError } from './faults.ts';
import type { Db, Parameter, Store, Tables } from './schema.ts';
import { connect, create } from './sqlite-file.ts';

export interface SqliteOptions {
  /** Make a new file; its folder must be there. Otherwise the file must be there, or `no_vault` is thrown. */
  readonly create?: boolean;
}

/** Opens the SQLite store in one file. */
export function openSqlite(path: string, options: SqliteOptions = {}): Store {
  try {
    const file = options.create ? create(path) : connect(path);
    return new SqliteStore(file, path);
  } catch (error) {
    throw storeError(error, path);
  }
}

class SqliteStore implements Store {
  readonly #file: DatabaseSync;
  readonly #path: string;
  readonly #db: Db;
  /** The end of the transaction that runs now: there is one connection, so the next waits for it. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(file: DatabaseSync, path: string) {
    this.#file = file;
    this.#path = path;
    this.#db = new SqliteDb(file);
  }

  read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#inTurn(() => work(this.#db));
  }

  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    return this.#inTurn(() => this.#commit(work));
  }

  async tables(): Promise<string[]> {
    return this.#worded(async () => {
      const rows = this.#file.prepare('SELECT type, name FROM sqlite_master').all();
      const planted = rows.find((row) => row.type === 'trigger' || row.type === 'view');
      if (planted) throw foreignCode(this.#path);
      return rows.filter((row) => row.type === 'table').map((row) => String(row.name));
    });
  }

  async scrub(): Promise<void> {
    // secure_delete has zeroed the pages; the log may still hold them as they were. Where a reader elsewhere keeps the
    // log open, the next checkpoint of any process does it.
    await this.#worded(async () => this.#file.exec('PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  async faults(): Promise<string[]> {
    return this.#worded(async () => {
      const rows = this.#file.prepare('PRAGMA integrity_check(20)').all();
      return rows.map((row) => String(row.integrity_check)).filter((line) => line !== 'ok');
    });
  }

  async close(): Promise<void> {
    if (this.#file.isOpen) this.#file.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => this.#worded(work));
    this.#turn = mine.catch(() => {});
    return mine;
  }

  /**
   * Immediate: a deferred transaction that reads first cannot become a writer while another writes (SQLITE_BUSY at
   * once, without waiting).
   */
  async #commit<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    this.#file.exec('BEGIN IMMEDIATE');
    try {
      const result = await work(this.#db);
      this.#file.exec('COMMIT');
      return result;
    } finally {
      if (this.#file.isTransaction) this.#file.exec('ROLLBACK');
    }
  }

  async #worded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }
}

class SqliteDb implements Db {
  readonly #file: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  #kysely: Kysely<Tables> | undefined;

  constructor(file: DatabaseSync) {
    this.#file = file;
  }

  async sql<Row>(statement: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    let prepared = this.#prepared.get(statement);
    if (!prepared) this.#prepared.set(statement, (prepared = this.#file.prepare(statement)));
    return prepared.all(...parameters) as Row[];
  }

  async build(): Promise<Kysely<Tables>> {
    if (!this.#kysely) {
      const { builderOver } = await import('./sqlite-builder.ts');
      this.#kysely = builderOver(this.#file);
    }
    return this.#kysely;
  }
}
