import { connect as dial, createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretsError } from '../../src/errors.ts';
import { migrate } from '../../src/store/migrations.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store, Tx } from '../../src/store/schema.ts';
import { schemaVersion } from '../../src/store/version.ts';
import { titled } from '../e2e/harness/needs.ts';
import { lackingPostgres, Postgres } from '../harness/postgres.ts';
import { countElsewhere } from './count.ts';
import { storeCases, type StoreUnderTest } from './store.case.ts';

const reason = lackingPostgres();

describe.skipIf(reason)(titled('PostgreSQL', reason), () => {
  let postgres: Postgres;

  beforeAll(async () => {
    postgres = await Postgres.make();
  }, 60_000);
  afterAll(() => postgres?.end());

  describe('as a store', () => storeCases(make));

  describe('when it goes away', () => {
    it('rejects what was under way, and goes on when it is there again', async () => {
      const under = await make();
      const { store } = under;
      await store.transaction(count);
      const answers = await Promise.allSettled([
        store.transaction(async (tx) => {
          await count(tx);
          await postgres.stop();
          await tx.sql('SELECT 1');
        }),
        store.transaction(count),
      ]);
      expect(answers.map(codeOf)).toEqual(['store_unreachable', 'store_unreachable']);
      const meanwhile = await Promise.allSettled([store.transaction(count), store.read((db) => db.meta())]);
      expect(meanwhile.map(codeOf)).toEqual(['store_unreachable', 'store_unreachable']);
      await postgres.start();
      expect(await store.transaction(count)).toBe(2);
      expect(await store.read((db) => db.meta())).toMatchObject({ audit_head: '2' });
      await under.close();
    });

    it.each(['restart', 'kill'] as const)(
      'under load (%s) loses nothing that it has answered',
      async (how) => {
        const under = await make();
        const { store } = under;
        const load = { answered: 0, last: 0, ended: false };
        const client = async (): Promise<void> => {
          while (!load.ended) {
            await Promise.allSettled([store.transaction(count), store.read((db) => db.meta())]).then(
              ([written]) => {
                if (written.status === 'rejected') return expect(codeOf(written)).toBe('store_unreachable');
                load.answered++;
                load.last = Math.max(load.last, written.value);
              },
            );
          }
        };
        const clients = Array.from({ length: 8 }, client);
        await until(() => load.answered > 20);
        await (how === 'kill' ? postgres.kill() : postgres.stop());
        await postgres.start();
        const before = load.answered;
        await until(() => load.answered > before + 20);
        load.ended = true;
        await Promise.all(clients);
        const { audit_head } = await store.read((db) => db.meta());
        // A change whose answer was lost may have been made, too.
        expect(Number(audit_head)).toBeGreaterThanOrEqual(load.answered);
        expect(Number(audit_head)).toBeGreaterThanOrEqual(load.last);
        await under.close();
      },
    );

    it('while it commits: says that it does not know, and does not do it again', async () => {
      const under = await make();
      const { store, url } = under;
      const cutter = await cutAfterCommit(url);
      const other = await openPostgres(cutter.url);
      let runs = 0;
      const working = other.transaction(async (tx) => {
        runs++;
        await count(tx);
      });
      await expect(working).rejects.toMatchObject({
        code: 'outcome_unknown',
        message: expect.stringContaining('was made or it was not'),
      });
      expect(runs).toBe(1);
      await until(async () => (await store.read((db) => db.meta())).audit_head === '1');
      await other.close();
      cutter.close();
      await under.close();
    });

    it('can be opened before it is there', async () => {
      const url = await postgres.databaseUrl();
      await postgres.stop();
      const store = await openPostgres(url);
      await expect(store.tables()).rejects.toMatchObject({ code: 'store_unreachable' });
      await postgres.start();
      expect(await store.tables()).toEqual([]);
      await store.close();
    });
  });

  describe('with several at it', () => {
    it('counts well from several processes', async () => {
      const under = await make();
      const { store, url } = under;
      await store.transaction(async (tx) => tx.setMeta('audit_head', '0'));
      const others = await Promise.all([1, 2, 3].map(() => countElsewhere(url, 30)));
      await Promise.all(Array.from({ length: 30 }, () => store.transaction(count)));
      await Promise.all(others.map(({ done }) => done));
      expect(await store.read((db) => db.meta())).toMatchObject({ audit_head: '120' });
      await under.close();
    });

    it('migrates once', async () => {
      const url = await postgres.databaseUrl();
      const stores = await Promise.all([1, 2, 3].map(() => openPostgres(url)));
      const made = await Promise.all(stores.map((store) => store.transaction(migrateIfNew(store))));
      expect(made.filter(Boolean)).toHaveLength(1);
      expect(await stores[0]!.read((db) => db.meta())).toEqual({ schema_version: String(schemaVersion) });
      await Promise.all(stores.map((store) => store.close()));
    });

    it('says that it is busy when another keeps the lock', async () => {
      const under = await make();
      const { store, url } = under;
      const impatient = await openPostgres(`${url}?lock_timeout=50`);
      await store.transaction(async (tx) => {
        await tx.meta();
        await expect(impatient.transaction(count)).rejects.toMatchObject({ code: 'vault_busy' });
      });
      expect(await impatient.transaction(count)).toBe(1);
      await impatient.close();
      await under.close();
    });

    it('is not held up by somebody who may only connect', async () => {
      const under = await make();
      const { store, url } = under;
      const stranger = new pg.Client({ connectionString: url });
      await stranger.connect();
      await stranger.query('SELECT pg_advisory_lock(32481100117144691)');
      const impatient = await openPostgres(`${url}?lock_timeout=50`);
      const stop = impatient.transaction(async (tx) => {
        await count(tx);
        throw new Error('stop');
      });
      await expect(stop).rejects.toThrow('stop');
      expect([await impatient.transaction(count), await store.transaction(count)]).toEqual([1, 2]);
      await stranger.end();
      await impatient.close();
      await under.close();
    });

    it('goes on when another has changed the tables under its statements', async () => {
      const under = await make();
      const { store, url } = under;
      const ask = () => store.transaction((tx) => tx.sql('SELECT * FROM principals WHERE id = ?', 'x'));
      const look = () => store.read((db) => db.sql('SELECT * FROM principals WHERE name = ?', 'x'));
      await Promise.all([ask(), look()]);
      await postgres.ask(new URL(url).pathname.slice(1), 'ALTER TABLE principals ADD COLUMN later text');
      await Promise.allSettled([ask(), look()]);
      expect(await Promise.all([ask(), look()])).toEqual([[], []]);
      await under.close();
    });
  });

  describe('says what is wrong, and never the password', () => {
    const failing = async (change: (url: URL) => void): Promise<SecretsError> => {
      const url = new URL(await postgres.databaseUrl());
      change(url);
      const store = await openPostgres(url.href);
      const error = await store.transaction(migrateIfNew(store)).catch((thrown: unknown) => thrown);
      await store.close();
      expect(error).toBeInstanceOf(SecretsError);
      const { message, hints } = error as SecretsError;
      const told = [message, ...hints].join('\n');
      expect(told).not.toMatch(/canary|wrong/);
      expect(told).toContain(`127.0.0.1:${url.port}/${url.pathname.slice(1)}`);
      return error as SecretsError;
    };

    it.each<[what: string, code: string, message: RegExp, change: (url: URL) => void]>([
      ['a wrong password', 'failed', /refused the login/, (url) => (url.password = 'wrong')],
      ['no password', 'failed', /refused the login/, (url) => (url.password = '')],
      ['no such database', 'failed', /no such database/, (url) => (url.pathname = '/nowhere')],
      ['no such schema', 'failed', /names no schema/, (url) => withOption(url, 'search_path=nowhere')],
      [
        'a read-only one',
        'vault_read_only',
        /takes no writes/,
        (url) => withOption(url, 'default_transaction_read_only=on'),
      ],
      [
        'TLS where there is none',
        'failed',
        /does not speak TLS/,
        (url) => (url.search = 'sslmode=verify-full'),
      ],
      ['nobody there', 'store_unreachable', /does not answer/, (url) => (url.port = '1')],
    ])('%s', async (_, code, message, change) => {
      const error = await failing(change);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
    });

    it.each(['postgres://u:canary@[', 'mysql://u:canary@h/x', 'canary'])(
      'a URL that is none: %s',
      async (url) => {
        const error = (await openPostgres(url).catch((thrown: unknown) => thrown)) as SecretsError;
        expect(error.code).toBe('invalid');
        expect([error.message, ...error.hints].join('\n')).not.toContain('canary');
      },
    );
  });

  it('keeps to the first schema of the search path', async () => {
    const url = new URL(await postgres.databaseUrl());
    const database = url.pathname.slice(1);
    await postgres.ask(database, 'CREATE SCHEMA mine; CREATE TABLE public.meta (key text, value text)');
    withOption(url, 'search_path=mine,public');
    const store = await openPostgres(url.href);
    expect(await store.tables()).toEqual([]);
    expect(await store.transaction(migrateIfNew(store))).toBe(true);
    expect(await store.tables()).toContain('principals');
    expect(await postgres.ask(database, 'SELECT * FROM public.meta')).toEqual([]);
    await store.close();
  });

  it.each([
    [
      'trigger',
      `CREATE TRIGGER planted BEFORE UPDATE ON secrets FOR EACH ROW
       EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
    ],
    ['rule', 'CREATE RULE planted AS ON INSERT TO secrets DO ALSO SELECT 1'],
    ['policy', 'CREATE POLICY planted ON secrets USING (true)'],
    ['rule', 'ALTER TABLE tokens RENAME TO others; CREATE VIEW tokens AS SELECT * FROM others'],
  ])('refuses a %s: %s', async (kind, sql) => {
    const under = await make();
    const { store, url } = under;
    await postgres.ask(new URL(url).pathname.slice(1), sql);
    expect(await store.faults()).toEqual([expect.stringContaining(`the ${kind} "`)]);
    await expect(store.tables()).rejects.toMatchObject({
      code: 'vault_damaged',
      message: expect.stringContaining('put code into the vault 127.0.0.1:'),
    });
    await under.close();
  });

  it('takes what an extension brings', async () => {
    const under = await make();
    const { store, url } = under;
    await postgres.ask(new URL(url).pathname.slice(1), 'CREATE EXTENSION pg_stat_statements');
    expect(await store.faults()).toEqual([]);
    expect(await store.tables()).toContain('secrets');
    await under.close();
  });

  it.each(['SQL_ASCII', 'LATIN1'])('refuses a database in %s', async (encoding) => {
    const name = `in_${encoding.toLowerCase()}`;
    await postgres.ask(
      'postgres',
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE_PROVIDER libc LOCALE 'C'`,
    );
    const store = await openPostgres(postgres.url(name));
    await expect(store.tables()).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining(`keeps text in ${encoding}, not in UTF8`),
      hints: [expect.stringContaining('createdb -E UTF8 -T template0')],
    });
    await store.close();
  });

  async function make(): Promise<StoreUnderTest & { url: string }> {
    const url = await postgres.databaseUrl();
    const store = await openPostgres(url);
    await store.transaction((tx) => migrate(tx, 0, store.types));
    return {
      url,
      store,
      another: () => openPostgres(url),
      countElsewhere: (times) => countElsewhere(url, times),
      commitsDuring: (work) => postgres.commitsDuring(work),
      close: () => store.close(),
    };
  }
});

async function count(tx: Tx): Promise<number> {
  const next = Number((await tx.meta()).audit_head ?? 0) + 1;
  tx.setMeta('audit_head', String(next));
  return next;
}

/** Answers whether it was the one that did. */
function migrateIfNew(store: Store): (tx: Tx) => Promise<boolean> {
  return async (tx) => {
    if ((await tx.meta()).schema_version !== undefined) return false;
    await migrate(tx, 0, store.types);
    return true;
  };
}

function withOption(url: URL, option: string): void {
  url.search = new URLSearchParams({ options: `-c ${option}` }).toString();
}

function codeOf(answer: PromiseSettledResult<unknown>): unknown {
  return answer.status === 'rejected' ? (answer.reason as SecretsError).code : 'done';
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate);
}

/** A way to the database that is cut as soon as it has passed on a COMMIT. */
async function cutAfterCommit(url: string): Promise<{ url: string; close(): void }> {
  const [from, to] = [new URL(url), new URL(url)];
  const server = createServer((socket) => {
    const database = dial(Number(to.port), to.hostname);
    for (const end of [socket, database]) end.on('error', () => {});
    database.pipe(socket);
    socket.on('data', (bytes: Buffer) => {
      database.write(bytes);
      if (bytes.includes('COMMIT\0')) socket.destroy();
    });
    socket.on('end', () => database.end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  from.port = String((server.address() as AddressInfo).port);
  return { url: from.href, close: () => void server.close() };
}
