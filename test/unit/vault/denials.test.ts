import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent, Origin, TeamApi } from '../../../src/api/team.ts';
import { newToken } from '../../../src/crypto/token.ts';
import { changes, development, type FreshVault, freshVault, production } from './fresh-vault.ts';
import { account, enrolled, here } from './people.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: '1' }));
  await fresh.team.write(production, changes({ A: '1', B_X: '2' }));
});

/** The denials of somebody, oldest first. */
async function denials(principal: string): Promise<readonly AuditEvent[]> {
  const { events } = await fresh.team.listAudit({ principal, action: 'denied' });
  return events.toReversed();
}

const attempts: [string, (team: TeamApi) => Promise<unknown>, string, Partial<AuditEvent>][] = [
  [
    'a read of what is not seen',
    (team) => team.read(production),
    'not_found',
    { ...production, detail: { what: 'read' } },
  ],
  [
    'a list of what is not seen',
    (team) => team.list(production),
    'not_found',
    { ...production, detail: { what: 'list' } },
  ],
  [
    'a write where one may read',
    (team) => team.write(development, changes({ A: 'x' })),
    'forbidden',
    { ...development, detail: { what: 'write', names: ['A'] } },
  ],
  [
    'a delete',
    (team) => team.delete(development, ['A']),
    'forbidden',
    { ...development, detail: { what: 'write', names: ['A'] } },
  ],
  ['making a project', (team) => team.createProject('x'), 'forbidden', { detail: { what: 'make projects' } }],
  [
    'an invitation',
    (team) => team.invite({ name: 'eve' }),
    'forbidden',
    { detail: { what: 'invite members' } },
  ],
  [
    'a look at the trail',
    (team) => team.listAudit({}),
    'forbidden',
    { detail: { what: 'read the audit trail' } },
  ],
  [
    'a check of the trail',
    (team) => team.verifyAudit(),
    'forbidden',
    { detail: { what: 'verify the audit trail' } },
  ],
];

describe('a denial is one event', () => {
  for (const [what, attempt, code, event] of attempts) {
    it(`of ${what}: who, through which token, from where, what`, async () => {
      const mira = await enrolled(fresh, { name: 'mira' });
      const [token] = await mira.team.listTokens();
      await expect(attempt(mira.team)).rejects.toMatchObject({ code });
      expect(await denials('mira')).toEqual([
        {
          seq: expect.any(Number),
          at: expect.any(String),
          actor: 'mira',
          action: 'denied',
          token: token!.id,
          origin: here,
          ...event,
        },
      ]);
      expect(await fresh.team.verifyAudit()).toMatchObject({ whole: true });
    });
  }

  it('that names what was out of reach', async () => {
    const some = { ...production, names: 'B_*' };
    const grants = [
      { ...some, permission: 'read' },
      { ...some, permission: 'write' },
    ] as const;
    const { team } = await account(fresh, { grants });
    await expect(team.write(production, changes({ A: 'x', B_X: 'x' }))).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(team.readVersion(production, 'A', 1)).rejects.toMatchObject({ code: 'not_found' });
    await expect(team.history(production, 'A')).rejects.toMatchObject({ code: 'not_found' });
    expect((await denials('ci')).map(({ detail }) => detail)).toEqual([
      { what: 'write', names: ['A'] },
      { what: 'read', names: ['A'] },
      { what: 'read', names: ['A'] },
    ]);
  });

  it('of some of the names of a read, beside the event of those that were handed out', async () => {
    const grants = [{ ...production, names: 'B_*', permission: 'read' }] as const;
    const { team } = await account(fresh, { grants });
    await team.read(production, ['A', 'B_X']);
    await team.read(production, ['A']);
    const { events } = await fresh.team.listAudit({ principal: 'ci' });
    expect(events).toMatchObject([
      { action: 'denied', detail: { what: 'read', names: ['A'] } },
      { action: 'secrets.read', secrets: { B_X: 1 } },
      { action: 'denied', detail: { what: 'read', names: ['A'] } },
    ]);
    expect(events).toHaveLength(3);
  });

  it('that lists fifty names of thousands, and answers with three', async () => {
    const grants = [{ ...production, names: 'B_*', permission: 'write' }] as const;
    const { team } = await account(fresh, { grants });
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`A_${i}`, 'x']));
    await expect(team.write(production, changes(many))).rejects.toMatchObject({
      message: 'you may not write A_0, A_1, A_2 and 2997 more in web/production',
    });
    const [event] = await denials('ci');
    expect(event?.detail).toMatchObject({ names: { length: 50 }, more: 2950 });
  });

  it('of a token that has ended, and of one that is used from elsewhere', async () => {
    const { id, token } = await account(fresh, {
      grants: [{ ...production, permission: 'read', names: '*' }],
      ranges: ['203.0.113.7'],
    });
    const elsewhere: Origin = { address: '198.51.100.1' };
    await expect(fresh.vault.withToken(token, elsewhere).read(production)).rejects.toMatchObject({
      code: 'not_logged_in',
    });
    fresh.clock.move(3600);
    await expect(fresh.vault.withToken(token, here).list(production)).rejects.toMatchObject({
      code: 'not_logged_in',
    });
    expect(await denials('ci')).toMatchObject([
      { token: id, origin: elsewhere, detail: { what: 'use a token from this address' } },
      { token: id, origin: here, detail: { what: 'use a token that has ended' } },
    ]);
  });
});

it('what was never issued, is not there or is no denial leaves no event', async () => {
  const mira = await enrolled(fresh, { name: 'mira' });
  const before = await fresh.team.verifyAudit();
  await expect(fresh.vault.withToken(newToken(), here).read(development)).rejects.toMatchObject({
    code: 'not_logged_in',
  });
  await expect(mira.team.read({ ...development, environment: 'qa' })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(mira.team.read({ ...development, project: 'api' })).rejects.toMatchObject({
    code: 'not_found',
  });
  await expect(mira.team.history(development, 'NOPE')).rejects.toMatchObject({ code: 'not_found' });
  expect(await fresh.team.verifyAudit()).toEqual(before);
});

it('a denied work leaves nothing but its event', async () => {
  const { team } = await enrolled(fresh, { name: 'mira' });
  await fresh.team.addGrant({ ...production, to: { principal: 'mira' }, permission: 'write', names: 'B_*' });
  await expect(team.write(production, changes({ B_X: 'new', A: 'x' }))).rejects.toMatchObject({
    code: 'forbidden',
  });
  expect(await fresh.team.list(production)).toMatchObject({ revision: 1 });
  const [denied] = await denials('mira');
  expect(JSON.stringify(denied)).not.toContain('new');
});
