import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrations.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { countElsewhere } from './count.ts';
import { storeCases, type StoreUnderTest } from './store.case.ts';

describe('SQLite', () => {
  storeCases(make);

  it('makes a file for this user alone, and never over another', async () => {
    const under = await make();
    const { file } = under;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file);
    expect(() => openSqlite(file, { create: true })).toThrow();
    expect(readFileSync(file).equals(before)).toBe(true);
    await under.close();
  });

  it('scrubs its log when the snapshot that keeps it open has ended', async () => {
    const under = await make();
    const { store, file } = under;
    await store.snapshot(async (db) => {
      await db.meta();
      await store.transaction(async (tx) => tx.setMeta('vault_id', 'x'));
      await store.scrub();
      expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    });
    expect(statSync(`${file}-wal`).size).toBe(0);
    await under.close();
  });
});

describe('SQLite, while another process reads', () => {
  it('does not wait for it to scrub the log, and does it later', async () => {
    const under = await make();
    const { store, file } = under;
    const reader = await deletedWhileRead(under);
    await store.scrub();
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    reader.exec('ROLLBACK');
    await until(() => statSync(`${file}-wal`).size === 0);
    reader.close();
    await under.close();
  });

  it('scrubs the log before it closes', async () => {
    const under = await make();
    const { store, file } = under;
    const reader = await deletedWhileRead(under);
    await store.scrub();
    reader.exec('ROLLBACK');
    await store.close();
    expect(statSync(`${file}-wal`).size).toBe(0);
    reader.close();
    await under.close();
  });

  it('scrubs it at once when nobody reads any more', async () => {
    const under = await make();
    const { store, file } = under;
    const reader = await deletedWhileRead(under);
    await store.scrub();
    reader.exec('ROLLBACK');
    await store.scrub();
    expect(statSync(`${file}-wal`).size).toBe(0);
    reader.close();
    await under.close();
  });
});

describe('SQLite refuses what would run with our reads and writes', () => {
  it.each([
    'CREATE TRIGGER planted AFTER INSERT ON secrets BEGIN SELECT 1; END',
    'CREATE VIEW planted AS SELECT 1',
    'CREATE VIRTUAL TABLE planted USING fts5(text)',
  ])('%s', async (sql) => {
    const under = await make();
    const other = new DatabaseSync(under.file);
    other.exec(sql);
    other.close();
    await expect(under.store.tables()).rejects.toMatchObject({ code: 'vault_damaged' });
    await under.close();
  });
});

/** Something is deleted, and a reader elsewhere keeps the log open. */
async function deletedWhileRead({ store, file }: StoreUnderTest & { file: string }): Promise<DatabaseSync> {
  await store.transaction(async (tx) => tx.setMeta('vault_id', 'x'));
  const reader = new DatabaseSync(file);
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM meta').all();
  await store.transaction((tx) => tx.sql("DELETE FROM meta WHERE key = 'vault_id'"));
  return reader;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

async function make(): Promise<StoreUnderTest & { file: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-store-'));
  const file = join(folder, 'vault.db');
  const store = openSqlite(file, { create: true });
  await store.transaction((tx) => migrate(tx, 0, store.types));
  return {
    file,
    store,
    another: async () => openSqlite(file),
    countElsewhere: (times) => countElsewhere(file, times),
    commitsDuring: async (work) => {
      const before = commitsIn(`${file}-wal`);
      await work();
      return commitsIn(`${file}-wal`) - before;
    },
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** https://sqlite.org/fileformat2.html#walformat: the last frame of a transaction has the size of the database in it. */
function commitsIn(log: string): number {
  const bytes = readFileSync(log);
  const frame = 24 + bytes.readUInt32BE(8);
  const salts = bytes.subarray(16, 24);
  let commits = 0;
  for (let at = 32; at + frame <= bytes.length; at += frame) {
    if (!bytes.subarray(at + 8, at + 16).equals(salts)) break;
    if (bytes.readUInt32BE(at + 4) > 0) commits++;
  }
  return commits;
}
