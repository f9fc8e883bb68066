import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync, chmodSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SecretsError } from '../../../src/errors.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { localOwner, openVault } from '../../../src/vault/open.ts';
import { asOrdinaryUser } from '../ordinary-user.ts';
import { tempFolder } from '../temp-folder.ts';
import { changes, development, freshVault } from '../vault/fresh-vault.ts';

let file: string;
let key: Buffer;

beforeEach(async () => {
  const fresh = await freshVault();
  ({ file } = fresh);
  key = fresh.masterKey();
  await fresh.team.write(
    development,
    changes(Object.fromEntries(many.map((name) => [name, 'x'.repeat(200)]))),
  );
  await fresh.vault.close();
});

const many = Array.from({ length: 60 }, (_, i) => `NAME_${i}`);

describe('a file that is not what it should be is told as such and stays as it is', () => {
  it('a schema of a newer program', async () => {
    raw(file, "UPDATE meta SET value = '3' WHERE key = 'schema_version'");
    expect(await untouched(file)).toMatchObject({ code: 'vault_too_new' });
    expect((await untouched(file)).message).toMatch(/has schema 3; this program knows 2$/);
  });

  it('a schema that is no number', async () => {
    raw(file, "UPDATE meta SET value = 'x' WHERE key = 'schema_version'");
    expect(await untouched(file)).toMatchObject({ code: 'vault_damaged' });
  });

  it('a database of another program', async () => {
    const other = join(tempFolder(), 'other.db');
    raw(other, 'CREATE TABLE notes (text)');
    expect(await untouched(other)).toMatchObject({ code: 'vault_damaged' });
  });

  it('a database of another program that has a table of the same name', async () => {
    const other = join(tempFolder(), 'other.db');
    raw(other, "CREATE TABLE meta (key, value); INSERT INTO meta VALUES ('schema_version', '1')");
    expect(await untouched(other)).toMatchObject({ code: 'vault_damaged' });
    const stranger = join(tempFolder(), 'stranger.db');
    raw(stranger, 'CREATE TABLE meta (id, name)');
    expect((await untouched(stranger)).code).toMatch(/^(vault_damaged|failed)$/);
  });

  const contents: Record<string, string | Buffer> = {
    'an empty file': '',
    'a text': 'these are my notes\n'.repeat(100),
    'a short text': 'hello',
    'the first bytes of a database': 'SQLite format 3\0',
    'a database header with nothing of sense behind it': Buffer.concat([
      Buffer.from('SQLite format 3\0'),
      Buffer.alloc(8192, 7),
    ]),
  };
  for (const [what, content] of Object.entries(contents)) {
    it(what, async () => {
      const other = join(tempFolder(), 'other');
      writeFileSync(other, content);
      expect(await untouched(other)).toMatchObject({ code: 'vault_damaged' });
    });
  }

  it('a vault that is cut to its half', async () => {
    truncateSync(file, Math.floor(readFileSync(file).length / 2 / 4096) * 4096);
    expect(await untouched(file)).toMatchObject({ code: 'vault_damaged' });
  });

  it('a vault that is cut inside its first page', async () => {
    truncateSync(file, 1000);
    expect(await untouched(file)).toMatchObject({ code: 'vault_damaged' });
  });

  it('a folder', () => {
    const folder = join(tempFolder(), 'folder');
    mkdirSync(folder);
    expect(() => openSqlite(folder)).toThrow(expect.objectContaining({ code: 'vault_damaged' }));
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a vault that may not be written', () => {
  it('is told as such, by its file', async () => {
    chmodSync(file, 0o400);
    const error = await asOrdinaryUser(dirname(file), () => failure(file));
    expect(error).toMatchObject({
      code: 'vault_read_only',
      hints: [expect.stringContaining(`chmod 600 ${file}`)],
    });
  });

  it('is told as such, by its folder', async () => {
    chmodSync(dirname(file), 0o500);
    const error = await asOrdinaryUser(dirname(file), () => failure(file));
    expect(error).toMatchObject({ code: 'vault_read_only' });
    chmodSync(dirname(file), 0o700);
  });
});

it('a fault inside the file is found', async () => {
  const bytes = readFileSync(file);
  // In the middle of a page: the header and the schema stay as they are.
  bytes.fill(0xff, 4096 * 20, 4096 * 20 + 200);
  writeFileSync(file, bytes);
  const store = openSqlite(file);
  const faults = await store.faults().catch(({ code }: SecretsError) => [code]);
  expect(faults).not.toEqual([]);
  await store.close();
});

/** What opening and reading it ends with; nothing of it, nor beside it, has changed. */
async function untouched(path: string): Promise<SecretsError> {
  const before = readFileSync(path);
  const beside = readdirSync(dirname(path));
  // What SQLite itself puts beside a vault that it could not close in order is no harm.
  const companions = new Set([`${basename(path)}-wal`, `${basename(path)}-shm`]);
  const error = await failure(path);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(dirname(path)).filter((name) => !companions.has(name))).toEqual(beside);
  expect(error.message).toContain(basename(path));
  return error;
}

async function failure(path: string): Promise<SecretsError> {
  try {
    const store = openSqlite(path);
    try {
      const vault = await openVault(
        store,
        path,
        async () => Buffer.from(key),
        () => new Date(),
      );
      await vault.as(await localOwner(vault)).read(development);
    } finally {
      await store.close();
    }
  } catch (error) {
    return error as SecretsError;
  }
  throw new Error('it was opened');
}

function raw(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}
