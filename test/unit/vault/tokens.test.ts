import { beforeEach, describe, expect, it } from 'vitest';
import type { NewToken, Origin } from '../../../src/api/team.ts';
import { credentialHash, newToken } from '../../../src/crypto/token.ts';
import { Secret } from '../../../src/secret.ts';
import {
  bytesOf,
  changes,
  development,
  type FreshVault,
  freshVault,
  production,
  valuesIn,
} from './fresh-vault.ts';
import { account, enrolled, here, type Person } from './people.ts';

const notLoggedIn = { code: 'not_logged_in' };
const reading = { ...development, permission: 'read', names: '*' } as const;
const day = 24 * 3600;
let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: '1' }));
});

describe('a token', () => {
  it('that was never issued, was cut or is none is not logged in, and changes nothing', async () => {
    const { token } = await enrolled(fresh, { name: 'mira' });
    const before = await fresh.team.verifyAudit();
    const text = token.reveal();
    for (const wrong of [newToken().reveal(), text.slice(0, -1), `${text} `, text.toLowerCase(), '', 'sct_'])
      for (const ask of ['whoami', 'listProjects', 'check'] as const)
        await expect(fresh.vault.withToken(new Secret(wrong), here)[ask]()).rejects.toMatchObject(
          notLoggedIn,
        );
    expect(await fresh.team.verifyAudit()).toEqual(before);
  });

  it('is kept as its hash alone, and so is a code', async () => {
    const issued: Secret[] = [];
    for (const name of ['mira', 'ada']) {
      const { code } = await fresh.team.invite({ name });
      issued.push(code, (await fresh.vault.redeem(code, here)).token);
    }
    issued.push((await fresh.team.invite({ name: 'open' })).code);
    for (const name of ['ci', 'cd']) {
      const { id, token } = await account(fresh, { account: name, grants: [reading] });
      issued.push(token);
      await fresh.vault.withToken(token, here).read(development);
      if (name === 'cd') await fresh.team.revokeToken(id);
    }
    const bytes = bytesOf(fresh);
    // The search finds what is there.
    expect(bytes.includes(credentialHash(issued[1]!))).toBe(true);
    for (const secret of issued) {
      const text = secret.reveal();
      for (const form of [
        text,
        text.slice(8, 40),
        text.replaceAll('-', ''),
        Buffer.from(text).toString('hex'),
      ])
        expect(bytes.includes(form)).toBe(false);
      expect(bytes.includes(Buffer.from(text.slice(4), 'base64url'))).toBe(false);
    }
  });

  it('is listed with what it is told by, its last use to the minute, and never itself', async () => {
    const mira = await enrolled(fresh, { name: 'mira' });
    const ci = await account(fresh, { grants: [reading], ttl: 30 * day, ranges: ['203.0.113.0/24'] });
    expect((await fresh.team.listTokens()).every((token) => token.lastUsedAt === undefined)).toBe(true);
    const lastUse = async (): Promise<string | undefined> => (await mira.team.whoami()).token?.lastUsedAt;
    fresh.clock.set('2026-01-02T10:00:00.000Z');
    await lastUse();
    fresh.clock.set('2026-01-02T10:00:59.999Z');
    expect(await lastUse()).toBe('2026-01-02T10:00:00.000Z');
    fresh.clock.set('2026-01-02T10:01:00.000Z');
    await mira.team.read(development);
    expect(await lastUse()).toBe('2026-01-02T10:01:00.000Z');
    const listed = await fresh.team.listTokens();
    expect(listed.map(({ principal, kind, ranges }) => [principal, kind, ranges])).toEqual([
      ['ci', 'service', ['203.0.113.0/24']],
      ['mira', 'personal', []],
    ]);
    expect(listed[1]).toMatchObject({
      prefix: mira.token.reveal().slice(0, 8),
      lastUsedAt: '2026-01-02T10:01:00.000Z',
    });
    for (const { token } of [mira, ci])
      expect(JSON.stringify(listed)).not.toContain(token.reveal().slice(8, 30));
    expect(await mira.team.listTokens()).toEqual([listed[1]]);
  });
});

