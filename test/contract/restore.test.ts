import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatMasterKey, newMasterKey } from '../../src/crypto/master-key.ts';
import { Secret } from '../../src/secret.ts';
import { ServerVault } from '../../src/serving.ts';
import { columns } from '../../src/store/columns.ts';
import { migrate } from '../../src/store/migrations.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { localOwner } from '../../src/vault/open.ts';
import { titled } from '../e2e/harness/needs.ts';
import { lackingPostgres, Postgres } from '../harness/postgres.ts';
import { tempFolder } from '../unit/temp-folder.ts';

const noPostgres = lackingPostgres();
const web = { project: 'web', environment: 'development' };
const key = formatMasterKey(newMasterKey());
const otherKey = formatMasterKey(newMasterKey());

let folder: string;
let backup: string;

beforeEach(async () => {
  folder = tempFolder();
  backup = join(folder, 'backup.db');
  const server = serverOn(join(folder, 'source.db'));
  await (await server.openOrCreate()).close();
  await server.inviteAdmin('olga');
  const vault = await server.open();
  const team = vault.as(await localOwner(vault));
  await team.createProject('web');
  await team.write(web, [{ name: 'API_KEY', value: new Secret('canary') }]);
  await team.invite({ name: 'mira', role: 'member' });
  await vault.close();
  await server.backup(backup);
});

describe('a restore', () => {
  it('tells who comes back', async () => {
    const target = serverOn(join(folder, 'target.db'));
    expect(await target.restore(backup)).toEqual({ admins: ['olga'], members: 1 });
    const vault = await target.open();
    const { secrets } = await vault.as(await localOwner(vault)).read(web);
    expect(secrets.get('API_KEY')?.value.reveal()).toBe('canary');
    await vault.close();
  });

  const refused: Record<string, string> = {
    'a value that does not open': "UPDATE secrets SET sealed = x'01' || substr(sealed, 2, 40)",
    'a project that does not open': "UPDATE projects SET data_key = x'0102'",
    'an event that was edited': "UPDATE audit_events SET actor = 'mira' WHERE seq = 2",
    'events that were cut off': 'DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)',
    'a column that is not ours': `ALTER TABLE principals ADD COLUMN "x"") SELECT 1; --" text`,
    'a column less': 'ALTER TABLE tokens DROP COLUMN ranges',
    'a generated column': 'ALTER TABLE principals ADD COLUMN more text AS (name) VIRTUAL',
    'a text where bytes belong': 'UPDATE audit_events SET hash = hex(hash)',
    'a number where a text belongs': "UPDATE audit_events SET detail = x'00'",
    'a trigger': 'CREATE TRIGGER planted AFTER INSERT ON principals BEGIN SELECT 1; END',
    'a view': 'CREATE VIEW planted AS SELECT 1',
    'a virtual table': 'CREATE VIRTUAL TABLE planted USING fts5(text)',
    'a view in the place of a table':
      'ALTER TABLE tokens RENAME TO others; CREATE VIEW tokens AS SELECT * FROM others',
  };
  it.each(Object.entries(refused))('of %s writes nothing', async (_, sql) => {
    const hostile = join(folder, 'hostile.db');
    copyFileSync(backup, hostile);
    const db = new DatabaseSync(hostile);
    db.exec(sql);
    db.close();
    const before = readFileSync(hostile);
    const target = join(folder, 'target.db');
    await expect(serverOn(target).restore(hostile)).rejects.toMatchObject({ code: 'vault_damaged' });
    expect(existsSync(target)).toBe(false);
    expect(readFileSync(hostile).equals(before)).toBe(true);
  });

  it.each<[string, string | null, string]>([
    ['another key', otherKey, 'key_wrong'],
    ['no key', null, 'key_missing'],
  ])('with %s writes nothing', async (_, masterKey, code) => {
    const target = join(folder, 'target.db');
    await expect(serverOn(target, masterKey).restore(backup)).rejects.toMatchObject({ code });
    expect(existsSync(target)).toBe(false);
  });
});

describe.skipIf(noPostgres)(titled('a restore into PostgreSQL', noPostgres), () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await Postgres.make();
  }, 60_000);
  afterAll(() => postgres?.end());

  it('writes nothing with another key, and all with the right one', async () => {
    const url = await postgres.databaseUrl();
    const store = await openPostgres(url);
    await expect(serverOn(url, otherKey).restore(backup)).rejects.toMatchObject({ code: 'key_wrong' });
    expect(await store.tables()).toEqual([]);
    expect(await serverOn(url).restore(backup)).toEqual({ admins: ['olga'], members: 1 });
    await store.close();
  });

  it('the columns that are copied are those of the tables', async () => {
    const store = await openPostgres(await postgres.databaseUrl());
    await store.transaction((tx) => migrate(tx, 0, store.types));
    const rows = await store.read((db) =>
      db.sql<{ table: string; name: string; type: string; nullable: string }>(
        `SELECT table_name::text AS table, column_name::text AS name, data_type::text AS type,
                is_nullable::text AS nullable
         FROM information_schema.columns WHERE table_schema = current_schema()`,
      ),
    );
    const kinds: Record<string, string> = { bytea: 'bytes', bigint: 'integer' };
    const found = Map.groupBy(rows, ({ table }) => table);
    const told = [...found].map(([table, its]) => [
      table,
      Object.fromEntries(
        its.map(({ name, type, nullable }) => [
          name,
          `${kinds[type] ?? type}${nullable === 'YES' ? '?' : ''}`,
        ]),
      ),
    ]);
    expect(Object.fromEntries(told)).toEqual(columns);
    await store.close();
  });
});

it('the columns that are copied are those of a vault file', () => {
  const db = new DatabaseSync(backup, { readOnly: true });
  const names = (table: string) =>
    db
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(({ name }) => String(name));
  for (const [table, its] of Object.entries(columns))
    expect(names(table).toSorted(), table).toEqual(Object.keys(its).toSorted());
  db.close();
});

function serverOn(database: string, masterKey: string | null = key): ServerVault {
  return new ServerVault({
    env: masterKey === null ? {} : { SECRETS_MASTER_KEY: masterKey },
    paths: { vault: join(folder, 'vault.db') },
    database,
    masterKey: [],
    now: () => new Date(),
  });
}
