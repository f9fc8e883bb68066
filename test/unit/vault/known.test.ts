import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { TeamApi } from '../../../src/api/team.ts';
import { SecretsError } from '../../../src/errors.ts';
import { changes, development, type FreshVault, freshVault, production, valuesIn } from './fresh-vault.ts';
import { account, enrolled, here, namesOf, type Person } from './people.ts';
import { watched } from './watched-store.ts';

const staging = { ...development, environment: 'staging' };
let fresh: FreshVault;
let mira: Person;
/** What one vault over the file remembers. */
let first: TeamApi;
/** An admin who changes things through another. */
let second: TeamApi;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: 'one' }));
  await fresh.team.write(production, changes({ A: 'of production' }));
  mira = await enrolled(fresh, { name: 'mira', groups: ['ops'] });
  first = mira.team;
  second = (await fresh.reopen()).as(fresh.owner);
  for (let i = 0; i < 3; i++) await first.read(development);
});

const refusalOf = async (asked: Promise<unknown>): Promise<string> => {
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  return error instanceof SecretsError ? error.code : 'answered';
};
const toMira = { ...production, permission: 'read', names: '*' } as const;

describe('what another process changes is seen by the next call', () => {
  it('a token that is revoked', async () => {
    const id = (await first.listTokens())[0]!.id;
    await second.revokeToken(id);
    expect(await refusalOf(first.read(development))).toBe('not_logged_in');
  });

  it('a member who is removed', async () => {
    await second.removePrincipal('mira');
    expect(await refusalOf(first.list(development))).toBe('not_logged_in');
  });

  it('a role', async () => {
    expect(await refusalOf(first.read(production))).toBe('not_found');
    await second.setRole('mira', 'admin');
    expect(await valuesIn(first, production)).toEqual({ A: 'of production' });
    await second.setRole('mira', 'member');
    expect(await refusalOf(first.read(production))).toBe('not_found');
  });

  it('a grant', async () => {
    const { id } = await second.addGrant({ ...toMira, to: { principal: 'mira' } });
    expect(await valuesIn(first, production)).toEqual({ A: 'of production' });
    await second.removeGrant(id);
    expect(await refusalOf(first.read(production))).toBe('not_found');
  });

  it('a group', async () => {
    await second.addGrant({ ...toMira, to: { group: 'web' } });
    expect(await refusalOf(first.read(production))).toBe('not_found');
    await second.addToGroup('web', 'mira');
    expect(await valuesIn(first, production)).toEqual({ A: 'of production' });
    await second.removeFromGroup('web', 'mira');
    expect(await refusalOf(first.read(production))).toBe('not_found');
  });

  it('a value', async () => {
    await second.write(development, changes({ A: 'two', B: 'b' }));
    expect(await valuesIn(first, development)).toEqual({ A: 'two', B: 'b' });
    await second.delete(development, ['A']);
    expect(await valuesIn(first, development)).toEqual({ B: 'b' });
    expect(namesOf((await first.list(development)).secrets)).toEqual(['B']);
  });

  it('a value that is copied', async () => {
    await second.copyEnvironment(production, 'development', { overwrite: true });
    expect(await valuesIn(first, development)).toEqual({ A: 'of production' });
  });

  it('a name of a project', async () => {
    await second.renameProject('web', 'shop');
    expect(await refusalOf(first.read(development))).toBe('not_found');
    expect(await valuesIn(first, { ...development, project: 'shop' })).toEqual({ A: 'one' });
    await second.createProject('web');
    expect(await valuesIn(first, development)).toEqual({});
  });

  it('a name of an environment, and one that takes its place', async () => {
    await second.renameEnvironment(development, 'old');
    expect(await refusalOf(first.read(development))).toBe('not_found');
    await second.renameEnvironment(production, 'development');
    expect(await valuesIn(first, development)).toEqual({ A: 'of production' });
  });

  it('an environment and a project that are deleted, and made anew', async () => {
    await second.deleteEnvironment(development);
    expect(await refusalOf(first.read(development))).toBe('not_found');
    await second.createEnvironment(development);
    expect(await valuesIn(first, development)).toEqual({});
    await second.write(development, changes({ A: 'new' }));
    expect(await valuesIn(first, development)).toEqual({ A: 'new' });
    await second.deleteProject('web');
    expect(await refusalOf(first.read(development))).toBe('not_found');
  });

  it('a service account that is made', async () => {
    const { token } = await second.createToken({ account: 'ci', grants: [toMira], ttl: 3600, ranges: [] });
    expect(await valuesIn(fresh.vault.withToken(token, here), production)).toEqual({ A: 'of production' });
  });
});

