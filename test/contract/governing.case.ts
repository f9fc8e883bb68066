import { describe, expect, it } from 'vitest';
import type { Scope } from '../../src/api/backend.ts';
import type { Invitation, TeamApi } from '../../src/api/team.ts';
import { newToken } from '../../src/crypto/token.ts';
import { Secret } from '../../src/secret.ts';
import type { TeamUnderTest } from './team.case.ts';

const development: Scope = { project: 'web', environment: 'development' };
const toRead = { ...development, permission: 'read', names: '*' } as const;

/** Invites somebody and enrols them. */
export async function enrolled(under: TeamUnderTest, invitation: Invitation): Promise<TeamApi> {
  const { code } = await under.team.invite(invitation);
  return under.as((await under.enrol(code)).token);
}

/** How an admin governs, wherever the vault stands. */
export function governingCases(subject: () => TeamUnderTest): void {
  const team = (): TeamApi => subject().team;
  const anAccount = async (): Promise<{ id: string; team: TeamApi }> => {
    const { id, token } = await team().createToken({
      account: 'ci',
      grants: [toRead],
      ttl: 3600,
      ranges: [],
    });
    return { id, team: await subject().as(token) };
  };

  describe('members', () => {
    it('are invited, enrol with the code, and know who they are', async () => {
      const invited = await team().invite({ name: 'mira@example.com', groups: ['ops'] });
      expect(invited).toMatchObject({ name: 'mira@example.com', role: 'member' });
      expect(Date.parse(invited.expiresAt)).toBeGreaterThan(Date.now());
      const answer = await subject().enrol(invited.code);
      expect(answer).toMatchObject({ name: 'mira@example.com', role: 'member' });
      const whoami = await (await subject().as(answer.token)).whoami();
      expect(whoami).toMatchObject({ name: 'mira@example.com', role: 'member', groups: ['ops'] });
      expect(whoami.token).toMatchObject({ kind: 'personal', expiresAt: answer.expiresAt, ranges: [] });
    });

    it('enrol once with a code', async () => {
      const { code } = await team().invite({ name: 'mira' });
      await subject().enrol(code);
      await expect(subject().enrol(code)).rejects.toMatchObject({ code: 'code_refused' });
      for (const wrong of ['', 'not a code', '00000-00000-00000-00000'])
        await expect(subject().enrol(new Secret(wrong))).rejects.toMatchObject({ code: 'code_refused' });
    });

    it('are listed, change their role, and are removed with their tokens', async () => {
      const mira = await enrolled(subject(), { name: 'mira' });
      await team().setRole('mira', 'admin');
      expect(await mira.listPrincipals()).toContainEqual(
        expect.objectContaining({
          name: 'mira',
          role: 'admin',
          groups: [],
          createdAt: expect.any(String) as string,
        }),
      );
      await team().removePrincipal('mira');
      await expect(mira.whoami()).rejects.toMatchObject({ code: 'not_logged_in' });
      expect((await team().listPrincipals()).map(({ name }) => name)).not.toContain('mira');
    });

    it('that are not there are not found, with near names; of no name they are invalid', async () => {
      await team().invite({ name: 'mira@example.com' });
      await expect(team().removePrincipal('mira@exmple.com')).rejects.toMatchObject({
        code: 'not_found',
        hints: expect.arrayContaining([expect.stringContaining('"mira@example.com"')]) as string[],
      });
      await expect(team().invite({ name: 'a b' })).rejects.toMatchObject({ code: 'invalid' });
    });

    it('keep one admin', async () => {
      const { name } = await team().whoami();
      await expect(team().removePrincipal(name)).rejects.toMatchObject({ code: 'conflict' });
      await expect(team().setRole(name, 'member')).rejects.toMatchObject({ code: 'conflict' });
    });
  });

  it('groups have those who are in them', async () => {
    for (const name of ['mira+1@example.com', 'ada']) await team().invite({ name });
    for (const name of ['mira+1@example.com', 'ada']) await team().addToGroup('ops', name);
    await team().addToGroup('dev', 'ada');
    await team().removeFromGroup('ops', 'ada');
    expect(await team().listGroups()).toEqual([
      { name: 'dev', principals: ['ada'] },
      { name: 'ops', principals: ['mira+1@example.com'] },
    ]);
    await expect(team().removeFromGroup('ops', 'ada')).rejects.toMatchObject({ code: 'not_found' });
  });

  describe('grants', () => {
    it('are given, listed as they were given, and taken away', async () => {
      await team().invite({ name: 'mira' });
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const one = await team().addGrant({ ...toRead, to: { principal: 'mira' }, names: 'DB_*', expiresAt });
      const any = {
        project: '*',
        environment: '*',
        names: '*',
        permission: 'write',
        to: { group: 'ops' },
      } as const;
      const all = await team().addGrant(any);
      expect(one).toMatchObject({ ...development, to: { principal: 'mira' }, names: 'DB_*', expiresAt });
      expect(all).toMatchObject(any);
      expect((await team().listGrants()).toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        [one, all].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      );
      await team().removeGrant(one.id);
      expect(await team().listGrants()).toEqual([all]);
      await expect(team().removeGrant(one.id)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('of what is not there, or cannot be, are refused', async () => {
      const to = { group: 'ops' };
      await expect(team().addGrant({ ...toRead, to, project: 'wed' })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(team().addGrant({ ...toRead, to: { principal: 'nobody' } })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(team().addGrant({ ...toRead, to, names: 'A-B' })).rejects.toMatchObject({
        code: 'invalid',
      });
      expect(await team().listGrants()).toEqual([]);
    });
  });

  describe('tokens', () => {
    it('are made for a service account, which has what was granted and nothing else', async () => {
      await team().write(development, [{ name: 'A', value: new Secret('1') }]);
      const { team: ci } = await anAccount();
      expect((await ci.read(development)).secrets.get('A')?.value.reveal()).toBe('1');
      expect(await ci.whoami()).toMatchObject({ name: 'ci', role: 'service', token: { kind: 'service' } });
      await expect(ci.read({ ...development, environment: 'staging' })).rejects.toMatchObject({
        code: 'not_found',
      });
      await expect(ci.write(development, [{ name: 'A', value: new Secret('2') }])).rejects.toMatchObject({
        code: 'forbidden',
      });
    });

    it('are listed without themselves, and revoked at once', async () => {
      const { id, team: ci } = await anAccount();
      const listed = await team().listTokens();
      expect(listed).toContainEqual(
        expect.objectContaining({ id, kind: 'service', principal: 'ci', ranges: [] }),
      );
      for (const token of listed) expect(token).not.toHaveProperty('token');
      await team().revokeToken(id);
      await expect(ci.read(development)).rejects.toMatchObject({ code: 'not_logged_in' });
      await expect(team().revokeToken(id)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('that cannot be are refused', async () => {
      const wanted = { account: 'ci', grants: [toRead], ttl: 3600, ranges: [] };
      await expect(team().createToken({ ...wanted, ttl: 1 })).rejects.toMatchObject({ code: 'invalid' });
      await expect(team().createToken({ ...wanted, ranges: ['localhost'] })).rejects.toMatchObject({
        code: 'invalid',
      });
      await expect(team().createToken({ ...wanted, grants: [] })).rejects.toMatchObject({ code: 'invalid' });
      await anAccount();
      await expect(team().createToken(wanted)).rejects.toMatchObject({ code: 'conflict' });
    });

    it('that were never issued are not logged in', async () => {
      const nobody = await subject().as(newToken());
      await expect(nobody.whoami()).rejects.toMatchObject({ code: 'not_logged_in' });
      await expect(nobody.read(development)).rejects.toMatchObject({ code: 'not_logged_in' });
    });
  });
}
