import { beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/api/backend.ts';
import type { Permission, TeamApi } from '../../../src/api/team.ts';
import { SecretsError } from '../../../src/errors.ts';
import { changes, development, type FreshVault, freshVault, production, valuesIn } from './fresh-vault.ts';
import { enrolled, namesOf } from './people.ts';

const staging: Scope = { project: 'web', environment: 'staging' };
let fresh: FreshVault;
/** Reads and writes `DB_*` of production. */
let mira: TeamApi;

const give = (permission: Permission, scope: Scope, names: string): Promise<unknown> =>
  fresh.team.addGrant({ ...scope, to: { principal: 'mira' }, permission, names });

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(
    production,
    changes({ DB_URL: 'db', DB_KEY: 'key', DC_URL: 'near', API_KEY: 'api' }),
  );
  await fresh.team.write(production, changes({ DB_URL: 'db2', API_KEY: 'api2' }));
  await fresh.team.createProject('wen');
  await fresh.team.renameEnvironment({ project: 'wen', environment: 'development' }, 'dev');
  ({ team: mira } = await enrolled(fresh, { name: 'mira' }));
  await give('read', production, 'DB_*');
  await give('write', production, 'DB_*');
});

describe('a member with some names of an environment', () => {
  it('reads those', async () => {
    expect(await valuesIn(mira, production)).toEqual({ DB_KEY: 'key', DB_URL: 'db2' });
    // The second read comes from the snapshot.
    expect(await valuesIn(mira, production)).toEqual({ DB_KEY: 'key', DB_URL: 'db2' });
    const named = await mira.read(production, ['API_KEY', 'DB_URL', 'NOPE']);
    expect([...named.secrets.keys()]).toEqual(['DB_URL']);
    expect((await mira.read(production, [])).secrets.size).toBe(0);
    expect((await mira.readVersion(production, 'DB_URL', 1)).reveal()).toBe('db');
  });

  it('sees those, and is told of no more', async () => {
    expect(namesOf((await mira.list(production)).secrets)).toEqual(['DB_KEY', 'DB_URL']);
    expect(await mira.history(production, 'DB_URL')).toHaveLength(2);
    expect(await mira.listEnvironments('web')).toEqual([
      { name: 'development', revision: 0, secrets: 0 },
      { name: 'production', revision: 2, secrets: 2 },
    ]);
    expect(await mira.listProjects()).toMatchObject([
      { name: 'web', environments: ['development', 'production'] },
    ]);
  });

  it('writes and deletes those, and no batch that has another in it', async () => {
    await mira.write(production, changes({ DB_URL: 'db3', DB_NEW: 'n' }));
    await mira.delete(production, ['DB_KEY']);
    for (const attempt of [
      mira.write(production, changes({ DB_URL: 'x', API_KEY: 'x' })),
      mira.write(production, changes({ db_url: 'x' })),
      mira.delete(production, ['DB_URL', 'API_KEY']),
    ])
      await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    expect(await valuesIn(fresh.team, production)).toEqual({
      DB_URL: 'db3',
      DB_NEW: 'n',
      DC_URL: 'near',
      API_KEY: 'api2',
    });
  });

  it('compares those', async () => {
    await fresh.team.write(development, changes({ DB_URL: 'db2', API_KEY: 'of development' }));
    expect(await mira.compareEnvironments(development, 'production')).toEqual([
      { name: 'API_KEY', kind: 'only-first' },
      { name: 'DB_KEY', kind: 'only-second' },
      { name: 'DB_URL', kind: 'same' },
    ]);
  });

  it('copies those into where they may be written', async () => {
    await give('write', staging, 'DB_*');
    await give('read', staging, 'DB_*');
    await mira.copyEnvironment(production, 'staging');
    expect(await valuesIn(fresh.team, staging)).toEqual({ DB_KEY: 'key', DB_URL: 'db2' });
  });

  it('is told near names among those alone', async () => {
    const asked = [
      mira.history(production, 'DB_URLS'),
      mira.readVersion(production, 'DB_URLS', 1),
      mira.delete(production, ['DB_URLS']),
    ];
    for (const attempt of await Promise.allSettled(asked)) {
      const { code, hints } = (attempt as PromiseRejectedResult).reason as SecretsError;
      expect(code).toBe('not_found');
      expect(hints.join()).toContain('"DB_URL"');
      expect(hints.join()).not.toMatch(/DC_URL|API_KEY/);
    }
  });
});

