import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished, beforeEach, describe, expect, it } from 'vitest';
import type { TeamApi } from '../../../src/api/team.ts';
import { masterKeyId, newMasterKey } from '../../../src/crypto/master-key.ts';
import { SecretsError } from '../../../src/errors.ts';
import type { Store } from '../../../src/store/schema.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { openVault } from '../../../src/vault/open.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { bytesOf, changes, development, type FreshVault, freshVault, valuesIn } from './fresh-vault.ts';
import { watched } from './watched-store.ts';

const projects = ['web', ...Array.from({ length: 6 }, (_, i) => `project-${i}`)];
let fresh: FreshVault;
let [oldKey, nextKey] = [newMasterKey(), newMasterKey()];

beforeEach(async () => {
  fresh = await freshVault();
  [oldKey, nextKey] = [fresh.masterKey(), newMasterKey()];
  for (const project of projects) {
    if (project !== 'web') await fresh.team.createProject(project);
    await fresh.team.write({ ...development, project }, changes({ A: `first of ${project}` }));
    await fresh.team.write({ ...development, project }, changes({ A: `of ${project}` }));
  }
});

/** The vault with these keys at hand: the one that is asked for, else the first. */
async function openWith(keys: Buffer[], around = (store: Store): Store => store): Promise<Vault> {
  const store = openSqlite(fresh.file);
  onTestFinished(() => store.close());
  const source = async (vaultId: string, keyId?: string): Promise<Buffer> =>
    Buffer.from(keys.find((key) => masterKeyId(key, vaultId) === keyId) ?? keys[0]!);
  return openVault(around(store), fresh.file, source, fresh.clock.now);
}

const as = (vault: Vault): TeamApi => vault.as(fresh.owner);
const next = async (): Promise<Buffer> => Buffer.from(nextKey);
const keyWrong = { code: 'key_wrong' };

async function expectWhole(team: TeamApi): Promise<void> {
  for (const project of projects) {
    expect(await valuesIn(team, { ...development, project })).toMatchObject({ A: `of ${project}` });
    expect((await team.readVersion({ ...development, project }, 'A', 1)).reveal()).toBe(
      `first of ${project}`,
    );
  }
  expect(await team.verifyAudit()).toMatchObject({ whole: true });
}

describe('under another master key', () => {
  it('every value opens, old versions too, and the chain is whole and goes on', async () => {
    const before = await fresh.team.verifyAudit();
    const vault = await openWith([oldKey, nextKey]);
    expect(await vault.rekey(next)).toBe(projects.length);
    expect(await as(vault).verifyAudit()).toEqual({ whole: true, events: before.events + 1 });
    expect(vault.keyId).toBe(masterKeyId(nextKey, vault.id));
    const team = as(await openWith([nextKey]));
    await expectWhole(team);
    await team.createProject('later');
    await team.write({ ...development, project: 'later' }, changes({ B: 'b' }));
    expect((await team.listAudit({ action: 'vault' })).events).toMatchObject([
      { actor: 'operator', action: 'vault.rekey', detail: { projects: projects.length } },
      { action: 'vault.create' },
    ]);
  });

  it('the old one is refused, and its wrapped keys are gone from the file', async () => {
    const wrapped = fresh.tamper((db) => db.prepare('SELECT data_key FROM projects').all());
    const vault = await openWith([oldKey, nextKey]);
    await vault.rekey(next);
    await vault.store.scrub();
    const team = as(await openWith([oldKey]));
    for (const attempt of [
      () => team.check(),
      () => team.read(development),
      () => team.write(development, changes({ A: 'x' })),
      () => team.verifyAudit(),
    ])
      await expect(attempt()).rejects.toMatchObject(keyWrong);
    const bytes = bytesOf(fresh);
    for (const { data_key } of wrapped) expect(bytes.includes(data_key as Uint8Array)).toBe(false);
    expect(wrapped).toHaveLength(projects.length);
  });

  it('the values and their sealed bytes are not touched', async () => {
    const sealed = () =>
      fresh.tamper((db) => db.prepare('SELECT * FROM secrets UNION ALL SELECT * FROM versions').all());
    const before = sealed();
    await (await openWith([oldKey, nextKey])).rekey(next);
    expect(sealed()).toEqual(before);
  });

  it('and back again', async () => {
    const vault = await openWith([oldKey, nextKey]);
    await vault.rekey(next);
    await vault.rekey(async () => Buffer.from(oldKey));
    await expectWhole(as(await openWith([oldKey])));
  });

  it('that is the one it has is a conflict, and nothing is changed', async () => {
    const before = await fresh.team.verifyAudit();
    const vault = await openWith([oldKey]);
    await expect(vault.rekey(async () => Buffer.from(oldKey))).rejects.toMatchObject({ code: 'conflict' });
    expect(await fresh.team.verifyAudit()).toEqual(before);
  });

  it('that cannot be fetched changes nothing', async () => {
    const vault = await openWith([oldKey]);
    const unreachable = async (): Promise<Buffer> => {
      throw new SecretsError('keychain_locked', 'the keychain is locked');
    };
    await expect(vault.rekey(unreachable)).rejects.toMatchObject({ code: 'keychain_locked' });
    await expectWhole(fresh.team);
  });
});

