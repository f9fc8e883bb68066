import { beforeEach, describe, expect, it } from 'vitest';
import { development, type FreshVault, freshVault } from './fresh-vault.ts';
import { account, enrolled, here, namesOf } from './people.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
});

describe('a member', () => {
  it('is there as soon as they are invited, with the role and the groups that were said', async () => {
    await fresh.team.invite({ name: 'mira@example.com', role: 'admin', groups: ['web', 'ops'] });
    await fresh.team.invite({ name: 'ada' });
    const [owner, mira, ada] = await fresh.team.listPrincipals();
    expect(owner).toMatchObject({ name: 'olga', role: 'admin', groups: [] });
    expect(mira).toMatchObject({ name: 'mira@example.com', role: 'admin', groups: ['ops', 'web'] });
    expect(ada).toMatchObject({ name: 'ada', role: 'member', groups: [] });
  });

  it('knows who they are, and sees nobody else', async () => {
    const mira = await enrolled(fresh, { name: 'mira', groups: ['web'] });
    await enrolled(fresh, { name: 'ada', groups: ['web', 'ops'] });
    expect(await mira.team.whoami()).toMatchObject({ name: 'mira', role: 'member', groups: ['web'] });
    expect(namesOf(await mira.team.listPrincipals())).toEqual(['mira']);
    expect(await mira.team.listGroups()).toEqual([{ name: 'web', principals: ['mira'] }]);
  });

  it('governs nothing', async () => {
    const { team } = await enrolled(fresh, { name: 'mira' });
    const attempts = [
      team.invite({ name: 'eve' }),
      team.invite({ name: 'mira', role: 'admin' }),
      team.invite({ name: 'mira', groups: ['ops'] }),
      team.setRole('mira', 'admin'),
      team.removePrincipal('olga'),
      team.addToGroup('ops', 'mira'),
      team.removeFromGroup('ops', 'mira'),
      team.addGrant({ ...development, to: { principal: 'mira' }, permission: 'write', names: '*' }),
      team.removeGrant('000000000000'),
      team.createToken({ account: 'ci', grants: [], ttl: 60, ranges: [] }),
      team.listAudit({}),
      team.verifyAudit(),
    ];
    for (const attempt of await Promise.allSettled(attempts))
      expect(attempt).toMatchObject({ status: 'rejected', reason: { code: 'forbidden' } });
    expect(namesOf(await fresh.team.listPrincipals())).toEqual(['olga', 'mira']);
    expect(await fresh.team.listGroups()).toEqual([]);
  });

  it('may make a code for another machine of their own, and nothing more comes of it', async () => {
    const mira = await enrolled(fresh, { name: 'mira', groups: ['web'] });
    const { code, role } = await mira.team.invite({ name: 'mira' });
    const second = await fresh.vault.redeem(code, here);
    expect(role).toBe('member');
    expect(await fresh.vault.withToken(second.token, here).whoami()).toMatchObject({
      name: 'mira',
      role: 'member',
      groups: ['web'],
    });
    expect(await mira.team.listTokens()).toHaveLength(2);
  });

  it('who was made an admin is one with the next call, and the other way round', async () => {
    const { team } = await enrolled(fresh, { name: 'mira' });
    await expect(team.createProject('api')).rejects.toMatchObject({ code: 'forbidden' });
    await fresh.team.setRole('mira', 'admin');
    await team.createProject('api');
    await fresh.team.setRole('mira', 'member');
    await expect(team.deleteProject('api')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('of a name that is none is invalid, and nobody is made', async () => {
    for (const name of ['', ' mira', 'mira ', '-mira', 'a b', 'mira\n', 'a/b', 'x'.repeat(129), 'míra', '*'])
      await expect(fresh.team.invite({ name }), name).rejects.toMatchObject({ code: 'invalid' });
    await expect(fresh.team.invite({ name: 'mira', groups: ['ok', 'no group'] })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(namesOf(await fresh.team.listPrincipals())).toEqual(['olga']);
  });

  it('that is not there is not found, with near names', async () => {
    await fresh.team.invite({ name: 'mira@example.com' });
    const near = {
      code: 'not_found',
      hints: expect.arrayContaining([expect.stringContaining('"mira@example.com"')]) as string[],
    };
    for (const attempt of [
      fresh.team.setRole('mira@exampel.com', 'admin'),
      fresh.team.removePrincipal('mira@exampel.com'),
      fresh.team.addToGroup('ops', 'mira@exampel.com'),
    ])
      await expect(attempt).rejects.toMatchObject(near);
  });
});

describe('an invitation', () => {
  it('voids the one before for the same member, and no other', async () => {
    const ada = await fresh.team.invite({ name: 'ada' });
    const first = await fresh.team.invite({ name: 'mira' });
    const second = await fresh.team.invite({ name: 'mira' });
    await expect(fresh.vault.redeem(first.code, here)).rejects.toMatchObject({ code: 'code_refused' });
    expect(await fresh.vault.redeem(second.code, here)).toMatchObject({ name: 'mira' });
    expect(await fresh.vault.redeem(ada.code, here)).toMatchObject({ name: 'ada' });
  });

  it('of a member leaves their role as it is; another role is a conflict', async () => {
    await fresh.team.invite({ name: 'mira', role: 'admin' });
    expect(await fresh.team.invite({ name: 'mira' })).toMatchObject({ role: 'admin' });
    await expect(fresh.team.invite({ name: 'mira', role: 'member' })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('of a service account is a conflict, and so is a role for one', async () => {
    await account(fresh, { grants: [{ ...development, permission: 'read', names: '*' }] });
    await expect(fresh.team.invite({ name: 'ci' })).rejects.toMatchObject({ code: 'conflict' });
    await expect(fresh.team.setRole('ci', 'admin')).rejects.toMatchObject({ code: 'conflict' });
    expect(await fresh.team.listPrincipals()).toContainEqual(
      expect.objectContaining({ name: 'ci', role: 'service' }),
    );
  });
});

describe('the last admin', () => {
  it('can neither be removed nor made a member', async () => {
    await enrolled(fresh, { name: 'mira' });
    await account(fresh, { grants: [{ ...development, permission: 'read', names: '*' }] });
    await expect(fresh.team.removePrincipal('olga')).rejects.toMatchObject({ code: 'conflict' });
    await expect(fresh.team.setRole('olga', 'member')).rejects.toMatchObject({ code: 'conflict' });
    await fresh.team.setRole('olga', 'admin');
    expect((await fresh.team.listPrincipals())[0]).toMatchObject({ name: 'olga', role: 'admin' });
  });

  it('is one of two no more, whoever goes first', async () => {
    const mira = await enrolled(fresh, { name: 'mira', role: 'admin' });
    const both = await Promise.allSettled([
      fresh.team.setRole('mira', 'member'),
      mira.team.setRole('olga', 'member'),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const admins = (await fresh.team.listPrincipals()).filter(({ role }) => role === 'admin');
    expect(admins).toHaveLength(1);
  });
});

describe('a group', () => {
  it('is there while somebody is in it', async () => {
    for (const name of ['mira', 'ada']) await fresh.team.invite({ name });
    await fresh.team.addToGroup('ops', 'mira');
    await fresh.team.addToGroup('ops', 'ada');
    await fresh.team.addToGroup('ops', 'ada');
    await fresh.team.addToGroup('dev', 'ada');
    expect(await fresh.team.listGroups()).toEqual([
      { name: 'dev', principals: ['ada'] },
      { name: 'ops', principals: ['ada', 'mira'] },
    ]);
    await fresh.team.removeFromGroup('ops', 'ada');
    await fresh.team.removePrincipal('mira');
    expect(await fresh.team.listGroups()).toEqual([{ name: 'dev', principals: ['ada'] }]);
  });

  it('that one is not in cannot be left', async () => {
    await fresh.team.invite({ name: 'mira', groups: ['ops'] });
    await expect(fresh.team.removeFromGroup('opps', 'mira')).rejects.toMatchObject({
      code: 'not_found',
      hints: [expect.stringContaining('"ops"')],
    });
  });
});

it('a member who is removed and invited again has nothing of what they had', async () => {
  const mira = await enrolled(fresh, { name: 'mira', role: 'admin', groups: ['ops'] });
  await fresh.team.addGrant({ ...development, to: { principal: 'mira' }, permission: 'write', names: '*' });
  const open = await fresh.team.invite({ name: 'mira' });
  await fresh.team.removePrincipal('mira');
  const again = await enrolled(fresh, { name: 'mira' });
  expect(await again.team.whoami()).toMatchObject({ role: 'member', groups: [] });
  expect(await again.team.listGrants()).toEqual([]);
  await expect(mira.team.whoami()).rejects.toMatchObject({ code: 'not_logged_in' });
  await expect(fresh.vault.redeem(open.code, here)).rejects.toMatchObject({ code: 'code_refused' });
});