describe('a personal token', () => {
  let mira: Person;
  const start = Date.parse('2026-03-01T00:00:00.000Z');
  const on = (days: number, milliseconds = 0): string =>
    new Date(start + days * day * 1000 + milliseconds).toISOString();
  /** Asks at a time, and tells until when the token lives. */
  const ask = async (days: number, milliseconds = 0): Promise<string | undefined> => {
    fresh.clock.set(on(days, milliseconds));
    return (await mira.team.whoami()).token?.expiresAt;
  };

  beforeEach(async () => {
    fresh.clock.set(on(0, -60_000));
    const { code } = await fresh.team.invite({ name: 'mira' });
    fresh.clock.set(on(0));
    const answer = await fresh.vault.redeem(code, here);
    mira = { ...answer, team: fresh.vault.withToken(answer.token, here) };
    expect(mira.expiresAt).toBe(on(30));
  });

  it('ends when it was not used for 30 days, to the millisecond', async () => {
    await expect(ask(30)).rejects.toMatchObject({ ...notLoggedIn, message: `this token ended on ${on(30)}` });
    fresh.clock.set(on(29, day * 1000 - 1));
    await expect(mira.team.whoami()).resolves.toMatchObject({ name: 'mira' });
  });

  it('lives on with each use, and ends after 90 days however much it is used', async () => {
    await ask(20);
    expect(await ask(20, 1)).toBe(on(50));
    for (const days of [49, 78, 89]) await ask(days);
    expect(await ask(89, 1)).toBe(on(90));
    await ask(89, day * 1000 - 1);
    await expect(ask(90)).rejects.toMatchObject(notLoggedIn);
  });

  it('loses nothing when the clock jumps back, and is not held for longer than 90 days', async () => {
    await ask(20);
    expect(await ask(-300)).toBe(on(50));
    await mira.team.read(development);
    expect(await ask(21)).toBe(on(50));
    expect(await ask(21, 1)).toBe(on(51));
    await expect(ask(51)).rejects.toMatchObject(notLoggedIn);
  });

  it('that is used for the first time after the clock jumped back loses nothing', async () => {
    await ask(-10);
    expect(await ask(-10, 1)).toBe(on(30));
  });

  it('that was revoked is not revived when the clock jumps back', async () => {
    await ask(1);
    const id = (await fresh.team.listTokens())[0]!.id;
    await fresh.team.revokeToken(id);
    for (const days of [2, 0, -10]) await expect(ask(days)).rejects.toMatchObject(notLoggedIn);
  });

  it('that ended for one process and was used through another goes on in both', async () => {
    const other = (await fresh.reopen()).withToken(mira.token, here);
    await ask(1);
    fresh.clock.set(on(25));
    await other.whoami();
    expect(await ask(40)).toBe(on(55));
    expect(await ask(40, 1)).toBe(on(70));
  });

  it('that has ended is not listed', async () => {
    expect((await fresh.team.listTokens()).map(({ principal }) => principal)).toEqual(['mira']);
    fresh.clock.set(on(30));
    expect(await fresh.team.listTokens()).toEqual([]);
  });
});

describe('a service token', () => {
  it('ends after the time that was said, however much it is used', async () => {
    fresh.clock.set('2026-03-01T00:00:00.000Z');
    const { team } = await account(fresh, { grants: [reading], ttl: 3600 });
    fresh.clock.set('2026-03-01T00:59:59.999Z');
    await team.read(development);
    fresh.clock.set('2026-03-01T01:00:00.000Z');
    await expect(team.read(development)).rejects.toMatchObject(notLoggedIn);
  });

  it('has what its account has, and a second one the same', async () => {
    await fresh.team.write(production, changes({ A: 'p' }));
    const first = await account(fresh, { grants: [reading] });
    const second = await account(fresh, {});
    for (const { team } of [first, second]) {
      expect(await valuesIn(team, development)).toEqual({ A: '1' });
      await expect(team.read(production)).rejects.toMatchObject({ code: 'not_found' });
      expect(await team.whoami()).toMatchObject({ name: 'ci', role: 'service', token: { kind: 'service' } });
    }
  });

  it('sees and revokes those of its account alone', async () => {
    await enrolled(fresh, { name: 'mira' });
    const { id, team } = await account(fresh, { grants: [reading] });
    const [mine] = await team.listTokens();
    expect(mine).toMatchObject({ id, principal: 'ci' });
    const others = (await fresh.team.listTokens()).filter(({ principal }) => principal !== 'ci');
    for (const other of others)
      await expect(team.revokeToken(other.id)).rejects.toMatchObject({ code: 'not_found' });
    await team.revokeToken(id);
    await expect(team.whoami()).rejects.toMatchObject(notLoggedIn);
    expect((await fresh.team.listTokens()).map((token) => token.id)).toEqual(others.map((token) => token.id));
  });

  const refused: [string, Partial<NewToken>, string][] = [
    ['for an account that is there, with grants', { account: 'there', grants: [reading] }, 'conflict'],
    ['for a new account without grants', {}, 'invalid'],
    ['for a member', { account: 'olga' }, 'conflict'],
    ['for an account of no name', { account: 'c i', grants: [reading] }, 'invalid'],
    ['with a grant of no project', { grants: [{ ...reading, project: 'wen' }] }, 'not_found'],
    [
      'with one good grant and one of no pattern',
      { grants: [reading, { ...reading, names: 'A-' }] },
      'invalid',
    ],
    ['for less than a minute', { grants: [reading], ttl: 59 }, 'invalid'],
    ['for more than a year', { grants: [reading], ttl: 365 * day + 1 }, 'invalid'],
    ['for half a second more', { grants: [reading], ttl: 60.5 }, 'invalid'],
    ['for no time', { grants: [reading], ttl: Number.NaN }, 'invalid'],
    ['with a range that is none', { grants: [reading], ranges: ['10.0.0.0/8', '10.0.0.0/33'] }, 'invalid'],
    ['with a host name', { grants: [reading], ranges: ['localhost'] }, 'invalid'],
  ];
  for (const [what, of, code] of refused) {
    it(`${what} is refused, and nothing is made`, async () => {
      await account(fresh, { account: 'there', grants: [{ ...production, permission: 'read', names: 'X' }] });
      const before = [
        await fresh.team.listPrincipals(),
        await fresh.team.listGrants(),
        await fresh.team.listTokens(),
      ];
      await expect(account(fresh, of)).rejects.toMatchObject({ code });
      expect([
        await fresh.team.listPrincipals(),
        await fresh.team.listGrants(),
        await fresh.team.listTokens(),
      ]).toEqual(before);
    });
  }

  it('may be for a year and for a minute', async () => {
    await account(fresh, { grants: [reading], ttl: 365 * day });
    await account(fresh, { ttl: 60 });
    expect(await fresh.team.listTokens()).toHaveLength(2);
  });
});

