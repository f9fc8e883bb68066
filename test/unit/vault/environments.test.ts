import { beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/api/backend.ts';
import { changes, development, type FreshVault, freshVault, valuesIn } from './fresh-vault.ts';

const staging: Scope = { project: 'web', environment: 'staging' };
let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ ONLY_HERE: 'a', SAME: 's', OTHER: 'of development' }));
  await fresh.team.write(staging, changes({ ONLY_THERE: 'b', SAME: 's', OTHER: 'of staging' }));
});

describe('a comparison', () => {
  it('tells what is only in one, what differs and what is the same, by name', async () => {
    expect(await fresh.team.compareEnvironments(development, 'staging')).toEqual([
      { name: 'ONLY_HERE', kind: 'only-first' },
      { name: 'ONLY_THERE', kind: 'only-second' },
      { name: 'OTHER', kind: 'differs' },
      { name: 'SAME', kind: 'same' },
    ]);
  });

  it('is recorded as a read of all the names', async () => {
    await fresh.team.compareEnvironments(development, 'staging');
    expect(lastEvents(1)).toEqual([
      {
        action: 'secrets.compare',
        detail: { to: 'staging', names: ['ONLY_HERE', 'ONLY_THERE', 'OTHER', 'SAME'] },
      },
    ]);
  });
});

describe('a copy', () => {
  it('onto other values is a conflict that names them and copies nothing', async () => {
    const copied = fresh.team.copyEnvironment(development, 'staging');
    await expect(copied).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('OTHER'),
    });
    await expect(copied).rejects.toMatchObject({ message: expect.not.stringContaining('of staging') });
    expect(await valuesIn(fresh.team, staging)).toEqual({ ONLY_THERE: 'b', SAME: 's', OTHER: 'of staging' });
    expect((await fresh.team.list(staging)).revision).toBe(1);
  });

  it('that overwrites takes the other values and keeps what is only there', async () => {
    await fresh.team.copyEnvironment(development, 'staging', { overwrite: true });
    expect(await valuesIn(fresh.team, staging)).toEqual({
      ONLY_HERE: 'a',
      ONLY_THERE: 'b',
      SAME: 's',
      OTHER: 'of development',
    });
    const versions = (await fresh.team.list(staging)).secrets.map(({ name, version }) => [name, version]);
    expect(versions).toEqual([
      ['ONLY_HERE', 1],
      ['ONLY_THERE', 1],
      ['OTHER', 2],
      ['SAME', 1],
    ]);
  });

  it('is recorded as a read there and a write here', async () => {
    await fresh.team.copyEnvironment(development, 'staging', { overwrite: true });
    expect(lastEvents(2)).toEqual([
      { action: 'secrets.read', detail: { secrets: { ONLY_HERE: 1, OTHER: 1 } } },
      {
        action: 'secrets.copy',
        detail: {
          from: 'development',
          revision: 2,
          place: expect.any(String) as string,
          secrets: { ONLY_HERE: 1, OTHER: 2 },
        },
      },
    ]);
  });

  it('of what is there already changes no revision', async () => {
    await fresh.team.copyEnvironment(development, 'production');
    const { revision } = await fresh.team.list({ project: 'web', environment: 'production' });
    await fresh.team.copyEnvironment(development, 'production');
    expect((await fresh.team.list({ project: 'web', environment: 'production' })).revision).toBe(revision);
  });

  it('onto itself changes nothing', async () => {
    await fresh.team.copyEnvironment(development, 'development', { overwrite: true });
    expect((await fresh.team.list(development)).revision).toBe(1);
  });

  it('takes along a name that was let in on purpose', async () => {
    await fresh.team.write(development, [{ ...changes({ NODE_OPTIONS: '-r x' })[0]!, allowHijacking: true }]);
    await fresh.team.copyEnvironment(development, 'production');
    expect(await valuesIn(fresh.team, { project: 'web', environment: 'production' })).toMatchObject({
      NODE_OPTIONS: '-r x',
    });
  });

  it('to or from an environment that is not there is not found', async () => {
    await expect(fresh.team.copyEnvironment(development, 'stagin')).rejects.toMatchObject({
      code: 'not_found',
      hints: expect.arrayContaining([expect.stringContaining('"staging"')]) as string[],
    });
    await expect(
      fresh.team.copyEnvironment({ ...staging, environment: 'qa' }, 'staging'),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('the list of environments', () => {
  it('tells how many secrets each has, in the order of promotion', async () => {
    await fresh.team.createEnvironment({ project: 'web', environment: 'a-qa' });
    expect(await fresh.team.listEnvironments('web')).toEqual([
      { name: 'development', revision: 1, secrets: 3 },
      { name: 'staging', revision: 1, secrets: 3 },
      { name: 'production', revision: 0, secrets: 0 },
      { name: 'a-qa', revision: 0, secrets: 0 },
    ]);
  });

  it('puts a new one last even after one in the middle was deleted', async () => {
    await fresh.team.deleteEnvironment(staging);
    await fresh.team.createEnvironment(staging);
    const names = (await fresh.team.listEnvironments('web')).map(({ name }) => name);
    expect(names).toEqual(['development', 'production', 'staging']);
    expect(await valuesIn(fresh.team, staging)).toEqual({});
  });
});

function lastEvents(count: number): { action: unknown; detail: unknown }[] {
  const rows = fresh.tamper((db) =>
    db.prepare('SELECT action, detail FROM audit_events ORDER BY seq DESC LIMIT ?').all(count),
  );
  return rows
    .toReversed()
    .map(({ action, detail }) => ({ action, detail: JSON.parse(String(detail)) as unknown }));
}
