import type { Kysely } from 'kysely';
import { type ErrorCode, SecretsError } from '../errors.ts';
import { Pending } from './pending.ts';
import type { AuditRow, Db, Meta, MetaKey, Parameter, Tables, Tx } from './schema.ts';

/** The one connection that a store writes through, as the group commit drives it. */
export interface Writer extends Db {
  /** Starts a transaction that holds the write lock of the whole store. */
  begin(): Promise<void>;
  /** Ends the transaction once everything is `written`; or together with it, where a failure of that undoes the commit. */
  commit(written: Promise<void>): Promise<void>;
  /** Ends a transaction that failed, if there is one. What it throws itself is not told: what failed before is. */
  rollback(): Promise<void>;
  /** Marks the place that `undo` goes back to. */
  protect(): Promise<void>;
  /** Forgets the mark and keeps what was done since. */
  release(): Promise<void>;
  /** Takes back what was done since the mark, and forgets it. Throws where the database has ended the transaction. */
  undo(): Promise<void>;
}

interface Entry {
  readonly writes: boolean;
  readonly work: (tx: Tx) => Promise<unknown>;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Entries a batch: more would make the first of them wait without saving much of the one sync. */
const most = 256;

/** What is wrong with the database as a whole: no work of a batch is at fault, and each alone would meet it again. */
const common: ReadonlySet<ErrorCode> = new Set([
  'store_unreachable',
  'vault_busy',
  'vault_read_only',
  'vault_damaged',
  'disk_full',
]);

/**
 * Puts what is handed in at the same time into one transaction: a commit waits for the disk, however much is in it
 * (docs/decisions/0010-group-commit.md). Works run one after another, in the order in which they were handed in. One that
 * throws is taken back by itself. All are answered after the commit; reads too, because they have seen what it commits.
 * Where the database refuses what one of them wants to commit, each has a commit of its own.
 */
export class GroupCommit {
  readonly #writer: () => Promise<Writer>;
  readonly #worded: (error: unknown) => unknown;
  readonly #waiting: Entry[] = [];
  readonly #idle: (() => void)[] = [];
  #busy = false;

  /** `writer` is asked for the connection before each batch; `worded` turns what a database throws into our error. */
  constructor(writer: () => Promise<Writer>, worded: (error: unknown) => unknown) {
    this.#writer = writer;
    this.#worded = worded;
  }

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#enter(work, true);
  }

  /** A read in its turn: for stores whose reads share the connection with the writes. */
  read<T>(work: (db: Db) => Promise<T>): Promise<T> {
    return this.#enter(work, false);
  }

