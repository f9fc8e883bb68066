import { beforeEach, describe, expect, it } from 'vitest';
import type { NewGrant } from '../../../src/api/team.ts';
import { changes, development, type FreshVault, freshVault, production, valuesIn } from './fresh-vault.ts';
import { account, enrolled, namesOf, type Person } from './people.ts';

let fresh: FreshVault;
let mira: Person;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(production, changes({ DB_URL: 'db', DB_KEY: 'key', API_KEY: 'api' }));
  mira = await enrolled(fresh, { name: 'mira', groups: ['ops'] });
});

const grant = (of: Partial<NewGrant> = {}): NewGrant => ({
  to: { principal: 'mira' },
  permission: 'read',
  ...production,
  names: '*',
  ...of,
});
const mayRead = async (): Promise<string[]> => {
  try {
    return Object.keys(await valuesIn(mira.team, production));
  } catch {
    return [];
  }
};

describe('a grant', () => {
  const all = ['API_KEY', 'DB_KEY', 'DB_URL'];
  const cases: [string, Partial<NewGrant>, string[]][] = [
    ['of an environment', {}, all],
    ['of a project', { environment: '*' }, all],
    ['of an environment of every project', { project: '*' }, all],
    ['of everything', { project: '*', environment: '*' }, all],
    ['of some names', { names: 'DB_*' }, ['DB_KEY', 'DB_URL']],
    ['of one name', { names: 'API_KEY' }, ['API_KEY']],
    ['for a group', { to: { group: 'ops' } }, all],
    ['for a group that they are not in', { to: { group: 'web' } }, []],
    ['for somebody else', { to: { principal: 'olga' } }, []],
    ['of another environment', { environment: 'staging' }, []],
    ['to write', { permission: 'write' }, []],
  ];
  for (const [what, of, expected] of cases) {
    it(`${what} allows just that, until it is taken away`, async () => {
      expect(await mayRead()).toEqual([]);
      const given = await fresh.team.addGrant(grant(of));
      expect(given).toMatchObject({ ...grant(of), createdBy: 'olga' });
      expect(await fresh.team.listGrants()).toEqual([given]);
      expect(await mayRead()).toEqual(expected);
      await fresh.team.removeGrant(given.id);
      expect(await mayRead()).toEqual([]);
      expect(await fresh.team.listGrants()).toEqual([]);
    });
  }

  it('to write sees names and writes values that it may not read', async () => {
    await fresh.team.addGrant(grant({ permission: 'write', names: 'DB_*' }));
    expect(namesOf((await mira.team.list(production)).secrets)).toEqual(['DB_KEY', 'DB_URL']);
    await mira.team.write(production, changes({ DB_URL: 'new', DB_NEW: 'n' }));
    await mira.team.delete(production, ['DB_KEY']);
    expect(await valuesIn(fresh.team, production)).toEqual({ DB_URL: 'new', DB_NEW: 'n', API_KEY: 'api' });
    for (const attempt of [
      () => mira.team.read(production),
      () => mira.team.readVersion(production, 'DB_URL', 1),
      () => mira.team.write(production, changes({ DB_URL: 'x', API_KEY: 'x' })),
      () => mira.team.delete(production, ['DB_URL', 'API_KEY']),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
    expect(await valuesIn(fresh.team, production)).toEqual({ DB_URL: 'new', DB_NEW: 'n', API_KEY: 'api' });
  });

  it('ends when it says so', async () => {
    const expiresAt = '2026-02-01T00:00:00.000Z';
    await fresh.team.addGrant(grant({ expiresAt }));
    fresh.clock.set('2026-01-20T00:00:00.000Z');
    await mira.team.whoami();
    fresh.clock.set('2026-01-31T23:59:59.999Z');
    expect(await mayRead()).toEqual(all);
    fresh.clock.set(expiresAt);
    expect(await mayRead()).toEqual([]);
  });

  it('for a group is everybody’s who joins it, and nobody’s who left', async () => {
    await fresh.team.addGrant(grant({ to: { group: 'web' } }));
    await fresh.team.addToGroup('web', 'mira');
    expect(await mayRead()).toEqual(all);
    await fresh.team.removeFromGroup('web', 'mira');
    expect(await mayRead()).toEqual([]);
  });

  it('stays with what it was given for when that is renamed', async () => {
    await fresh.team.addGrant(grant());
    await fresh.team.renameProject('web', 'shop');
    await fresh.team.renameEnvironment({ ...production, project: 'shop' }, 'live');
    expect(await fresh.team.listGrants()).toMatchObject([{ project: 'shop', environment: 'live' }]);
    expect((await mira.team.read({ project: 'shop', environment: 'live' })).secrets.size).toBe(3);
    await fresh.team.createProject('web');
    expect(await mayRead()).toEqual([]);
  });

  it('goes with its environment, its project and its principal', async () => {
    await fresh.team.createProject('api');
    await fresh.team.invite({ name: 'ada' });
    const kept = await fresh.team.addGrant(grant({ project: 'api' }));
    await fresh.team.addGrant(grant({ to: { principal: 'ada' } }));
    await fresh.team.addGrant(grant());
    await fresh.team.addGrant(grant({ environment: '*' }));
    await fresh.team.removePrincipal('ada');
    expect(await fresh.team.listGrants()).toHaveLength(3);
    await fresh.team.deleteEnvironment(production);
    expect(await fresh.team.listGrants()).toHaveLength(2);
    await fresh.team.deleteProject('web');
    expect(await fresh.team.listGrants()).toEqual([kept]);
  });
});

describe('a grant that cannot be', () => {
  const cases: [string, Partial<NewGrant>, string][] = [
    ['of a project that is not there', { project: 'wen' }, 'not_found'],
    ['of an environment that is not there', { environment: 'prod' }, 'not_found'],
    ['for nobody', { to: { principal: 'mirra' } }, 'not_found'],
    ['for a group of no name', { to: { group: 'a b' } }, 'invalid'],
    ['of no pattern', { names: '' }, 'invalid'],
    ['of what is no pattern', { names: 'DB-*' }, 'invalid'],
    ['that has ended', { expiresAt: '2025-12-31T00:00:00.000Z' }, 'invalid'],
    ['that ends at no time', { expiresAt: 'tomorrow' }, 'invalid'],
    ['that ends at a time of another form', { expiresAt: '2026-02-01T00:00:00+02:00' }, 'invalid'],
    ['that ends on a day that is none', { expiresAt: '2026-99-01T00:00:00.000Z' }, 'invalid'],
  ];
  for (const [what, of, code] of cases) {
    it(`${what}: ${code}`, async () => {
      await expect(fresh.team.addGrant(grant(of))).rejects.toMatchObject({ code });
      expect(await fresh.team.listGrants()).toEqual([]);
    });
  }

  it('taken away twice is not found', async () => {
    const { id } = await fresh.team.addGrant(grant());
    await fresh.team.removeGrant(id);
    await expect(fresh.team.removeGrant(id)).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('who does not govern sees their own grants and those of their groups', async () => {
  const mine = [
    await fresh.team.addGrant(grant()),
    await fresh.team.addGrant(grant({ to: { group: 'ops' } })),
  ];
  await fresh.team.addGrant(grant({ to: { group: 'web' } }));
  await fresh.team.addGrant(grant({ to: { principal: 'olga' } }));
  expect(await mira.team.listGrants()).toEqual(mine);
  expect(await fresh.team.listGrants()).toHaveLength(4);
});

it('a service account has nothing by birth, development neither', async () => {
  await fresh.team.write(development, changes({ A: '1' }));
  const { team } = await account(fresh, { grants: [{ ...production, permission: 'read', names: 'DB_*' }] });
  expect(await valuesIn(team, production)).toEqual({ DB_KEY: 'key', DB_URL: 'db' });
  await expect(team.read(development)).rejects.toMatchObject({ code: 'not_found' });
  expect(await team.listProjects()).toMatchObject([{ name: 'web', environments: ['production'] }]);
});