describe('what may not be seen answers in the same words as what is not there', () => {
  // As long as the hidden one, and as near to every other.
  const twins: [string, (team: TeamApi, name: string) => Promise<unknown>, hidden: string, absent: string][] =
    [
      ['the history of a secret', (team, name) => team.history(production, name), 'API_KEY', 'API_KEX'],
      ['a version of a secret', (team, name) => team.readVersion(production, name, 1), 'API_KEY', 'API_KEX'],
      [
        'a write of a secret',
        (team, name) => team.write(production, changes({ [name]: 'x' })),
        'API_KEY',
        'API_KEX',
      ],
      ['a deletion of a secret', (team, name) => team.delete(production, [name]), 'API_KEY', 'API_KEX'],
      [
        'an expectation about a secret',
        (team, name) => team.write(production, [{ ...changes({ [name]: 'x' })[0]!, expect: 'exists' }]),
        'API_KEY',
        'API_KEX',
      ],
      [
        'an environment',
        (team, name) => team.read({ ...production, environment: name }),
        'staging',
        'stagind',
      ],
      [
        'the list of an environment',
        (team, name) => team.list({ ...production, environment: name }),
        'staging',
        'stagind',
      ],
      ['a comparison', (team, name) => team.compareEnvironments(production, name), 'staging', 'stagind'],
      ['a copy', (team, name) => team.copyEnvironment(production, name), 'staging', 'stagind'],
      ['a project', (team, name) => team.listEnvironments(name), 'wen', 'wed'],
      [
        'an environment of a project',
        (team, name) => team.read({ project: name, environment: 'dev' }),
        'wen',
        'wed',
      ],
      [
        'a write into a project',
        (team, name) => team.write({ project: name, environment: 'dev' }, []),
        'wen',
        'wed',
      ],
    ];
  for (const [what, ask, hidden, absent] of twins) {
    it(what, async () => {
      const told = async (name: string) => {
        const error = await ask(mira, name).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(SecretsError);
        const { code, message, hints } = error as SecretsError;
        expect(code).toMatch(/not_found|forbidden/);
        return JSON.stringify({ code, message, hints }).replaceAll(name, '<name>');
      };
      expect(await told(hidden)).toBe(await told(absent));
    });
  }

  it('a read of names hands out neither, and says nothing of either', async () => {
    const { secrets, revision } = await mira.read(production, ['API_KEY', 'API_KEX']);
    expect([secrets.size, revision]).toEqual([0, 2]);
  });
});

describe('near names', () => {
  it('never tell of a project or an environment that is not seen', async () => {
    const errors = await Promise.allSettled([
      mira.read({ ...production, environment: 'stagin' }),
      mira.listEnvironments('we'),
      mira.listEnvironments('wenn'),
      mira.read({ project: 'wenn', environment: 'dev' }),
    ]);
    for (const error of errors) {
      expect(error).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
      expect(((error as PromiseRejectedResult).reason as SecretsError).hints.join()).not.toMatch(
        /"staging"|"wen"/,
      );
    }
  });

  it('tell an admin of all', async () => {
    await expect(fresh.team.read({ ...production, environment: 'stagin' })).rejects.toMatchObject({
      hints: [expect.stringContaining('"staging"')],
    });
    await expect(fresh.team.listEnvironments('wenn')).rejects.toMatchObject({
      hints: expect.arrayContaining([expect.stringContaining('"wen"')]) as string[],
    });
  });
});

describe('a copy', () => {
  beforeEach(async () => {
    await fresh.team.write(development, changes({ DB_URL: 'of development', SECRET: 'of development' }));
    await fresh.team.write(staging, changes({ DB_URL: 'of staging', SECRET: 'of staging' }));
  });

  it('never overwrites what it may not read', async () => {
    await give('write', staging, '*');
    await give('read', staging, 'DB_*');
    const copied = mira.copyEnvironment(development, 'staging', { overwrite: true });
    await expect(copied).rejects.toMatchObject({
      code: 'conflict',
      message: expect.not.stringContaining('of staging'),
    });
    expect(await valuesIn(fresh.team, staging)).toEqual({ DB_URL: 'of staging', SECRET: 'of staging' });
  });

  it('never writes what it may not write, nor a part of the rest', async () => {
    await give('write', staging, 'DB_*');
    await give('read', staging, '*');
    const copied = mira.copyEnvironment(development, 'staging', { overwrite: true });
    await expect(copied).rejects.toMatchObject({ code: 'forbidden' });
    expect(await valuesIn(fresh.team, staging)).toEqual({ DB_URL: 'of staging', SECRET: 'of staging' });
  });

  it('does not copy into what it may write and not read', async () => {
    await give('write', staging, '*');
    await expect(mira.copyEnvironment(development, 'staging', { overwrite: true })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(mira.compareEnvironments(development, 'staging')).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
