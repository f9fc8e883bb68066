import { beforeEach, expect, it } from 'vitest';
import { changes, development, type FreshVault, freshVault, production, valuesIn } from './fresh-vault.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.createProject('api');
  await fresh.team.write(development, changes({ LOW: 'low', HIGH: 'old' }));
  await fresh.team.write(development, changes({ HIGH: 'high' }));
  await fresh.team.write(production, changes({ LOW: 'low of production' }));
  await fresh.team.write({ project: 'api', environment: 'development' }, changes({ LOW: 'low of api' }));
});

const environmentId = (project: string, environment: string): string =>
  `(SELECT e.id FROM environments e JOIN projects p ON p.id = e.project_id
    WHERE p.name = '${project}' AND e.name = '${environment}')`;
const inDevelopment = `environment_id = ${environmentId('web', 'development')}`;

const moves = {
  'onto another name': `UPDATE secrets SET sealed = (SELECT sealed FROM secrets WHERE ${inDevelopment} AND name = 'HIGH')
     WHERE ${inDevelopment} AND name = 'LOW'`,
  'onto another environment': `UPDATE secrets SET sealed =
     (SELECT sealed FROM secrets WHERE environment_id = ${environmentId('web', 'production')})
     WHERE ${inDevelopment} AND name = 'LOW'`,
  'onto another project': `UPDATE secrets SET sealed =
     (SELECT sealed FROM secrets WHERE environment_id = ${environmentId('api', 'development')})
     WHERE ${inDevelopment} AND name = 'LOW'`,
  'from an older version onto the current one': `UPDATE secrets SET sealed =
     (SELECT sealed FROM versions WHERE name = 'HIGH') WHERE ${inDevelopment} AND name = 'HIGH'`,
  'under a new name': `UPDATE secrets SET name = 'OTHER' WHERE ${inDevelopment} AND name = 'LOW'`,
  'to another version number': `UPDATE secrets SET version = 7 WHERE ${inDevelopment} AND name = 'LOW'`,
};

for (const [where, sql] of Object.entries(moves)) {
  it(`a row copied ${where} does not open`, async () => {
    const moved = fresh.tamper((db) => db.prepare(sql).run().changes);
    expect(moved).toBe(1);
    await expect(fresh.team.read(development)).rejects.toMatchObject({ code: 'vault_damaged' });
  });
}

it('an environment moved to another project does not open', async () => {
  fresh.tamper((db) =>
    db.exec(`UPDATE environments SET project_id = (SELECT id FROM projects WHERE name = 'api'), name = 'moved'
             WHERE id = ${environmentId('web', 'production')}`),
  );
  const moved = { project: 'api', environment: 'moved' };
  await expect(fresh.team.read(moved)).rejects.toMatchObject({ code: 'vault_damaged' });
});

it('a data key copied to another project does not open', async () => {
  fresh.tamper((db) =>
    db.exec(
      `UPDATE projects SET data_key = (SELECT data_key FROM projects WHERE name = 'api') WHERE name = 'web'`,
    ),
  );
  // Another process: an open vault keeps the keys that it has unwrapped.
  const team = (await fresh.reopen()).as(fresh.owner);
  await expect(team.read(development)).rejects.toMatchObject({ code: 'vault_damaged' });
  await expect(team.write(development, changes({ LOW: 'x' }))).rejects.toMatchObject({
    code: 'vault_damaged',
  });
});

it('no failed read leaves an audit event, and the error holds no value', async () => {
  fresh.tamper((db) => db.exec(moves['onto another name']));
  const { events } = await fresh.team.verifyAudit();
  const said = await fresh.team.read(development).then(() => 'nothing', String);
  expect(said).not.toMatch(/high|low/);
  expect(await fresh.team.verifyAudit()).toEqual({ whole: true, events });
});

it('rows that stay where they belong do open', async () => {
  expect(await valuesIn(fresh.team, development)).toEqual({ HIGH: 'high', LOW: 'low' });
});