  /** Resolves when everything that was handed in is answered. */
  async settled(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #enter<T>(work: (tx: Tx) => Promise<T>, writes: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ writes, work, resolve: resolve as Entry['resolve'], reject });
      if (this.#busy) return;
      this.#busy = true;
      this.#afterThisTurn();
    });
  }

  /** What else arrives in this turn of the event loop joins the batch. */
  #afterThisTurn(): void {
    setImmediate(() => void this.#next());
  }

  async #next(): Promise<void> {
    await this.#run(this.#waiting.splice(0, most));
    if (this.#waiting.length > 0) return this.#afterThisTurn();
    this.#busy = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Answers all entries. Returns what is wrong with the database as a whole, if that is why they failed. */
  async #run(entries: readonly Entry[]): Promise<SecretsError | undefined> {
    let batch: Batch | undefined;
    try {
      batch = new Batch(await this.#writer(), entries.length > 1);
      if (!entries.some((entry) => entry.writes)) return await this.#runReads(entries, batch.writer);
      const answers = await this.#commit(entries, batch);
      for (const answer of answers) answer();
      return undefined;
    } catch (error) {
      await batch?.takeBack();
      const worded = this.#worded(error);
      const fault = worded instanceof SecretsError && common.has(worded.code) ? worded : undefined;
      if (!fault && batch?.shared && batch.ending) return this.#runAlone(entries);
      for (const entry of entries) entry.reject(worded);
      return fault;
    }
  }

  /** What one of them wants to commit is refused, and nothing tells which: only that one fails now. */
  async #runAlone(entries: readonly Entry[]): Promise<SecretsError | undefined> {
    let fault: SecretsError | undefined;
    for (const entry of entries) {
      if (fault) entry.reject(fault);
      else fault = await this.#run([entry]);
    }
    return fault;
  }

  async #runReads(entries: readonly Entry[], writer: Writer): Promise<undefined> {
    for (const entry of entries) {
      const batch = new Batch(writer, false);
      await entry.work(new Work(batch)).then(entry.resolve, (error) => entry.reject(this.#worded(error)));
    }
  }

  async #commit(entries: readonly Entry[], batch: Batch): Promise<(() => void)[]> {
    const answers: (() => void)[] = [];
    await batch.writer.begin();
    for (const entry of entries) answers.push(await this.#runOne(entry, batch));
    batch.ending = true;
    await batch.writer.commit(batch.pending.write(batch.writer));
    return answers;
  }

  /** Throws only what ends the whole batch. */
  async #runOne(entry: Entry, batch: Batch): Promise<() => void> {
    const work = new Work(batch);
    batch.works.push(work);
    try {
      const answer = await entry.work(work);
      await work.keep();
      return () => entry.resolve(answer);
    } catch (error) {
      if (!batch.shared) throw error;
      // Where the database has ended the transaction, this error is why, and not that there is nothing to go back to.
      await work.undo().catch(() => Promise.reject(error));
      return () => entry.reject(this.#worded(error));
    }
  }
}

/** What the works of one commit have in common. */
class Batch {
  readonly writer: Writer;
  /** Whether one work may fail without the others. */
  readonly shared: boolean;
  /** Of the works that are done. */
  readonly pending = new Pending();
  readonly works: Work[] = [];
  /** All works are done. */
  ending = false;
  #meta: Promise<Meta> | undefined;

  constructor(writer: Writer, shared: boolean) {
    this.writer = writer;
    this.shared = shared;
  }

  async meta(): Promise<Meta> {
    this.#meta ??= this.writer.meta();
    return { ...(await this.#meta), ...this.pending.meta };
  }

  async takeBack(): Promise<void> {
    await this.writer.rollback().catch(() => {});
    for (const work of this.works) work.forget();
  }
}

/** The transaction as one work sees it. */
class Work implements Tx {
  readonly #batch: Batch;
  readonly #pending = new Pending();
  readonly #memories: (() => void)[] = [];
  #protected: Promise<void> | undefined;

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  async sql<Row>(statement: string, ...parameters: readonly Parameter[]): Promise<Row[]> {
    if (this.#batch.shared) await this.#protect();
    return this.#batch.writer.sql<Row>(statement, ...parameters);
  }

  async build(): Promise<Kysely<Tables>> {
    if (this.#batch.shared) await this.#protect();
    return this.#batch.writer.build();
  }

  async meta(): Promise<Meta> {
    return { ...(await this.#batch.meta()), ...this.#pending.meta };
  }

  setMeta(key: MetaKey, value: string): void {
    this.#pending.setMeta(key, value);
  }

  append(event: AuditRow): void {
    this.#pending.append(event);
  }

  get appended(): readonly AuditRow[] {
    return [...this.#batch.pending.events, ...this.#pending.events];
  }

  onUndone(forget: () => void): void {
    this.#memories.push(forget);
  }

  /** Tells those who remember that nothing of this is there. */
  forget(): void {
    for (const forget of this.#memories.splice(0).toReversed()) forget();
  }

  async keep(): Promise<void> {
    if (this.#protected) await this.#batch.writer.release();
    this.#batch.pending.add(this.#pending);
  }

  async undo(): Promise<void> {
    this.forget();
    if (this.#protected) await this.#batch.writer.undo();
  }

  /** Late, because many a work is refused before its first statement. */
  #protect(): Promise<void> {
    this.#protected ??= this.#batch.writer.protect();
    return this.#protected;
  }
}
