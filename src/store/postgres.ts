import { sql } from 'kysely';
import pg from 'pg';
import { GroupCommit } from './commit.ts';
import { foreignCode } from './faults.ts';
import { type Way, wayTo } from './postgres-connect.ts';
import { PostgresDb } from './postgres-db.ts';
import { isOutdated, postgresError } from './postgres-faults.ts';
import { assertEncoding, plantedCode, tableNames } from './postgres-fitness.ts';
import { PostgresWriter } from './postgres-writer.ts';
import type { Db, SqlTypes, Store, Tx } from './schema.ts';

/** Connections for reads; writes have one of their own, because only one transaction at a time can have the lock. */
const readers = 4;

/**
 * The PostgreSQL store behind a URL, in the first schema of its search path. Connects when it is first used, and anew
 * after a connection was lost: what was under way then throws `store_unreachable`. Throws `invalid` for a URL that is none.
 */
export async function openPostgres(url: string): Promise<Store> {
  return new PostgresStore(wayTo(url));
}

class PostgresStore implements Store {
  readonly types: SqlTypes = { bytes: 'bytea', text: sql`text COLLATE "C"`, sequence: 'bigint' };
  readonly #way: Way;
  readonly #pool: pg.Pool;
  readonly #queue: GroupCommit;
  readonly #seen = { meta: false };
  #writer: PostgresWriter | undefined;
  #closing: Promise<void> | undefined;

  constructor(way: Way) {
    this.#way = way;
    this.#pool = new pg.Pool({ ...way.config, max: readers });
    // A connection that breaks while it is idle, and one that breaks in use: without a listener, the process would end.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
    this.#queue = new GroupCommit(
      () => this.#connected(),
      (error) => this.#fault(error),
    );
  }

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#queue.transaction(work);
  }

  read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#borrowed((client) => work(new PostgresDb(client, this.#seen)));
  }

  snapshot<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#borrowed(async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      try {
        return await work(new PostgresDb(client));
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }

  async tables(): Promise<string[]> {
    return this.read(async (db) => {
      const [names, planted] = await Promise.all([
        tableNames(db),
        plantedCode(db),
        assertEncoding(db, this.#way.place),
      ]);
      if (planted.length > 0) throw foreignCode(this.#way.place);
      return names;
    });
  }

  /**
   * Nothing to do: no statement makes PostgreSQL push deleted rows out of its files and its log at once. They stay there,
   * sealed, until it has vacuumed and reused the space.
   */
  async scrub(): Promise<void> {}

  /** The files are the server's own business. What is looked for is code that would run with our writes. */
  faults(): Promise<string[]> {
    return this.read(plantedCode);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.settled();
    await Promise.all([this.#writer?.end(), this.#pool.end()]);
  }

  async #connected(): Promise<PostgresWriter> {
    if (this.#closing) throw new Error('the store is closed');
    if (this.#writer?.usable) return this.#writer;
    // Not waited for: the other side may be gone without a word.
    void this.#writer?.end();
    this.#writer = await PostgresWriter.connect(new pg.Client(this.#way.config), this.#way.place);
    return this.#writer;
  }

  async #borrowed<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      const client = await this.#pool.connect();
      let outdated = false;
      try {
        return await work(client);
      } catch (error) {
        outdated = isOutdated(error);
        throw error;
      } finally {
        client.release(outdated);
      }
    } catch (error) {
      throw this.#fault(error);
    }
  }

  #fault(error: unknown): unknown {
    return postgresError(error, this.#way.place);
  }
}