describe('another process that has the vault open', () => {
  const calls: [string, (team: TeamApi) => Promise<unknown>][] = [
    ['a read', (team) => team.read(development)],
    ['a write', (team) => team.write(development, changes({ B: 'b' }))],
    ['a new project', (team) => team.createProject('api')],
    ['a check', (team) => team.check()],
    [
      'what is refused',
      (team) => expect(team.setRole('olga', 'member')).rejects.toMatchObject({ code: 'conflict' }),
    ],
  ];
  for (const [what, call] of calls) {
    it(`goes on with ${what}, where it has both keys`, async () => {
      const other = as(await openWith([oldKey, nextKey]));
      await other.read(development);
      await (await openWith([oldKey, nextKey])).rekey(next);
      await call(other);
      await expectWhole(other);
    });
  }

  it('finds the chain whole, when it looks at nothing else first', async () => {
    const other = await openWith([oldKey, nextKey]);
    await as(other).read(development);
    await (await openWith([oldKey, nextKey])).rekey(next);
    expect(await as(other).verifyAudit()).toMatchObject({ whole: true });
  });

  it('goes on with all calls that come at the same time, also with one that waited for its turn meanwhile', async () => {
    let late: Promise<unknown> | undefined;
    let rekeyed = false;
    const other = await openWith([oldKey, nextKey], (store) =>
      watched(store, (statement) => {
        // It has the old key by now, and its turn comes after the others have learnt of the new one.
        if (rekeyed && statement === 'meta') late ??= as(other).read(development);
      }),
    );
    await as(other).read(development);
    await (await openWith([oldKey, nextKey])).rekey(next);
    rekeyed = true;
    await Promise.all(Array.from({ length: 5 }, () => as(other).write(development, changes({ B: 'b' }))));
    expect(await late).toMatchObject({ revision: expect.any(Number) });
    expect(await as(other).verifyAudit()).toMatchObject({ whole: true });
  });

  it('is told that its key is wrong where it has the old one alone, until it has the new one', async () => {
    const keys = [oldKey];
    const other = await openWith(keys);
    await as(other).read(development);
    await (await openWith([oldKey, nextKey])).rekey(next);
    const { events } = await as(await openWith([nextKey])).verifyAudit();
    for (const attempt of [
      () => as(other).read(development),
      () => as(other).write(development, changes({ A: 'x' })),
      () => as(other).verifyAudit(),
      () => other.ready(),
      () => as(other).read(development),
    ])
      await expect(attempt()).rejects.toMatchObject(keyWrong);
    expect((await as(other).list(development)).secrets).toHaveLength(1);
    keys.push(nextKey);
    await other.ready();
    await expectWhole(as(other));
    expect((await as(other).verifyAudit()).events).toBe(events + 2 * projects.length);
  });
});

it('a process that is killed before the commit leaves all as it was, wherever it was; running it again ends it', async () => {
  const child = join(import.meta.dirname, 'rekey-child.mts');
  const run = (kill: number) =>
    spawnSync(process.execPath, [
      '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      child,
      fresh.file,
      oldKey.toString('hex'),
      nextKey.toString('hex'),
      String(kill),
    ]);
  const rows = () =>
    fresh.tamper((db) => [
      db.prepare('SELECT id, data_key FROM projects ORDER BY id').all(),
      db.prepare('SELECT * FROM meta ORDER BY key').all(),
      db.prepare('SELECT max(seq) FROM audit_events').all(),
    ]);
  const before = rows();
  // The statements of a whole run, of which the last are those of the rekey: one for each project, and a few more.
  for (let kill = 2; kill <= 11; kill++) {
    expect(run(kill)).toMatchObject({ signal: 'SIGKILL' });
    expect(rows()).toEqual(before);
  }
  await expectWhole(as(await openWith([oldKey])));
  const last = run(0);
  expect(last.stderr.toString()).toBe('');
  expect(Number(last.stdout)).toBeGreaterThanOrEqual(11);
  await expectWhole(as(await openWith([nextKey])));
});
