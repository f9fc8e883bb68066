import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { TeamApi } from '../../../src/api/team.ts';
import { parseMasterKey } from '../../../src/crypto/master-key.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { localOwner, openVault } from '../../../src/vault/open.ts';
import { tempFolder } from '../temp-folder.ts';
import { changes, valuesIn } from './fresh-vault.ts';

/** test/fixtures/vault-1.sql: a vault of schema 1, as the program of that time wrote it: FIRST set twice, staging copied, then renamed. */
const fixture = join(import.meta.dirname, '../../fixtures/vault-1.sql');
const masterKey = 'smk_SqYNRLU46pb1TDjGfwV_TnzjGsCtvoBpAYvauO2WhoQpSFR';

let file: string;
let team: TeamApi;

beforeEach(async () => {
  file = join(tempFolder(), 'vault.db');
  const born = new DatabaseSync(file);
  born.exec(readFileSync(fixture, 'utf8'));
  born.close();
  const store = openSqlite(file);
  onTestFinished(() => store.close());
  const source = async (): Promise<Buffer> => parseMasterKey(masterKey, 'the test');
  const vault = await openVault(store, file, source, () => new Date());
  team = vault.as(await localOwner(vault));
});

it('opens with all that is in it', async () => {
  expect(await team.whoami()).toMatchObject({ name: 'owner@example.com', role: 'admin' });
  expect(await team.listProjects()).toMatchObject([
    { name: 'web', environments: ['development', 'stage', 'production'] },
  ]);
  expect(await valuesIn(team, { project: 'web', environment: 'development' })).toEqual({ FIRST: 'two' });
  expect(await valuesIn(team, { project: 'web', environment: 'stage' })).toEqual({ FIRST: 'two' });
  const production = { project: 'web', environment: 'production' };
  expect((await team.readVersion(production, 'FIRST', 1)).reveal()).toBe('of-production');
});

it('has its whole audit trail, and goes on with it', async () => {
  expect(await team.verifyAudit()).toEqual({ whole: true, events: 10 });
  await team.write({ project: 'web', environment: 'development' }, changes({ SECOND: 'x' }));
  expect(await team.verifyAudit()).toEqual({ whole: true, events: 11 });
  const { events } = await team.listAudit({ secret: 'FIRST', action: 'secrets' });
  expect(events.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['secrets.set', 'secrets.read', 'secrets.copy']),
  );
  expect(events.find(({ action }) => action === 'secrets.copy')?.detail).toMatchObject({
    from: 'development',
  });
});

it('takes members, grants and tokens', async () => {
  await team.invite({ name: 'ann@example.com' });
  await team.addGrant({
    to: { principal: 'ann@example.com' },
    permission: 'read',
    project: 'web',
    environment: 'stage',
    names: '*',
  });
  expect(await team.listPrincipals()).toHaveLength(2);
});
