import { expect, it } from 'vitest';
import { newMasterKey } from '../../../src/crypto/master-key.ts';
import { SecretsError } from '../../../src/errors.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { type MasterKeySource } from '../../../src/vault/keys.ts';
import { openVault } from '../../../src/vault/open.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { changes, development, type FreshVault, freshVault } from './fresh-vault.ts';

it('another master key is told as wrong before anything is read or written', async () => {
  const fresh = await freshVault();
  const vault = await openedWith(fresh, async () => newMasterKey());
  const team = vault.as(fresh.owner);
  for (const attempt of [
    () => team.check(),
    () => team.read(development),
    () => team.write(development, changes({ A: '1' })),
    () => team.createProject('api'),
    () => team.verifyAudit(),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: 'key_wrong' });
  expect(await fresh.team.verifyAudit()).toEqual({ whole: true, events: 2 });
});

it('names are listed without asking for the master key', async () => {
  const fresh = await freshVault();
  await fresh.team.write(development, changes({ A: '1' }));
  const vault = await openedWith(fresh, async () => {
    throw new SecretsError('keychain_locked', 'the keychain is locked');
  });
  const team = vault.as(fresh.owner);
  expect((await team.list(development)).secrets.map(({ name }) => name)).toEqual(['A']);
  expect(await team.history(development, 'A')).toHaveLength(1);
  expect(await team.listProjects()).toHaveLength(1);
  expect(await team.listEnvironments('web')).toHaveLength(3);
  await expect(team.read(development)).rejects.toMatchObject({ code: 'keychain_locked' });
});

it('the master key is asked for once, however many calls come at the same time', async () => {
  const fresh = await freshVault();
  let asked = 0;
  const vault = await openedWith(fresh, async () => {
    asked++;
    return fresh.masterKey();
  });
  const team = vault.as(fresh.owner);
  await Promise.all([team.check(), team.read(development), team.createProject('api'), team.verifyAudit()]);
  expect(asked).toBe(1);
});

it('the source is told which vault it is for, and its copy of the key is wiped', async () => {
  const fresh = await freshVault();
  const given = fresh.masterKey();
  const asked: string[] = [];
  const vault = await openedWith(fresh, async (id) => {
    asked.push(id);
    return given;
  });
  await vault.as(fresh.owner).check();
  expect(asked).toEqual([fresh.vault.id]);
  expect(given).toEqual(Buffer.alloc(32));
});

it('a keychain that was locked once is asked again by the next call', async () => {
  const fresh = await freshVault();
  let locked = true;
  const vault = await openedWith(fresh, async () => {
    if (locked) throw new SecretsError('keychain_locked', 'the keychain is locked');
    return fresh.masterKey();
  });
  const team = vault.as(fresh.owner);
  await expect(team.check()).rejects.toMatchObject({ code: 'keychain_locked' });
  locked = false;
  await expect(team.check()).resolves.toBeUndefined();
});

async function openedWith({ file }: FreshVault, source: MasterKeySource): Promise<Vault> {
  return openVault(openSqlite(file), file, source, () => new Date());
}
