import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyStore } from '../../src/store/copy.ts';
import { migrate } from '../../src/store/migrations.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store, Tables } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { titled } from '../e2e/harness/needs.ts';
import { lackingPostgres, Postgres } from '../harness/postgres.ts';

const reason = lackingPostgres();
const at = '2026-01-01T00:00:00.000Z';
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
type Kind = 'sqlite' | 'postgres';

describe.skipIf(reason)(titled('a copy', reason), () => {
  let postgres: Postgres;
  let folder: string;
  let opened: Store[];

  beforeAll(async () => {
    postgres = await Postgres.make();
  }, 60_000);
  afterAll(() => postgres?.end());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'secrets-copy-'));
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()));
    rmSync(folder, { recursive: true });
  });

  it.each<[Kind, Kind]>([
    ['sqlite', 'sqlite'],
    ['sqlite', 'postgres'],
    ['postgres', 'sqlite'],
    ['postgres', 'postgres'],
  ])('from %s to %s has every row of every table as it was', async (source, target) => {
    const [from, to] = [await open(source), await open(target)];
    await fill(from);
    await copyStore(from, to);
    const copied = await rowsOf(to);
    expect(copied).toEqual(await rowsOf(from));
    for (const [table, rows] of Object.entries(copied)) expect(rows, table).not.toEqual([]);
    // More than a page of each of these.
    expect([copied.secrets!.length, copied.audit_events!.length]).toEqual([250, 1100]);
  });

  it('never goes over a vault, and leaves it as it was', async () => {
    const [from, to] = [await open('sqlite'), await open('postgres')];
    await Promise.all([fill(from), fill(to)]);
    const before = await rowsOf(to);
    await expect(copyStore(from, to)).rejects.toMatchObject({ code: 'conflict' });
    expect(await rowsOf(to)).toEqual(before);
  });

  it('needs a place of the same schema', async () => {
    const [from, to] = [await open('sqlite'), await open('postgres')];
    await fill(from);
    await to.transaction(async (tx) => tx.setMeta('schema_version', '1'));
    await expect(copyStore(from, to)).rejects.toMatchObject({ code: 'failed' });
    expect((await rowsOf(to)).projects).toEqual([]);
  });

  it('is nothing at all when it is cut short', async () => {
    const [from, to] = [await open('sqlite'), await open('postgres')];
    await fill(from);
    // An event that the table of the target does not take.
    await to.transaction((tx) => tx.sql("ALTER TABLE audit_events ADD CHECK (detail <> '1000')"));
    await expect(copyStore(from, to)).rejects.toThrow();
    const { meta, ...others } = await rowsOf(to);
    expect(Object.values(others).flat()).toEqual([]);
    expect(meta).toHaveLength(1);
  });

  async function open(kind: Kind): Promise<Store> {
    const file = join(folder, `${opened.length}.db`);
    const store =
      kind === 'sqlite'
        ? openSqlite(file, { create: true })
        : await openPostgres(await postgres.databaseUrl());
    opened.push(store);
    await store.transaction((tx) => migrate(tx, 0, store.types));
    return store;
  }
});

async function rowsOf(store: Store): Promise<Record<string, unknown[]>> {
  const tables = (await store.tables()).toSorted();
  return store.snapshot(async (db) => {
    const rows: Record<string, unknown[]> = {};
    for (const table of tables) rows[table] = await db.sql(`SELECT * FROM ${table} ORDER BY 1, 2`);
    return rows;
  });
}

async function fill(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    const builder = await tx.build();
    const add = <T extends keyof Tables>(table: T, ...rows: Tables[T][]): Promise<unknown> =>
      builder
        .insertInto(table)
        .values(rows as never)
        .execute();
    const made = { created_at: at, created_by: 'olga' };
    const by = { written_at: at, written_by: 'olga' };
    tx.setMeta('vault_id', 'v');
    tx.setMeta('generation', '7');
    await add('principals', { id: 'o', name: 'olga', role: 'admin', created_at: at });
    await add('principals', { id: 'c', name: 'ci', role: 'service', created_at: at });
    await add(
      'group_members',
      { group_name: 'g', principal_id: 'o' },
      { group_name: 'h', principal_id: 'o' },
    );
    await add('projects', { id: 'p', name: 'web', data_key: bytes(0, 255), ...made });
    await add('environments', {
      id: 'e',
      project_id: 'p',
      name: 'dev',
      position: 0,
      revision: 3,
      created_at: at,
    });
    await add('grants', {
      id: 'g1',
      principal_id: null,
      group_name: 'g',
      permission: 'read',
      project_id: 'p',
      environment_id: null,
      environment_name: 'dev',
      names: 'A_*',
      expires_at: null,
      ...made,
    });
    await add('tokens', {
      id: 't',
      principal_id: 'c',
      kind: 'service',
      prefix: 'sct_AAAA',
      hash: bytes(1, 2),
      last_used_at: null,
      expires_at: at,
      ranges: '[]',
      told_host: null,
      ...made,
    });
    await add('enrolment_codes', { hash: bytes(3), principal_id: null, expires_at: at, ...made });
    const secret = { environment_id: 'e', ...by };
    for (let i = 0; i < 250; i++)
      await add('secrets', {
        ...secret,
        name: i % 2 ? `n${i}` : `N${i}`,
        version: 2,
        sealed: bytes(i % 256, 0),
      });
    await add('versions', { ...secret, name: 'N0', version: 1, sealed: bytes(9) });
    await add('snapshots', { environment_id: 'e', revision: 3, sealed: bytes(4, 5) });
    await add('audit_lists', { id: 'l', secrets: '[]' });
    for (let seq = 1; seq <= 1100; seq++)
      tx.append({
        ...{ seq, at, actor: 'olga', action: 'x', project: 'web', environment: null },
        ...{ detail: String(seq), hash: bytes(seq % 256) },
      });
  });
}
