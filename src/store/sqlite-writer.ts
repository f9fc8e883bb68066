import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Kysely } from 'kysely';
import type { Writer } from './commit.ts';
import type { Meta, Parameter, Tables } from './schema.ts';

/** One connection to the file. */
export class SqliteWriter implements Writer {
  readonly #file: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  #kysely: Kysely<Tables> | undefined;

  constructor(file: DatabaseSync) {
    this.#file = file;
  }

  async sql<Row>(statement: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    return this.#prepare(statement).all(...parameters) as Row[];
  }

  async build(): Promise<Kysely<Tables>> {
    if (!this.#kysely) {
      const { builderOver } = await import('./sqlite-builder.ts');
      this.#kysely = builderOver(this.#file);
    }
    return this.#kysely;
  }

  async meta(): Promise<Meta> {
    try {
      const rows = await this.sql<Tables['meta']>('SELECT key, value FROM meta');
      return Object.fromEntries(rows.map((row) => [row.key, row.value]));
    } catch (error) {
      if (await this.#isNew()) return {};
      throw error;
    }
  }

  /**
   * Immediate: a deferred transaction that reads first cannot become a writer while another writes (SQLITE_BUSY at
   * once, without waiting).
   */
  async begin(): Promise<void> {
    this.#prepare('BEGIN IMMEDIATE').run();
  }

  async commit(written: Promise<void>): Promise<void> {
    await written;
    this.#prepare('COMMIT').run();
  }

  async rollback(): Promise<void> {
    if (this.#file.isOpen && this.#file.isTransaction) this.#file.exec('ROLLBACK');
  }

  async protect(): Promise<void> {
    this.#prepare('SAVEPOINT work').run();
  }

  async release(): Promise<void> {
    this.#prepare('RELEASE work').run();
  }

  /** A full disk, among others, makes SQLite roll back everything on its own: then there is no such savepoint. */
  async undo(): Promise<void> {
    this.#prepare('ROLLBACK TO work').run();
    this.#prepare('RELEASE work').run();
  }

  async #isNew(): Promise<boolean> {
    return (await this.sql("SELECT 1 FROM sqlite_master WHERE name = 'meta'")).length === 0;
  }

  #prepare(statement: string): StatementSync {
    let prepared = this.#prepared.get(statement);
    if (!prepared) this.#prepared.set(statement, (prepared = this.#file.prepare(statement)));
    return prepared;
  }
}
