import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { formatMasterKey } from '../../../src/crypto/master-key.ts';
import { bytesOf, changes, development, filesOf, type FreshVault, freshVault } from './fresh-vault.ts';

it('no file of the vault ever holds a value', async () => {
  const fresh = await freshVault();
  const values = Array.from({ length: 20 }, (_, i) => `canary-${i}-é${'x'.repeat(i * 300)}`);
  for (const [i, value] of values.entries())
    await fresh.team.write(development, changes({ [`NAME_${i % 7}`]: value }));
  await fresh.team.copyEnvironment(development, 'staging');
  await fresh.team.compareEnvironments(development, 'staging');
  await fresh.team.delete(development, ['NAME_3']);
  const bytes = bytesOf(fresh);
  expect(bytes.includes('NAME_2')).toBe(true);
  for (const value of values) expect(bytes.includes(value.slice(0, 12)), value.slice(0, 12)).toBe(false);
});

it('no file of the vault ever holds the master key', async () => {
  const fresh = await freshVault();
  await fresh.team.write(development, changes({ A: '1' }));
  const bytes = bytesOf(fresh);
  const key = fresh.masterKey();
  expect(bytes.includes(fresh.vault.keyId)).toBe(true);
  for (const form of [key, key.toString('hex'), key.toString('base64'), formatMasterKey(key)])
    expect(bytes.includes(form)).toBe(false);
});

it('what was deleted leaves no sealed bytes behind', async () => {
  const fresh = await freshVault();
  await fresh.team.write(development, changes({ GONE: 'first', KEPT: 'kept' }));
  await fresh.team.write(development, changes({ GONE: 'second' }));
  const sealed = sealedOf(fresh, 'GONE');
  const kept = sealedOf(fresh, 'KEPT');
  expect(sealed).toHaveLength(2);
  for (const bytes of [...sealed, ...kept]) expect(bytesOf(fresh).includes(bytes)).toBe(true);
  await fresh.team.delete(development, ['GONE']);
  for (const bytes of sealed) expect(bytesOf(fresh).includes(bytes)).toBe(false);
  expect(bytesOf(fresh).includes(kept[0]!)).toBe(true);
});

it('a deleted environment and a deleted project leave no sealed bytes behind', async () => {
  const fresh = await freshVault();
  const other = { project: 'api', environment: 'staging' };
  await fresh.team.createProject('api');
  await fresh.team.write(development, changes({ OF_ENVIRONMENT: 'a' }));
  await fresh.team.write(other, changes({ OF_PROJECT: 'b' }));
  const sealed = [...sealedOf(fresh, 'OF_ENVIRONMENT'), ...sealedOf(fresh, 'OF_PROJECT')];
  await fresh.team.deleteEnvironment(development);
  await fresh.team.deleteProject('api');
  expect(sealed).toHaveLength(2);
  for (const bytes of sealed) expect(bytesOf(fresh).includes(bytes)).toBe(false);
});

it('the same value is sealed to other bytes each time, and of each name', async () => {
  const fresh = await freshVault();
  await fresh.team.write(development, changes({ A: 'same', B: 'same' }));
  await fresh.team.write(development, changes({ A: 'same' }));
  const sealed = [...sealedOf(fresh, 'A'), ...sealedOf(fresh, 'B')].map((bytes) => bytes.toString('hex'));
  expect(new Set(sealed).size).toBe(3);
});

it('all files of the vault are for this user alone', async () => {
  const fresh = await freshVault();
  const modes = filesOf(fresh).map((file) => statSync(file).mode & 0o777);
  expect(modes.length).toBeGreaterThan(1);
  for (const mode of modes) expect(mode).toBe(0o600);
});

function sealedOf(fresh: FreshVault, name: string): Buffer[] {
  const sql = `SELECT sealed FROM secrets WHERE name = ?1 UNION ALL SELECT sealed FROM versions WHERE name = ?1`;
  const rows = fresh.tamper((db) => db.prepare(sql).all(name));
  return rows.map((row) => Buffer.from(row.sealed as Uint8Array));
}
