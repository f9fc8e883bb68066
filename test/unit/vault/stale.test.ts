import { beforeEach, expect, it } from 'vitest';
import type { SecretsError } from '../../../src/errors.ts';
import { changes, development, type FreshVault, freshVault, production, valuesIn } from './fresh-vault.ts';
import { enrolled, type Person } from './people.ts';

let fresh: FreshVault;
let mira: Person;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(production, changes({ DB_URL: '1', API_KEY: '1' }));
  mira = await enrolled(fresh, { name: 'mira' });
  for (const permission of ['read', 'write'] as const)
    await fresh.team.addGrant({ ...production, to: { principal: 'mira' }, permission, names: 'DB_*' });
});

const writeAt = (revision: number, person = mira.team): Promise<unknown> =>
  person.write(production, changes({ DB_URL: 'mine', DB_NEW: 'mine' }), { revision });
const staleAt = (revision: number, person = mira.team): Promise<SecretsError> =>
  writeAt(revision, person).then(
    () => Promise.reject(new Error('it was written')),
    (error: SecretsError) => error,
  );

it('a write to the revision that was read is written', async () => {
  const { revision } = await mira.team.read(production);
  await writeAt(revision);
  expect(await valuesIn(fresh.team, production)).toMatchObject({ DB_URL: 'mine', API_KEY: '1' });
});

it('a write to another revision, older or to come, is stale and writes nothing', async () => {
  await fresh.team.write(production, changes({ DB_URL: '2' }));
  for (const revision of [0, 1, 3, -1, 1.5, Number.NaN])
    expect(await staleAt(revision)).toMatchObject({ code: 'stale' });
  expect(await valuesIn(fresh.team, production)).toEqual({ DB_URL: '2', API_KEY: '1' });
  expect(await fresh.team.list(production)).toMatchObject({ revision: 2 });
});

it('a stale writer is told who changed what since, oldest first', async () => {
  await mira.team.write(production, changes({ DB_URL: '2' }));
  await fresh.team.write(production, changes({ DB_NEW: '1', DB_URL: '3' }), { intent: 'import' });
  await fresh.team.delete(production, ['DB_NEW']);
  const { message, hints } = await staleAt(2);
  expect(message).toBe(
    'web/production is at revision 4, not 2: somebody changed it meanwhile; nothing was written',
  );
  expect(hints).toEqual([
    expect.stringMatching(/^olga: secrets\.import DB_NEW, DB_URL at 2026-/),
    expect.stringMatching(/^olga: secrets\.delete DB_NEW at 2026-/),
    'read it again, then write',
  ]);
});

it('names that the writer may not see are not told; that something changed is', async () => {
  await fresh.team.write(production, changes({ API_KEY: '2', HIDDEN: '1' }));
  await fresh.team.write(production, changes({ API_KEY: '3', DB_URL: '2' }));
  const { message, hints } = await staleAt(1);
  expect(hints).toEqual([
    expect.stringMatching(/^olga: secrets\.set … at /),
    expect.stringMatching(/^olga: secrets\.set DB_URL at /),
    'read it again, then write',
  ]);
  expect(message + hints.join()).not.toMatch(/API_KEY|HIDDEN/);
});

it('no value is told', async () => {
  await fresh.team.write(production, changes({ DB_URL: 'canary-value' }));
  const error = await staleAt(1);
  expect(JSON.stringify([error.message, error.hints])).not.toMatch(/canary|mine/);
});

it('looks, comparisons and denials, however many, do not push the change out of sight', async () => {
  await fresh.team.write(production, changes({ DB_URL: '2' }));
  for (let i = 0; i < 12; i++) {
    await fresh.team.compareEnvironments(production, 'development');
    await fresh.team.readVersion(production, 'DB_URL', 1);
    await expect(mira.team.write(production, changes({ API_KEY: 'x' }))).rejects.toMatchObject({
      code: 'forbidden',
    });
  }
  expect((await staleAt(1)).hints).toEqual([
    expect.stringMatching(/^olga: secrets\.set DB_URL/),
    'read it again, then write',
  ]);
});

it('who may not write is not told what changed', async () => {
  const { team } = await enrolled(fresh, { name: 'ada' });
  expect(await staleAt(0, team)).toMatchObject({ code: 'not_found' });
  const attempt = team.write(development, changes({ A: '1' }), { revision: 7 });
  await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
});

it('of two who write to the same revision at the same time, one is stale', async () => {
  const both = await Promise.allSettled([writeAt(1), writeAt(1, fresh.team)]);
  expect(both).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { code: 'stale' } }]);
  expect(await fresh.team.list(production)).toMatchObject({ revision: 2 });
});

it('is not told what was done to another environment that had this name', async () => {
  const [staging, other] = [
    { project: 'web', environment: 'staging' },
    { project: 'web', environment: 'other' },
  ];
  await fresh.team.write(staging, changes({ HIDDEN_KEY: '1' }));
  await fresh.team.renameEnvironment(staging, 'other');
  await fresh.team.createEnvironment(staging);
  await fresh.team.write(staging, changes({ SEEN: '1' }));
  const error = (await fresh.team
    .write(staging, changes({ SEEN: '2' }), { revision: 0 })
    .catch((thrown: unknown) => thrown)) as SecretsError;
  expect(error.hints).toEqual([expect.stringMatching(/SEEN/), 'read it again, then write']);
  expect((await fresh.team.list(other)).secrets).toHaveLength(1);
});

it('is not told who reads', async () => {
  await fresh.team.write(production, changes({ DB_URL: '2' }));
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 5 }, () => fresh.team.read(production)),
    writeAt(1),
  ]);
  const { reason } = outcomes.at(-1) as { reason: SecretsError };
  expect(reason.code).toBe('stale');
  expect(reason.hints.join()).not.toMatch(/secrets\.read/);
});
