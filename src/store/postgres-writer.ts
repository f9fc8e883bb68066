import type pg from 'pg';
import { SecretsError } from '../errors.ts';
import type { Writer } from './commit.ts';
import { metaIsThere, metaOf, PostgresDb } from './postgres-db.ts';
import { isOutdated, postgresError, uncertain } from './postgres-faults.ts';
import type { Meta, Tables } from './schema.ts';

/** Read committed, whatever the database has as its default: each statement sees what the one before us committed. */
const begin = 'BEGIN ISOLATION LEVEL READ COMMITTED';

/**
 * The write lock of the whole store is a row that every vault has, until the transaction ends. An advisory lock is a number
 * that every role can take that may connect.
 */
const lock = "SELECT 1 FROM meta WHERE key = 'schema_version' FOR UPDATE; SELECT key, value FROM meta";

/** While there is no such row yet. The number is `secrets` in ASCII. */
const birthLock = 'SELECT pg_advisory_xact_lock(32481100117144691)';
const look = `SELECT ${metaIsThere}`;

/** The one connection of a process that writes. */
export class PostgresWriter extends PostgresDb implements Writer {
  readonly #client: pg.Client;
  readonly #place: string;
  #usable = true;
  /** The row to lock was there: it is locked together with BEGIN. */
  #born = false;
  #meta: Meta = {};

  /** Throws what connecting throws. */
  static async connect(client: pg.Client, place: string): Promise<PostgresWriter> {
    const writer = new PostgresWriter(client, place);
    await client.connect();
    return writer;
  }

  private constructor(client: pg.Client, place: string) {
    super(client);
    this.#client = client;
    this.#place = place;
    // Without a listener, a lost connection would end the process.
    client.on('error', () => (this.#usable = false));
    client.on('end', () => (this.#usable = false));
  }

  /** False when the connection was lost. */
  get usable(): boolean {
    return this.#usable;
  }

  override async meta(): Promise<Meta> {
    return this.#meta;
  }

  async begin(): Promise<void> {
    const born = this.#born;
    this.#born = false;
    if (born) return this.#lock(`${begin}; ${lock}`);
    await this.#lockIfThere(`${begin}; ${look}`);
    if (this.#born) return;
    // Whoever had it before us may have made the tables.
    await this.#lockIfThere(`${birthLock}; ${look}`);
  }

  async #lockIfThere(statements: string): Promise<void> {
    const [seen] = (await this.#last(statements)) as { there: boolean }[];
    if (seen?.there) await this.#lock(lock);
    else this.#meta = {};
  }

  /** Without the row, nothing is locked. */
  async #lock(statements: string): Promise<void> {
    this.#meta = metaOf((await this.#last(statements)) as Tables['meta'][]);
    this.#born = this.#meta.schema_version !== undefined;
  }

  /** Sent behind what is written, without waiting: where one of those fails, the answer to COMMIT is a rollback. */
  async commit(written: Promise<void>): Promise<void> {
    const ended = this.#client.query('COMMIT').catch((cause: unknown) => {
      const error = postgresError(cause, this.#place);
      throw error instanceof SecretsError && error.code === 'store_unreachable'
        ? uncertain(error, this.#place)
        : cause;
    });
    // A COMMIT without an answer may have been made; with one, whatever failed before it undid it.
    const [before, after] = await Promise.allSettled([written, ended]);
    if (after.status === 'rejected') throw after.reason;
    if (before.status === 'rejected') throw before.reason;
    const { command } = after.value;
    // That is how it answers when a statement has failed and the work went on nevertheless.
    if (command !== 'COMMIT')
      throw new Error('the transaction was rolled back: one of its statements had failed');
  }

  async rollback(): Promise<void> {
    if (!this.#usable) return;
    await this.#client.query('ROLLBACK').catch(() => void this.end());
  }

  /** Sent together with the first statement after it: where it fails, that one does. */
  async protect(): Promise<void> {
    this.#client.query('SAVEPOINT work').catch(() => {});
  }

  async release(): Promise<void> {
    this.#client.query('RELEASE SAVEPOINT work').catch(() => {});
  }

  async undo(): Promise<void> {
    await this.#client.query('ROLLBACK TO SAVEPOINT work; RELEASE SAVEPOINT work');
  }

  override async sql<Row>(...statement: Parameters<PostgresDb['sql']>): Promise<Row[]> {
    try {
      return await super.sql<Row>(...statement);
    } catch (error) {
      if (isOutdated(error)) this.#usable = false;
      throw error;
    }
  }

  async end(): Promise<void> {
    this.#usable = false;
    await this.#client.end().catch(() => {});
  }

  /** The rows of the last of several statements. */
  async #last(statements: string): Promise<unknown[]> {
    const results = (await this.#client.query(statements)) as unknown as pg.QueryResult[];
    return results.at(-1)!.rows;
  }
}
