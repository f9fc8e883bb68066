import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditPage } from '../../src/store/audit.ts';
import { insertPrincipal, listPrincipals } from '../../src/store/principals.ts';
import * as projects from '../../src/store/projects.ts';
import type { AuditRow, Db, SecretRow, Store, Tx } from '../../src/store/schema.ts';
import * as secrets from '../../src/store/secrets.ts';
import { schemaVersion } from '../../src/store/version.ts';

/** A store with its tables made, and nothing in them but what migrating writes. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Opens it a second time. */
  another(): Promise<Store>;
  /**
   * Adds one to the number under `audit_head`, so many times, each in a transaction, in another process. Resolves when
   * that process begins; `done`, when it has ended well.
   */
  countElsewhere(times: number): Promise<{ readonly done: Promise<void> }>;
  /** How many transactions with changes reached the disk while it ran. */
  commitsDuring(work: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
}

const at = '2026-01-01T00:00:00.000Z';
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const stop = new Error('stop');

const head = async (db: Db): Promise<string | undefined> => (await db.meta()).audit_head;

/** Adds one to the number under `audit_head`. */
const countOne = async (tx: Tx): Promise<number> => {
  const count = Number((await head(tx)) ?? 0) + 1;
  tx.setMeta('audit_head', String(count));
  return count;
};

const event = (seq: number): AuditRow => {
  const where = { project: 'web', environment: null };
  return { seq, at, actor: 'olga', action: 'x', ...where, detail: `{"n":"é"}`, hash: bytes(seq) };
};

