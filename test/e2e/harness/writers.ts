import { expect } from 'vitest';
import type { Answer, Http } from './http.ts';

export const environment = '/v1/projects/web/environments/development';
export const secrets = `${environment}/secrets`;

const shared = 'SHARED';

interface Written {
  readonly value: string;
  /** Absent where no answer said that it was done. */
  readonly versions?: Readonly<Record<string, number>>;
}

/**
 * Clients that write all the time. Each write is of two secrets in one batch: one that this writer alone writes, and one
 * that all of them do. What was answered is kept, to be held against what the vault has in the end.
 */
export class Writers {
  readonly #all: readonly Writer[];
  #stopping = false;

  /** `upAgain` resolves when a server that broke the connection is there again. */
  constructor(https: readonly Http[], upAgain: () => Promise<unknown> = async () => undefined) {
    this.#all = https.map((http, i) => new Writer(http, i, upAgain));
  }

  /** Writes on until it is told to stop; resolves when all have. */
  async run(): Promise<void> {
    this.#stopping = false;
    const wait = async (writer: Writer): Promise<void> => {
      while (!this.#stopping) await writer.write();
    };
    await Promise.all(this.#all.map(wait));
  }

  stop(): void {
    this.#stopping = true;
  }

  /** How many writes were acknowledged so far. */
  get acknowledged(): number {
    return this.#all.flatMap(({ written }) => written).filter(({ versions }) => versions).length;
  }

  /** How many got no answer, because the connection broke. */
  get broken(): number {
    return this.#all.reduce((sum, { broken }) => sum + broken, 0);
  }

  /** Of each writer, the last answer; undefined for a connection that broke. */
  get last(): (Answer | undefined)[] {
    return this.#all.map(({ last }) => last);
  }

  /** Resolves when so many more were acknowledged. */
  more(count: number): Promise<void> {
    const wanted = this.acknowledged + count;
    return this.until(() => this.acknowledged >= wanted);
  }

  /** Looks after each answer. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await Promise.race(this.#all.map((writer) => writer.next()));
  }

  /** Fails unless the vault has every write that was acknowledged, once, at the version that was told, and no half of one. */
  async expectAllThere(http: Http): Promise<void> {
    const inShared = await valuesOf(http, shared);
    const own: string[] = [];
    for (const { name, written } of this.#all) {
      const values = await valuesOf(http, name);
      expectWritten(written, name, values);
      expectWritten(written, shared, inShared);
      own.push(...values);
    }
    expect(new Set(own).size, 'a write is there twice').toBe(own.length);
    expect(own.toSorted(), 'half of a batch is there').toEqual(inShared.toSorted());
  }

  /** Fails unless the vault has at least the first so many writes that were acknowledged, and none by halves. */
  async expectSome(http: Http, first: number): Promise<void> {
    const inShared = await valuesOf(http, shared);
    const own = await Promise.all(this.#all.map(({ name }) => valuesOf(http, name)));
    expect(own.flat().toSorted(), 'half of a batch is there').toEqual(inShared.toSorted());
    const known = new Set(this.#all.flatMap(({ written }) => written.map(({ value }) => value)));
    expect(inShared.filter((value) => !known.has(value))).toEqual([]);
    expect(inShared.length).toBeGreaterThanOrEqual(first);
  }
}

class Writer {
  readonly name: string;
  readonly written: Written[] = [];
  last: Answer | undefined;
  broken = 0;
  readonly #http: Http;
  readonly #upAgain: () => Promise<unknown>;
  #waiting: (() => void)[] = [];

  constructor(http: Http, number: number, upAgain: () => Promise<unknown>) {
    this.name = `WRITER_${number}`;
    this.#http = http;
    this.#upAgain = upAgain;
  }

  next(): Promise<void> {
    return new Promise((done) => this.#waiting.push(done));
  }

  async write(): Promise<void> {
    const value = `${this.name}-${this.written.length}`;
    const changes = [this.name, shared].map((name) => ({ name, value }));
    this.last = await this.#http.ask('PATCH', secrets, { changes }).catch(() => undefined);
    const done = this.last?.status === 200;
    this.written.push(done ? { value, versions: versionsIn(this.last!) } : { value });
    for (const tell of this.#waiting.splice(0)) tell();
    if (this.last) return;
    this.broken++;
    await this.#upAgain();
  }
}

function versionsIn({ body }: Answer): Record<string, number> {
  const written = body.secrets as { name: string; version: number }[];
  return Object.fromEntries(written.map(({ name, version }) => [name, version]));
}

/** The value of each version of a secret, oldest first. */
async function valuesOf(http: Http, name: string): Promise<string[]> {
  const { body } = await http.ask('GET', `${secrets}/${name}/versions`);
  const versions = (body.versions as { version: number }[]).map(({ version }) => version).toReversed();
  expect(versions).toEqual(versions.map((_, i) => i + 1));
  const read = (version: number): Promise<Answer> =>
    http.ask('GET', `${secrets}/${name}/versions/${version}`);
  const values: string[] = [];
  for (const version of versions) values.push((await read(version)).body.value as string);
  return values;
}

function expectWritten(written: readonly Written[], name: string, values: readonly string[]): void {
  const lost = written.filter(({ value, versions }) => versions && values[versions[name]! - 1] !== value);
  expect(lost, `an acknowledged write of ${name} is not there`).toEqual([]);
}
