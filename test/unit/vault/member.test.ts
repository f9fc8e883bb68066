import { beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/api/backend.ts';
import type { TeamApi } from '../../../src/api/team.ts';
import { SecretsError } from '../../../src/errors.ts';
import { changes, development, type FreshVault, freshVault, mira, production } from './fresh-vault.ts';

let fresh: FreshVault;
let member: TeamApi;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: 'of development' }));
  await fresh.team.write(production, changes({ A: 'of production', ONLY_IN_PRODUCTION: 'x' }));
  member = fresh.vault.as(mira);
});

describe('a member', () => {
  it('reads development', async () => {
    expect((await member.read(development)).secrets.get('A')?.value.reveal()).toBe('of development');
    expect((await member.list(development)).secrets).toHaveLength(1);
    expect(await member.history(development, 'A')).toHaveLength(1);
    expect((await member.readVersion(development, 'A', 1)).reveal()).toBe('of development');
  });

  it('sees no other environment', async () => {
    expect((await member.listEnvironments('web')).map(({ name }) => name)).toEqual(['development']);
    expect((await member.listProjects()).map(({ environments }) => environments)).toEqual([['development']]);
  });

  it('may not write where it may read, and is told so', async () => {
    const forbidden = { code: 'forbidden', message: 'you may not write in web/development' };
    await expect(member.write(development, changes({ A: 'x' }))).rejects.toMatchObject(forbidden);
    await expect(member.delete(development, ['A'])).rejects.toMatchObject(forbidden);
    await expect(member.copyEnvironment(development, 'development')).rejects.toMatchObject(forbidden);
  });

  it('may not manage anything', async () => {
    const attempts = [
      member.createProject('mine'),
      member.renameProject('web', 'mine'),
      member.deleteProject('web'),
      member.createEnvironment({ project: 'web', environment: 'qa' }),
      member.renameEnvironment(development, 'dev'),
      member.deleteEnvironment(development),
    ];
    for (const attempt of await Promise.allSettled(attempts))
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'forbidden' } });
    expect((await fresh.team.listProjects()).map(({ name }) => name)).toEqual(['web']);
  });

  it('leaves its name in the audit trail', async () => {
    await member.read(development);
    const last = fresh.tamper((db) => db.prepare('SELECT actor FROM audit_events ORDER BY seq DESC').get());
    expect(last).toEqual({ actor: 'mira' });
  });
});

/** Everything one can ask about an environment. */
const questions: Record<string, (team: TeamApi, scope: Scope) => Promise<unknown>> = {
  read: (team, scope) => team.read(scope),
  'read one name': (team, scope) => team.read(scope, ['A']),
  list: (team, scope) => team.list(scope),
  history: (team, scope) => team.history(scope, 'A'),
  'read a version': (team, scope) => team.readVersion(scope, 'A', 1),
  write: (team, scope) => team.write(scope, changes({ A: 'x' })),
  delete: (team, scope) => team.delete(scope, ['A']),
  'compare from': (team, scope) => team.compareEnvironments(scope, 'development'),
  'compare to': (team, scope) => team.compareEnvironments(development, scope.environment),
  'copy to': (team, scope) => team.copyEnvironment(development, scope.environment, { overwrite: true }),
  rename: (team, scope) => team.renameEnvironment(scope, 'other'),
  'delete it': (team, scope) => team.deleteEnvironment(scope),
};

describe('an environment that a member may not see answers as one that is not there', () => {
  for (const [what, ask] of Object.entries(questions)) {
    it(what, async () => {
      // As long as `production`, and as near to no other name.
      const absent = { project: 'web', environment: 'abcdefghij' };
      const [hidden, missing] = [await refusal(production), await refusal(absent)];
      expect(hidden.code).not.toBe('conflict');
      expect({ ...hidden, message: hidden.message.replace('production', 'abcdefghij') }).toEqual(missing);
    });

    async function refusal(scope: Scope) {
      const error = await ask(member, scope).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SecretsError);
      const { code, message, hints } = error as SecretsError;
      return { code, message, hints };
    }
  }

  it('and is never named as a near name', async () => {
    await expect(member.read({ ...production, environment: 'productio' })).rejects.toMatchObject({
      code: 'not_found',
      hints: [expect.not.stringContaining('production')],
    });
  });

  it('and the attempt is on record', async () => {
    await expect(member.read(production)).rejects.toMatchObject({ code: 'not_found' });
    const last = fresh.tamper((db) => db.prepare('SELECT * FROM audit_events ORDER BY seq DESC').get());
    expect(last).toMatchObject({ actor: 'mira', action: 'denied', environment: 'production' });
    expect(await fresh.team.verifyAudit()).toMatchObject({ whole: true });
  });
});