/** What every database does in the same way under the vault. */
export function storeCases(make: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest;
  let store: Store;

  beforeEach(async () => {
    under = await make();
    ({ store } = under);
  });
  afterEach(() => under.close());

  const addMember = (name: string) => (tx: Db) =>
    insertPrincipal(tx, { id: name, name, role: 'member', created_at: at });
  const memberNames = async (from = store): Promise<string[]> =>
    (await from.read(listPrincipals)).map(({ name }) => name);

  describe('a transaction', () => {
    it('commits what it wrote, and answers what its work answers', async () => {
      const answer = await store.transaction(async (tx) => {
        await addMember('olga')(tx);
        return 'done';
      });
      expect(answer).toBe('done');
      expect(await memberNames()).toEqual(['olga']);
    });

    it('rolls everything back when its work throws, and throws the same', async () => {
      const failing = store.transaction(async (tx) => {
        await addMember('olga')(tx);
        tx.setMeta('audit_head', 'x');
        tx.append(event(1));
        throw stop;
      });
      await expect(failing).rejects.toBe(stop);
      expect(await memberNames()).toEqual([]);
      expect(await store.read(head)).toBeUndefined();
      expect(await store.read((db) => auditPage(db, 0, 10))).toEqual([]);
    });

    it('rolls back when the database itself refuses', async () => {
      await store.transaction(addMember('olga'));
      const failing = store.transaction(async (tx) => {
        await addMember('mira')(tx);
        await addMember('olga')(tx);
      });
      await expect(failing).rejects.toThrow();
      expect(await memberNames()).toEqual(['olga']);
    });

    it('leaves the way free for the next after it has failed', async () => {
      await expect(store.transaction(() => Promise.reject(stop))).rejects.toBe(stop);
      await store.transaction(addMember('olga'));
      expect(await memberNames()).toEqual(['olga']);
    });

    it('sees what it wrote itself', async () => {
      const seen = await store.transaction(async (tx) => {
        await addMember('olga')(tx);
        return listPrincipals(tx);
      });
      expect(seen).toHaveLength(1);
    });
  });

  describe('in one process', () => {
    it('transactions take turns, in the order in which they were asked for', async () => {
      const steps: string[] = [];
      const work = (name: string) => async (tx: Db) => {
        steps.push(`${name} begins`);
        await addMember(name)(tx);
        for (let i = 0; i < 5; i++) await new Promise(setImmediate);
        await listPrincipals(tx);
        steps.push(`${name} ends`);
      };
      await Promise.all(['a', 'b', 'c'].map((name) => store.transaction(work(name))));
      expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    });

    it('a read never sees a transaction that is half done', async () => {
      let half = (): void => {};
      const reached = new Promise<void>((resolve) => (half = resolve));
      const writing = store.transaction(async (tx) => {
        await addMember('olga')(tx);
        half();
        for (let i = 0; i < 5; i++) await new Promise(setImmediate);
        throw stop;
      });
      await reached;
      const reading = memberNames();
      await expect(writing).rejects.toBe(stop);
      expect(await reading).toEqual([]);
    });
  });

  describe('over two connections', () => {
    it('what one has committed, the other reads', async () => {
      const other = await under.another();
      await store.transaction(addMember('olga'));
      expect(await memberNames(other)).toEqual(['olga']);
      await other.transaction(addMember('mira'));
      expect(await memberNames()).toEqual(['mira', 'olga']);
      await other.close();
    });

    it('both count, and none gets lost', async () => {
      const other = await under.another();
      const counts = Array.from({ length: 40 }, (_, i) => (i % 2 ? store : other).transaction(countOne));
      expect((await Promise.all(counts)).toSorted((a, b) => a - b)).toEqual(counts.map((_, i) => i + 1));
      expect(await store.read(head)).toBe('40');
      await other.close();
    });

    it('what one has not committed, the other does not read', async () => {
      const other = await under.another();
      await store.transaction(async (tx) => {
        await addMember('olga')(tx);
        expect(await memberNames(other)).toEqual([]);
      });
      expect(await memberNames(other)).toEqual(['olga']);
      await other.close();
    });

    it('transactions of two processes at the same time all land', async () => {
      await store.transaction(async (tx) => tx.setMeta('audit_head', '0'));
      const { done } = await under.countElsewhere(40);
      for (let i = 0; i < 40; i++) {
        await store.transaction(countOne);
        await new Promise(setImmediate);
      }
      await done;
      expect(await store.read(head)).toBe('80');
    });
  });

  describe('works that are handed in at once', () => {
    const addAll = (names: readonly string[]) =>
      Promise.all(names.map((name) => store.transaction(addMember(name))));
    const numbered = (count: number): string[] =>
      Array.from({ length: count }, (_, i) => `m${String(i).padStart(3, '0')}`);

    it('share one commit, and those that are not have one each', async () => {
      await store.transaction(addMember('first'));
      expect(await under.commitsDuring(() => addAll(numbered(40)))).toBe(1);
      const oneByOne = async (): Promise<void> => {
        for (const name of ['a', 'b', 'c']) await store.transaction(addMember(name));
      };
      expect(await under.commitsDuring(oneByOne)).toBe(3);
      expect(await memberNames()).toHaveLength(44);
    });

    it('are divided where there are very many', async () => {
      await store.transaction(addMember('first'));
      expect(await under.commitsDuring(() => addAll(numbered(300)))).toBe(2);
      expect(await memberNames()).toHaveLength(301);
    });

    it('see what those before them did and set', async () => {
      const counts = await Promise.all(Array.from({ length: 5 }, () => store.transaction(countOne)));
      expect(counts).toEqual([1, 2, 3, 4, 5]);
    });

    it('fail alone: nothing of one that threw is there, and all of the others', async () => {
      const work = (name: string, fails = false) =>
        store.transaction(async (tx) => {
          const seq = await countOne(tx);
          await addMember(name)(tx);
          tx.append(event(seq));
          if (fails) throw stop;
          return seq;
        });
      const answers = await Promise.allSettled([work('a'), work('b', true), work('c')]);
      expect(answers).toEqual([
        { status: 'fulfilled', value: 1 },
        { status: 'rejected', reason: stop },
        { status: 'fulfilled', value: 2 },
      ]);
      expect(await memberNames()).toEqual(['a', 'c']);
      expect(await store.read(head)).toBe('2');
      expect((await store.read((db) => auditPage(db, 0, 10))).map(({ seq }) => seq)).toEqual([1, 2]);
    });

    it('fail alone where the database itself refuses', async () => {
      await store.transaction(addMember('b'));
      const answers = await Promise.allSettled(
        ['a', 'b', 'c'].map((name) => store.transaction(addMember(name))),
      );
      expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await memberNames()).toEqual(['a', 'b', 'c']);
    });

    it('append any number of events, in their order', async () => {
      const seqs = Array.from({ length: 150 }, (_, i) => i + 1);
      await Promise.all(seqs.map((seq) => store.transaction(async (tx) => tx.append(event(seq)))));
      expect(await store.read((db) => auditPage(db, 0, 200))).toEqual(seqs.map(event));
    });

    it('all fail when the database ends their transaction in the middle', async () => {
      const ending = store.transaction(async (tx) => {
        await tx.sql('ROLLBACK');
        throw stop;
      });
      const answers = await Promise.allSettled([
        store.transaction(addMember('olga')),
        ending,
        store.transaction(addMember('mira')),
      ]);
      expect(answers).toEqual(answers.map(() => ({ status: 'rejected', reason: stop })));
      expect(await memberNames()).toEqual([]);
      expect(await store.transaction(countOne)).toBe(1);
    });

    it('fail alone when what one of them wants to commit is refused', async () => {
      await store.transaction(async (tx) => tx.append(event(1)));
      const undone: string[] = [];
      const work = (name: string, seq: number) =>
        store.transaction(async (tx) => {
          undone.push(`${name} runs`);
          tx.onUndone(() => undone.push(`${name} is undone`));
          const count = await countOne(tx);
          await addMember(name)(tx);
          tx.append(event(seq));
          return count;
        });
      const [a, b, c] = await Promise.allSettled([work('a', 2), work('b', 1), work('c', 3)]);
      expect([a, c]).toEqual([
        { status: 'fulfilled', value: 1 },
        { status: 'fulfilled', value: 2 },
      ]);
      expect(b.status).toBe('rejected');
      expect(await memberNames()).toEqual(['a', 'c']);
      expect((await store.read((db) => auditPage(db, 0, 10))).map(({ seq }) => seq)).toEqual([1, 2, 3]);
      const all = ['a', 'b', 'c'];
      expect(undone).toEqual([
        ...all.map((name) => `${name} runs`),
        ...all.map((name) => `${name} is undone`),
        ...['a runs', 'b runs', 'b is undone', 'c runs'],
      ]);
    });

    it('fail alone when the commit itself is refused, and nobody has seen anything of that one', async () => {
      const doomed = store.transaction(async (tx) => {
        await tx.sql('CREATE TABLE doomed (id text REFERENCES projects (id) DEFERRABLE INITIALLY DEFERRED)');
        await tx.sql('INSERT INTO doomed (id) VALUES (?)', 'nowhere');
      });
      const [added, reached, seen] = await Promise.allSettled([
        store.transaction(addMember('olga')),
        doomed,
        memberNames(),
      ]);
      expect([added.status, reached.status, seen.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.tables()).not.toContain('doomed');
      await store.transaction(addMember('mira'));
      expect(await memberNames()).toEqual(['mira', 'olga']);
    });
  });

  describe('a snapshot', () => {
    it('shows one moment, while others write', async () => {
      await store.transaction(addMember('olga'));
      await store.snapshot(async (db) => {
        expect(await listPrincipals(db)).toHaveLength(1);
        await store.transaction(addMember('mira'));
        expect(await listPrincipals(db)).toHaveLength(1);
        expect(await memberNames()).toHaveLength(2);
      });
      await store.scrub();
      expect(await store.snapshot(listPrincipals)).toHaveLength(2);
    });

    it('throws what its work throws', async () => {
      await expect(store.snapshot(() => Promise.reject(stop))).rejects.toBe(stop);
      expect(await store.snapshot(listPrincipals)).toEqual([]);
    });
  });

  describe('rows', () => {
    const row = (name: string, version = 1, environment_id = 'dev'): SecretRow => ({
      environment_id,
      name,
      version,
      sealed: bytes(0, 255, version),
      written_at: at,
      written_by: 'olga',
    });

    beforeEach(async () => {
      await store.transaction(async (tx) => {
        await projects.insertProject(tx, {
          id: 'web-id',
          name: 'web',
          data_key: bytes(1, 2, 3),
          created_at: at,
          created_by: 'olga',
        });
        for (const [position, id] of ['dev', 'prod'].entries()) {
          const names = { id, project_id: 'web-id', name: id, position };
          await projects.insertEnvironment(tx, { ...names, revision: 0, created_at: at });
        }
      });
    });

    it('of a scope are found by two names at once', async () => {
      expect(await store.read((db) => projects.findScope(db, 'web', 'prod'))).toEqual({
        projectId: 'web-id',
        dataKey: bytes(1, 2, 3),
        environmentId: 'prod',
        revision: 0,
      });
      expect(await store.read((db) => projects.findScope(db, 'web', 'nope'))).toBeUndefined();
      expect(await store.read((db) => projects.findScope(db, 'nope', 'prod'))).toBeUndefined();
    });

    it('of sealed bytes come back as they were', async () => {
      const all = Uint8Array.from({ length: 256 }, (_, i) => i);
      await put([{ ...row('A'), sealed: all }]);
      const [found] = await store.read((db) => secrets.readSecrets(db, 'dev'));
      expect(Buffer.from(found!.sealed).equals(all)).toBe(true);
    });

    it('are sorted by the bytes of their names', async () => {
      await put(['a', 'B', '_', 'b', 'A1', 'A_'].map((name) => row(name)));
      const found = await store.read((db) => secrets.readSecrets(db, 'dev'));
      expect(found.map(({ name }) => name)).toEqual(['A1', 'A_', 'B', '_', 'a', 'b']);
    });

    it('that are replaced become superseded versions, newest first', async () => {
      for (const version of [1, 2, 3]) await put([row('A', version), row('B', version)]);
      const [now] = await store.read((db) => secrets.readSecrets(db, 'dev', ['A']));
      expect(now!.version).toBe(3);
      const before = await store.read((db) => secrets.supersededVersions(db, 'dev', 'A'));
      expect(before.map(({ name, version }) => [name, version])).toEqual([
        ['A', 2],
        ['A', 1],
      ]);
    });

    it('are told apart by environment and by the case of their names', async () => {
      await put([row('A', 1), row('a', 2)]);
      await put([row('A', 7, 'prod')], 'prod');
      const versions = await store.read((db) => secrets.versionsOf(db, 'dev', ['A', 'b']));
      expect(versions).toEqual([{ name: 'A', version: 1, written_by: 'olga' }]);
      expect(await store.read((db) => secrets.countSecrets(db, 'web-id'))).toEqual(
        new Map([
          ['dev', 2],
          ['prod', 1],
        ]),
      );
    });

    it('that are deleted are gone with their versions', async () => {
      await put([row('A', 1), row('B', 1)]);
      await put([row('A', 2)]);
      await store.transaction((tx) => secrets.deleteSecrets(tx, 'dev', ['A']));
      expect((await store.read((db) => secrets.listSecrets(db, 'dev'))).map(({ name }) => name)).toEqual([
        'B',
      ]);
      expect(await store.read((db) => secrets.supersededVersions(db, 'dev', 'A'))).toEqual([]);
    });

    it('go with their project', async () => {
      await put([row('A', 1)]);
      await put([row('A', 2)]);
      await store.transaction((tx) => projects.deleteProject(tx, 'web-id'));
      expect(await store.read((db) => secrets.readSecrets(db, 'dev'))).toEqual([]);
      expect(await store.read((db) => secrets.supersededVersions(db, 'dev', 'A'))).toEqual([]);
      expect(await store.read((db) => projects.listEnvironments(db))).toEqual([]);
    });

    it('are more than one statement binds', async () => {
      const names = Array.from({ length: 2500 }, (_, i) => `N${String(i).padStart(4, '0')}`);
      await put(names.map((name) => row(name)));
      const found = await store.read((db) => secrets.readSecrets(db, 'dev', names));
      expect(found.map(({ name }) => name)).toEqual(names);
    });

    it('of an environment need one', async () => {
      await expect(put([row('A', 1, 'nowhere')], 'nowhere')).rejects.toThrow();
    });

    const put = (rows: readonly SecretRow[], environment = 'dev') =>
      store.transaction((tx) => secrets.putSecrets(tx, environment, rows));
  });

  describe('the audit trail', () => {
    it('is read in pages, in order', async () => {
      await store.transaction(async (tx) => {
        for (const seq of [1, 2, 3, 4, 5]) tx.append(event(seq));
        tx.setMeta('audit_head', 'head 5');
      });
      const seqs = async (after: number, limit: number): Promise<number[]> =>
        (await store.read((db) => auditPage(db, after, limit))).map(({ seq }) => seq);
      expect([await seqs(0, 2), await seqs(2, 2), await seqs(4, 2), await seqs(5, 2)]).toEqual([
        [1, 2],
        [3, 4],
        [5],
        [],
      ]);
      expect((await store.read((db) => auditPage(db, 2, 1)))[0]).toEqual(event(3));
      expect(await store.read(head)).toBe('head 5');
    });

    it('never has two events of one number', async () => {
      const append = (to: string) =>
        store.transaction(async (tx) => {
          tx.append(event(1));
          tx.setMeta('audit_head', to);
        });
      await append('head 1');
      await expect(append('other')).rejects.toThrow();
      expect(await store.read(head)).toBe('head 1');
    });
  });

  it('knows its schema and its tables, and finds no fault with itself', async () => {
    expect(await store.read((db) => db.meta())).toEqual({ schema_version: String(schemaVersion) });
    expect(await store.tables()).toEqual(
      expect.arrayContaining(['meta', 'principals', 'secrets', 'audit_events']),
    );
    expect(await store.faults()).toEqual([]);
  });

  it('can be closed twice', async () => {
    await store.close();
    await expect(store.close()).resolves.toBeUndefined();
  });
}