describe('a token with ranges', () => {
  const cases: [string[], string | undefined, boolean][] = [
    [[], undefined, true],
    [[], '203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.8', false],
    [['203.0.113.7'], undefined, false],
    [['203.0.113.7'], 'localhost', false],
    [['203.0.113.7'], '', false],
    [['10.0.0.0/8', '192.0.2.0/24'], '192.0.2.255', true],
    [['10.0.0.0/8', '192.0.2.0/24'], '192.0.3.0', false],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
    [['10.0.0.0/8'], '::ffff:11.1.2.3', false],
    [['0.0.0.0/0'], '203.0.113.7', true],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['2001:db8::/33'], '2001:db8:7fff::1', true],
    [['2001:db8::/33'], '2001:db8:8000::1', false],
    [['2001:DB8::1'], '2001:db8:0:0:0:0:0:1', true],
    [['2001:db8::/32'], '203.0.113.7', false],
  ];
  for (const [ranges, address, allowed] of cases) {
    it(`${ranges.join(' and ') || 'none'} is ${allowed ? '' : 'not '}for ${address ?? 'an unknown address'}`, async () => {
      const { token } = await account(fresh, { grants: [reading], ranges });
      const origin: Origin = address === undefined ? {} : { address };
      const asked = fresh.vault.withToken(token, origin).read(development);
      if (allowed) expect((await asked).secrets.size).toBe(1);
      else await expect(asked).rejects.toMatchObject(notLoggedIn);
    });
  }
});

describe('a revoked token', () => {
  it('is refused from the next call on; a call that came before it is answered', async () => {
    const { id, team } = await account(fresh, { grants: [reading] });
    const calls = [team.read(development), fresh.team.revokeToken(id), team.read(development)];
    const [before, , after] = await Promise.allSettled(calls);
    expect(before).toMatchObject({ status: 'fulfilled' });
    expect(after).toMatchObject({ status: 'rejected', reason: notLoggedIn });
    await expect(team.whoami()).rejects.toMatchObject(notLoggedIn);
    await expect(fresh.team.revokeToken(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('is revoked for every process', async () => {
    const { id, token } = await account(fresh, { grants: [reading] });
    const other = (await fresh.reopen()).withToken(token, here);
    await other.read(development);
    await fresh.team.revokeToken(id);
    await expect(other.read(development)).rejects.toMatchObject(notLoggedIn);
    await expect(other.list(development)).rejects.toMatchObject(notLoggedIn);
  });

  it('ends all of a member’s when the member is removed, and nobody else’s', async () => {
    const mira = await enrolled(fresh, { name: 'mira' });
    const second = await enrolled(fresh, { name: 'mira' });
    const ada = await enrolled(fresh, { name: 'ada' });
    for (const { team } of [mira, second, ada]) await team.read(development);
    await fresh.team.removePrincipal('mira');
    for (const { team } of [mira, second])
      await expect(team.read(development)).rejects.toMatchObject(notLoggedIn);
    expect(await ada.team.read(development)).toMatchObject({ revision: 1 });
    expect((await fresh.team.listTokens()).map(({ principal }) => principal)).toEqual(['ada']);
  });
});