describe('a work that fails half way', () => {
  const failing: [string, (team: TeamApi) => Promise<unknown>, string][] = [
    [
      'a write',
      (team) => team.write(development, [...changes({ A: 'x' }), { ...changes({ B: 'x' })[0]!, expect: 7 }]),
      'conflict',
    ],
    ['a copy', (team) => team.copyEnvironment(production, 'development'), 'conflict'],
    [
      'a token',
      (team) =>
        team.createToken({
          account: 'ci',
          grants: [toMira, { ...toMira, project: 'wen' }],
          ttl: 3600,
          ranges: [],
        }),
      'not_found',
    ],
    ['a rename', (team) => team.renameProject('web', 'no name'), 'invalid'],
  ];
  for (const [what, fail, code] of failing) {
    it(`leaves nothing behind, among others in one commit: ${what}`, async () => {
      const admin = fresh.vault.as(fresh.owner);
      const [failed, read, written, reread] = await Promise.allSettled([
        fail(admin),
        valuesIn(first, development),
        admin.write(development, changes({ C: 'c' })),
        valuesIn(first, development),
      ]);
      expect(failed).toMatchObject({ status: 'rejected', reason: { code } });
      expect([read, written, reread]).toMatchObject([
        { value: { A: 'one' } },
        { status: 'fulfilled' },
        { value: { A: 'one', C: 'c' } },
      ]);
      expect(await valuesIn(second, development)).toEqual({ A: 'one', C: 'c' });
      expect(await fresh.team.listTokens()).toHaveLength(1);
      expect(await second.verifyAudit()).toMatchObject({ whole: true });
    });
  }

  it('leaves no list of names that the next one in the same commit would lean on', async () => {
    let broken = true;
    const vault = await fresh.reopen((store) =>
      watched(store, async (statement) => {
        if (!broken || !statement.includes('UPDATE tokens')) return;
        broken = false;
        throw new Error('the disk was full for a moment');
      }),
    );
    fresh.clock.move(120);
    await fresh.team.write(development, changes({ D: 'd' }));
    const [failed, read] = await Promise.allSettled([
      vault.withToken(mira.token, here).read(development),
      vault.as(fresh.owner).read(development),
    ]);
    expect([failed, read]).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled' }]);
    expect(await second.verifyAudit()).toMatchObject({ whole: true });
  });

  for (const [what, ask] of [
    ['read', (team: TeamApi) => team.read(development)],
    ['look', (team: TeamApi) => team.list(development)],
  ] as const) {
    it(`and a commit that fails: what a ${what} noted of its token was never there`, async () => {
      let broken = false;
      const vault = await fresh.reopen((store) => ({
        ...watched(store, () => {}),
        transaction: (work) =>
          store.transaction(async (tx) => {
            const answer = await work(tx);
            if (broken) throw new Error('the disk is gone');
            return answer;
          }),
      }));
      const team = vault.withToken(mira.token, here);
      const { token } = await team.whoami();
      fresh.clock.move(3600);
      broken = true;
      await expect(ask(team)).rejects.toThrow('the disk is gone');
      broken = false;
      expect((await team.whoami()).token).toEqual(token);
    });
  }

  it('and a statement that fails: what was written before it was never there', async () => {
    let broken = false;
    const vault = await fresh.reopen((store) =>
      watched(store, async (statement) => {
        if (broken && statement.includes('UPDATE environments')) throw new Error('the disk is gone');
      }),
    );
    const team = vault.withToken(mira.token, here);
    await fresh.team.setRole('mira', 'admin');
    await team.read(development);
    broken = true;
    await expect(team.write(development, changes({ A: 'lost' }))).rejects.toThrow('the disk is gone');
    broken = false;
    expect(await valuesIn(team, development)).toEqual({ A: 'one' });
    await team.write(development, changes({ A: 'two' }));
    expect(await valuesIn(first, development)).toEqual({ A: 'two' });
    expect(await second.verifyAudit()).toMatchObject({ whole: true });
  });
});

describe('statements', () => {
  it('the second read of an environment with a token asks for meta and nothing else', async () => {
    const statements: string[] = [];
    const vault = await fresh.reopen((store) =>
      watched(store, (statement) => void statements.push(statement)),
    );
    const team = vault.withToken(mira.token, here);
    // One reads the rows, one the snapshot.
    for (let i = 0; i < 2; i++) await team.read(development);
    statements.length = 0;
    expect(await valuesIn(team, development)).toEqual({ A: 'one' });
    expect(new Set(statements)).toEqual(new Set(['meta']));
    await second.write(staging, changes({ A: '1' }));
    statements.length = 0;
    await team.read(development);
    expect(statements.length).toBeGreaterThan(3);
  });

  it('two tokens, and two patterns of names, never share what is handed out', async () => {
    const some = await account(fresh, { account: 'some', grants: [{ ...toMira, names: 'B*' }] });
    const all = await account(fresh, { account: 'all', grants: [toMira] });
    await fresh.team.write(production, changes({ B: 'b' }));
    for (let i = 0; i < 3; i++) {
      expect(await valuesIn(all.team, production)).toEqual({ A: 'of production', B: 'b' });
      expect(await valuesIn(some.team, production)).toEqual({ B: 'b' });
      expect([...(await all.team.read(production, ['A'])).secrets.keys()]).toEqual(['A']);
    }
    const told = async (principal: string): Promise<unknown[]> => {
      const { events } = await fresh.team.listAudit({ principal, action: 'secrets.read' });
      return events.map(({ secrets }) => secrets);
    };
    expect(new Set((await told('some')).map((secrets) => JSON.stringify(secrets)))).toEqual(
      new Set(['{"B":1}']),
    );
    expect(await told('all')).toEqual(Array.from({ length: 3 }, () => [{ A: 1 }, { A: 1, B: 1 }]).flat());
  });
});

it('calls of two processes that come all at once agree with one order of them', async () => {
  const writes = Array.from({ length: 10 }, async (_, i) => {
    await second.write(development, changes({ A: `value ${i}` }));
    await setImmediate();
  });
  const reads = Array.from({ length: 10 }, () => first.read(development));
  const revisions = (await Promise.all(reads)).map(({ revision }) => revision);
  await Promise.all(writes);
  expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  const { revision, secrets } = await first.read(development);
  expect([revision, secrets.get('A')?.value.reveal()]).toEqual([11, 'value 9']);
});
