import type { DatabaseSync } from 'node:sqlite';
import { GroupCommit } from './commit.ts';
import { foreignCode, storeError } from './faults.ts';
import type { Db, SqlTypes, Store, Tx } from './schema.ts';
import { connect, create, emptyLog } from './sqlite-file.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** Milliseconds between two tries to empty the log. */
const again = 1000;

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
  readonly types: SqlTypes = { bytes: 'blob', text: 'text', sequence: 'integer' };
  readonly #file: DatabaseSync;
  readonly #path: string;
  /** There is one connection, so reads take their turn with the transactions. */
  readonly #queue: GroupCommit;
  #snapshots = 0;
  /** Set while deleted rows may be in the log. */
  #scrubDue: NodeJS.Timeout | undefined;

  constructor(file: DatabaseSync, path: string) {
    this.#file = file;
    this.#path = path;
    const writer = new SqliteWriter(file);
    this.#queue = new GroupCommit(
      async () => writer,
      (error) => storeError(error, path),
    );
  }

  read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#queue.read(work);
  }

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#queue.transaction(work);
  }

  /** Over a connection of its own: a reader of the log stops no writer. */
  async snapshot<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#worded(async () => {
      const file = connect(this.#path);
      this.#snapshots++;
      try {
        file.exec('BEGIN');
        return await work(new SqliteWriter(file));
      } finally {
        file.close();
        if (--this.#snapshots === 0 && this.#scrubDue) await this.scrub();
      }
    });
  }

  async tables(): Promise<string[]> {
    return this.#worded(async () => {
      const rows = this.#file.prepare('SELECT type, name, rootpage FROM sqlite_master').all();
      // A virtual table is a program of its own, and has no page.
      const planted = rows.find(
        (row) => !['table', 'index'].includes(String(row.type)) || row.rootpage === 0,
      );
      if (planted) throw foreignCode(this.#path);
      return rows.filter((row) => row.type === 'table').map((row) => String(row.name));
    });
  }

  /** secure_delete has zeroed the pages; the log may still hold them as they were. */
  async scrub(): Promise<void> {
    clearTimeout(this.#scrubDue);
    this.#scrubDue = undefined;
    await this.#worded(async () => {
      // A snapshot of ours keeps the log open, and SQLite empties none in the middle of a transaction.
      const emptied = this.#snapshots === 0 && !this.#file.isTransaction && emptyLog(this.#file);
      if (!emptied) this.#scrubLater();
    });
  }

  /** Waiting for the reader that needs the log would stop the whole process: a backup takes its time. */
  #scrubLater(): void {
    this.#scrubDue = setTimeout(() => this.scrub().catch(() => this.#scrubLater()), again).unref();
  }

  async faults(): Promise<string[]> {
    return this.#worded(async () => {
      const rows = this.#file.prepare('PRAGMA integrity_check(20)').all();
      return rows.map((row) => String(row.integrity_check)).filter((line) => line !== 'ok');
    });
  }

  async close(): Promise<void> {
    await this.#queue.settled();
    if (!this.#file.isOpen) return;
    if (this.#scrubDue && this.#snapshots === 0) {
      // Nobody else waits now. Where this is in vain, whoever closes the file last empties the log.
      await this.#worded(async () => emptyLog(this.#file, true)).catch(() => {});
    }
    clearTimeout(this.#scrubDue);
    this.#scrubDue = undefined;
    this.#file.close();
  }

  async #worded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, this.#path);
    }
  }
}
