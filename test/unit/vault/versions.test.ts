import { beforeEach, expect, it } from 'vitest';
import { changes, development, type FreshVault, freshVault } from './fresh-vault.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
});

it('each write of a secret is its next version, and each write of the environment its next revision', async () => {
  expect(await fresh.team.write(development, changes({ A: '1', B: '1' }))).toEqual({
    revision: 1,
    secrets: [
      { name: 'A', version: 1 },
      { name: 'B', version: 1 },
    ],
  });
  expect(await fresh.team.write(development, changes({ B: '2' }))).toEqual({
    revision: 2,
    secrets: [{ name: 'B', version: 2 }],
  });
});

it('an old version stays readable, and is not the current one', async () => {
  for (const value of ['one', 'two', 'three']) await fresh.team.write(development, changes({ A: value }));
  const history = await fresh.team.history(development, 'A');
  expect(history.map(({ version, current }) => [version, current])).toEqual([
    [3, true],
    [2, false],
    [1, false],
  ]);
  for (const [i, value] of ['one', 'two', 'three'].entries())
    expect((await fresh.team.readVersion(development, 'A', i + 1)).reveal()).toBe(value);
});

it('delete takes all versions with it, and the audit trail stays', async () => {
  for (const value of ['one', 'two']) await fresh.team.write(development, changes({ A: value }));
  const before = await fresh.team.verifyAudit();
  await fresh.team.delete(development, ['A']);
  for (const gone of [fresh.team.history(development, 'A'), fresh.team.readVersion(development, 'A', 1)])
    await expect(gone).rejects.toMatchObject({ code: 'not_found' });
  expect(rowsNamed('A')).toBe(0);
  expect(await fresh.team.verifyAudit()).toEqual({ whole: true, events: before.events + 1 });
  expect(lastEvent()).toMatchObject({
    action: 'secrets.delete',
    detail: expect.stringMatching(/^\{"revision":3,"place":"[\da-f-]{36}","secrets":\{"A":2\}\}$/) as string,
  });
});

it('a secret that is set again after it was deleted starts at version 1', async () => {
  for (const value of ['one', 'two']) await fresh.team.write(development, changes({ A: value }));
  await fresh.team.delete(development, ['A']);
  await fresh.team.write(development, changes({ A: 'new' }));
  const history = await fresh.team.history(development, 'A');
  expect(history.map(({ version }) => version)).toEqual([1]);
  expect((await fresh.team.readVersion(development, 'A', 1)).reveal()).toBe('new');
});

it('deleting one name among names that are not there deletes nothing', async () => {
  await fresh.team.write(development, changes({ A: '1' }));
  await expect(fresh.team.delete(development, ['A', 'NOPE'])).rejects.toMatchObject({ code: 'not_found' });
  expect((await fresh.team.list(development)).revision).toBe(1);
  expect(rowsNamed('A')).toBe(1);
});

it('two names that differ in case are two secrets', async () => {
  await fresh.team.write(development, changes({ Token: 'a', TOKEN: 'b' }));
  await fresh.team.delete(development, ['TOKEN']);
  expect((await fresh.team.list(development)).secrets.map(({ name }) => name)).toEqual(['Token']);
});

it('names that JavaScript knows are names like all others', async () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
  await fresh.team.write(
    development,
    names.flatMap((name) => changes(JSON.parse(`{"${name}":"of ${name}"}`) as Record<string, string>)),
  );
  const { secrets } = await fresh.team.read(development);
  expect([...secrets].map(([name, { value }]) => [name, value.reveal()])).toEqual(
    names.toSorted().map((name) => [name, `of ${name}`]),
  );
  expect(await fresh.team.verifyAudit()).toMatchObject({ whole: true });
});

function rowsNamed(name: string): number {
  const sql = `SELECT (SELECT count(*) FROM secrets WHERE name = ?1) + (SELECT count(*) FROM versions WHERE name = ?1) AS n`;
  return Number(fresh.tamper((db) => db.prepare(sql).get(name))!.n);
}

function lastEvent() {
  return fresh.tamper((db) => db.prepare('SELECT * FROM audit_events ORDER BY seq DESC LIMIT 1').get());
}
