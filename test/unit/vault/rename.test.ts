import { beforeEach, expect, it } from 'vitest';
import { changes, development, type FreshVault, freshVault, valuesIn } from './fresh-vault.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: 'one' }));
  await fresh.team.write(development, changes({ A: 'two' }));
});

it('secrets stay readable when their project is renamed', async () => {
  await fresh.team.renameProject('web', 'shop');
  const renamed = { ...development, project: 'shop' };
  expect(await valuesIn(fresh.team, renamed)).toEqual({ A: 'two' });
  expect((await fresh.team.readVersion(renamed, 'A', 1)).reveal()).toBe('one');
  await expect(fresh.team.read(development)).rejects.toMatchObject({ code: 'not_found' });
});

it('secrets stay readable when their environment is renamed', async () => {
  await fresh.team.renameEnvironment(development, 'dev');
  const renamed = { ...development, environment: 'dev' };
  expect(await valuesIn(fresh.team, renamed)).toEqual({ A: 'two' });
  expect((await fresh.team.readVersion(renamed, 'A', 1)).reveal()).toBe('one');
});

it('a renamed environment keeps its place in the order', async () => {
  await fresh.team.renameEnvironment({ project: 'web', environment: 'staging' }, 'test');
  const names = (await fresh.team.listEnvironments('web')).map(({ name }) => name);
  expect(names).toEqual(['development', 'test', 'production']);
});

it('a new project of the old name knows nothing of the old secrets', async () => {
  await fresh.team.renameProject('web', 'shop');
  await fresh.team.createProject('web');
  expect(await valuesIn(fresh.team, development)).toEqual({});
});

it('a name that is taken, or that is none, is refused and nothing is renamed', async () => {
  await fresh.team.createProject('api');
  await expect(fresh.team.renameProject('web', 'api')).rejects.toMatchObject({ code: 'conflict' });
  await expect(fresh.team.renameEnvironment(development, 'staging')).rejects.toMatchObject({
    code: 'conflict',
  });
  for (const name of ['', '-web', 'a b', 'a/b', '.', 'x'.repeat(65), 'a\nb', 'é']) {
    await expect(fresh.team.renameProject('web', name), name).rejects.toMatchObject({ code: 'invalid' });
    await expect(fresh.team.renameEnvironment(development, name), name).rejects.toMatchObject({
      code: 'invalid',
    });
  }
  expect(await valuesIn(fresh.team, development)).toEqual({ A: 'two' });
});
