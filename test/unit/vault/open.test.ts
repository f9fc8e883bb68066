import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newMasterKey } from '../../../src/crypto/master-key.ts';
import { SecretsError } from '../../../src/errors.ts';
import { placeFile } from '../../../src/files/write.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { createVault, localOwner } from '../../../src/vault/open.ts';
import { tempFolder } from '../temp-folder.ts';
import { freshVault } from './fresh-vault.ts';

describe('a new vault', () => {
  it('has one member, its owner, who is an admin', async () => {
    const { vault, team } = await freshVault();
    const owner = await localOwner(vault);
    expect(owner).toMatchObject({ name: 'olga', role: 'admin' });
    expect(await team.whoami()).toEqual({ ...owner, groups: [] });
  });

  it('is not made over one that is there', async () => {
    const fresh = await freshVault();
    const before = readFileSync(fresh.file);
    await expect(create(fresh.file)).rejects.toMatchObject({ code: 'conflict' });
    expect(readFileSync(fresh.file).equals(before)).toBe(true);
    expect(await localOwner(await fresh.reopen())).toMatchObject({ name: 'olga' });
  });

  it('leaves no file behind when its key cannot be kept', async () => {
    const file = join(tempFolder(), 'data', 'vault.db');
    const keychain = async (): Promise<Buffer> => {
      throw new SecretsError('keychain_unavailable', 'no keychain answers here');
    };
    await expect(create(file, keychain)).rejects.toMatchObject({ code: 'keychain_unavailable' });
    expect(readdirSync(dirname(file))).toEqual([]);
  });

  it('leaves no file beside it', async () => {
    const file = join(tempFolder(), 'vault.db');
    await create(file);
    expect(readdirSync(dirname(file))).toEqual(['vault.db']);
  });
});

describe('a vault that is not there', () => {
  it('is told as such, and none is made', () => {
    const file = join(tempFolder(), 'vault.db');
    expect(() => openSqlite(file)).toThrow(expect.objectContaining({ code: 'no_vault' }));
    expect(existsSync(file)).toBe(false);
  });

  it('is not an empty file, which stays as it is', () => {
    const file = join(tempFolder(), 'vault.db');
    writeFileSync(file, '');
    expect(() => openSqlite(file)).toThrow(SecretsError);
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

/** As `init` does it: aside, and put in place when it is whole. */
function create(file: string, makeKey = async (): Promise<Buffer> => newMasterKey()): Promise<void> {
  return placeFile(file, async (aside) => {
    const store = openSqlite(aside, { create: true });
    try {
      await createVault(store, { owner: 'eve', makeKey }, () => new Date(0));
    } finally {
      await store.close();
    }
  });
}
