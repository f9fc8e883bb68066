import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Scope } from '../../src/api/backend.ts';
import type { Enrolled, TeamApi } from '../../src/api/team.ts';
import { Secret } from '../../src/secret.ts';
import { governingCases } from './governing.case.ts';
import { memberCases } from './member.case.ts';
import { tagCases } from './tags.case.ts';

/** A vault as its admin, with one project, `web`. */
export interface TeamUnderTest {
  readonly team: TeamApi;
  /** The same vault as whoever holds a token. */
  as(token: Secret): TeamApi | Promise<TeamApi>;
  enrol(code: Secret): Promise<Enrolled>;
  close(): Promise<void>;
}

const development: Scope = { project: 'web', environment: 'development' };
const staging: Scope = { project: 'web', environment: 'staging' };

/** What our own vault does on top of what every backend does, wherever it stands. */
export function teamCases(make: () => Promise<TeamUnderTest>): void {
  let under: TeamUnderTest;
  let team: TeamApi;

  beforeEach(async () => {
    under = await make();
    ({ team } = under);
  });
  afterEach(() => under.close());

  const set = (scope: Scope, name: string, text: string) =>
    team.write(scope, [{ name, value: new Secret(text) }]);
  const environmentNames = async (): Promise<string[]> =>
    (await team.listEnvironments('web')).map(({ name }) => name);
  const projectNames = async (): Promise<string[]> => (await team.listProjects()).map(({ name }) => name);

  it('whoami tells who is calling', async () => {
    expect(await team.whoami()).toMatchObject({ name: expect.stringMatching(/./) as string, role: 'admin' });
  });

  describe('readVersion', () => {
    it('reads any version that there was', async () => {
      for (const text of ['one', '', 'three']) await set(development, 'A', text);
      for (const [i, text] of ['one', '', 'three'].entries())
        expect((await team.readVersion(development, 'A', i + 1)).reveal()).toBe(text);
    });

    it('of a version that there was not is not found', async () => {
      await set(development, 'A', 'one');
      for (const version of [0, 2, -1, 1.5, Number.NaN])
        await expect(team.readVersion(development, 'A', version)).rejects.toMatchObject({
          code: 'not_found',
        });
      await expect(team.readVersion(development, 'B', 1)).rejects.toMatchObject({ code: 'not_found' });
      await expect(team.readVersion(staging, 'A', 1)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('projects', () => {
    it('are born with three environments, in the order of promotion', async () => {
      const born = await team.createProject('api');
      expect(born).toMatchObject({ name: 'api', environments: ['development', 'staging', 'production'] });
      expect(await team.listProjects()).toContainEqual(born);
      for (const environment of born.environments)
        expect((await team.read({ project: 'api', environment })).secrets.size).toBe(0);
    });

    it('are listed by name', async () => {
      for (const name of ['zoo', 'api']) await team.createProject(name);
      expect(await projectNames()).toEqual(['api', 'web', 'zoo']);
    });

    it('of a name that is taken are a conflict', async () => {
      await expect(team.createProject('web')).rejects.toMatchObject({ code: 'conflict' });
      expect(await projectNames()).toEqual(['web']);
    });

    it('are renamed with all that is in them', async () => {
      await set(development, 'A', 'kept');
      await team.renameProject('web', 'shop');
      const { secrets } = await team.read({ ...development, project: 'shop' });
      expect(secrets.get('A')?.value.reveal()).toBe('kept');
      await expect(team.read(development)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('are deleted with all that is in them', async () => {
      await set(development, 'A', 'gone');
      await team.createProject('api');
      await team.deleteProject('web');
      expect(await projectNames()).toEqual(['api']);
      await team.createProject('web');
      expect((await team.read(development)).secrets.size).toBe(0);
    });

    it('that are not there are not found, with near names', async () => {
      const near = {
        code: 'not_found',
        hints: expect.arrayContaining([expect.stringContaining('"web"')]) as string[],
      };
      await expect(team.deleteProject('wed')).rejects.toMatchObject(near);
      await expect(team.renameProject('wed', 'x')).rejects.toMatchObject(near);
      await expect(team.listEnvironments('wed')).rejects.toMatchObject(near);
      await expect(team.createEnvironment({ project: 'wed', environment: 'qa' })).rejects.toMatchObject(near);
    });
  });

  describe('environments', () => {
    it('are made, renamed and deleted', async () => {
      const qa: Scope = { project: 'web', environment: 'qa' };
      await team.createEnvironment(qa);
      await set(qa, 'A', 'kept');
      await team.renameEnvironment(qa, 'test');
      const { secrets } = await team.read({ ...qa, environment: 'test' });
      expect(secrets.get('A')?.value.reveal()).toBe('kept');
      await team.deleteEnvironment({ ...qa, environment: 'test' });
      expect(await environmentNames()).toEqual(['development', 'staging', 'production']);
    });

    it('tell their revision and how many secrets they have', async () => {
      await set(staging, 'A', '1');
      const { revision } = await set(staging, 'B', '1');
      expect(await team.listEnvironments('web')).toContainEqual({ name: 'staging', revision, secrets: 2 });
    });

    it('of a name that is taken are a conflict', async () => {
      await expect(team.createEnvironment(staging)).rejects.toMatchObject({ code: 'conflict' });
      await expect(team.renameEnvironment(development, 'staging')).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('of a name that is none are invalid', async () => {
      for (const environment of ['', ' ', 'a b', '../x', '-e'])
        await expect(team.createEnvironment({ project: 'web', environment })).rejects.toMatchObject({
          code: 'invalid',
        });
    });

    it('that are not there are not found', async () => {
      const qa: Scope = { project: 'web', environment: 'qa' };
      await expect(team.renameEnvironment(qa, 'x')).rejects.toMatchObject({ code: 'not_found' });
      await expect(team.deleteEnvironment(qa)).rejects.toMatchObject({ code: 'not_found' });
      await expect(team.copyEnvironment(development, 'qa')).rejects.toMatchObject({ code: 'not_found' });
      await expect(team.compareEnvironments(qa, 'staging')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('are copied whole, or not at all where something differs', async () => {
      await set(development, 'A', 'new');
      await set(development, 'B', 'new');
      await set(staging, 'B', 'old');
      await expect(team.copyEnvironment(development, 'staging')).rejects.toMatchObject({ code: 'conflict' });
      expect((await team.read(staging)).secrets.size).toBe(1);
      const differences = await team.copyEnvironment(development, 'staging', { overwrite: true });
      expect(differences).toEqual([
        { name: 'A', kind: 'only-first' },
        { name: 'B', kind: 'differs' },
      ]);
      expect((await team.compareEnvironments(development, 'staging')).map(({ kind }) => kind)).toEqual([
        'same',
        'same',
      ]);
    });
  });

  describe('the audit trail', () => {
    it('grows by one with each read and each change, and stays whole', async () => {
      const { events } = await team.verifyAudit();
      await set(development, 'A', '1');
      await team.read(development);
      await team.readVersion(development, 'A', 1);
      await team.compareEnvironments(development, 'staging');
      await team.delete(development, ['A']);
      await team.createProject('api');
      expect(await team.verifyAudit()).toEqual({ whole: true, events: events + 6 });
    });

    it('does not grow by looks at names, nor by what failed', async () => {
      const { events } = await team.verifyAudit();
      await team.list(development);
      await team.listProjects();
      await team.listEnvironments('web');
      await expect(team.createProject('web')).rejects.toMatchObject({ code: 'conflict' });
      await expect(team.delete(development, ['A'])).rejects.toMatchObject({ code: 'not_found' });
      expect(await team.verifyAudit()).toEqual({ whole: true, events });
    });
  });

  governingCases(() => under);
  memberCases(() => under);
  tagCases(() => under);
}
