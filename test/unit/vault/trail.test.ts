import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditEvent, AuditQuery } from '../../../src/api/team.ts';
import { changes, development, type FreshVault, freshVault, production } from './fresh-vault.ts';
import { enrolled } from './people.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
});

const find = async (query: AuditQuery): Promise<readonly AuditEvent[]> =>
  (await fresh.team.listAudit({ limit: 1000, ...query })).events;
const told = async (query: AuditQuery): Promise<string[]> =>
  (await find(query)).map(({ actor, action, environment = '-' }) => `${actor} ${action} ${environment}`);

describe('the trail is filtered', () => {
  beforeEach(async () => {
    await fresh.team.write(development, changes({ A: '1' }));
    await fresh.team.write(production, changes({ A: '1', B: '1' }));
    const mira = await enrolled(fresh, { name: 'mira' });
    await mira.team.read(development, ['A']);
    await fresh.team.readVersion(production, 'B', 1);
  });

  const cases: [AuditQuery, string[]][] = [
    [{ principal: 'mira' }, ['mira secrets.read development', 'mira member.enrol -']],
    [{ principal: 'mir' }, []],
    [{ action: 'secrets.read' }, ['mira secrets.read development']],
    [{ action: 'member' }, ['mira member.enrol -', 'olga member.invite -']],
    [{ action: 'secret' }, []],
    [{ action: 'secrets%' }, []],
    [{ action: 'member_invite' }, []],
    [
      { project: 'web', environment: 'production' },
      ['olga secrets.read-version production', 'olga secrets.set production'],
    ],
    [{ project: 'wen' }, []],
    [{ secret: 'B' }, ['olga secrets.read-version production', 'olga secrets.set production']],
    [
      { secret: 'A', environment: 'development' },
      ['mira secrets.read development', 'olga secrets.set development'],
    ],
    [{ secret: 'A', principal: 'mira', action: 'secrets' }, ['mira secrets.read development']],
    [{ secret: 'development' }, []],
    [{ secret: '' }, []],
  ];
  for (const [query, expected] of cases) {
    it(JSON.stringify(query), async () => {
      expect(await told(query)).toEqual(expected);
    });
  }

  it('by time: from `since` on, and before `until`', async () => {
    const all = await find({});
    const [since, until] = [all[5]!.at, all[2]!.at];
    expect((await find({ since, until })).map(({ seq }) => seq)).toEqual(
      all.slice(3, 6).map(({ seq }) => seq),
    );
  });

  it('and no page is made of what cannot be asked', async () => {
    const wrong: AuditQuery[] = [
      { limit: 0 },
      { limit: 1001 },
      { limit: 1.5 },
      { limit: Number.NaN },
      { cursor: '' },
      { cursor: '-1' },
      { cursor: "1' OR 1" },
      { since: 'yesterday' },
      { until: '2026-01-01' },
      { since: '2026-13-01T00:00:00.000Z' },
    ];
    for (const query of wrong)
      await expect(fresh.team.listAudit(query), JSON.stringify(query)).rejects.toMatchObject({
        code: 'invalid',
      });
  });
});

describe('events of one secret', () => {
  const names = ['KEY', 'KEY_', 'KEY_A', 'KEYXA', 'MY_KEY', 'key', 'K', '__proto__', 'revision', 'token'];

  beforeEach(async () => {
    for (const name of names)
      await fresh.team.write(development, changes(JSON.parse(`{"${name}":"v"}`) as Record<string, string>));
    await fresh.team.read(development);
  });

  for (const name of names) {
    it(`are those of ${name}, and of no other whose name is like it`, async () => {
      const found = await find({ secret: name });
      expect(found.map(({ action, secrets = {} }) => [action, Object.keys(secrets).length])).toEqual([
        ['secrets.read', names.length],
        ['secrets.set', 1],
      ]);
      for (const { secrets } of found) expect(Object.keys(secrets!)).toContain(name);
    });
  }

  it('are found wherever an event names it', async () => {
    const { team } = await enrolled(fresh, { name: 'mira' });
    await fresh.team.addGrant({ ...production, to: { principal: 'mira' }, permission: 'write', names: 'X' });
    await expect(team.write(production, changes({ DENIED: 'x' }))).rejects.toMatchObject({
      code: 'forbidden',
    });
    await fresh.team.write(production, changes({ DENIED: 'x' }));
    await fresh.team.compareEnvironments(development, 'production');
    await fresh.team.delete(production, ['DENIED']);
    expect((await find({ secret: 'DENIED' })).map(({ action }) => action)).toEqual([
      'secrets.delete',
      'secrets.compare',
      'secrets.set',
      'denied',
    ]);
  });

  it('no name can be a pattern', async () => {
    for (const secret of ['%', 'K%', 'KE_', '_', '!', 'KEY"', '"', 'KEY":1,"KEY_'])
      expect(await find({ secret })).toEqual([]);
  });
});

describe('pages', () => {
  /** Walks through all pages, newest first, and does something between them. */
  const walk = async (query: AuditQuery, between: () => Promise<unknown>): Promise<number[][]> => {
    const pages: number[][] = [];
    let cursor: string | undefined;
    do {
      const page = await fresh.team.listAudit({ ...query, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(page.events.map(({ seq }) => seq));
      cursor = page.next;
      await between();
    } while (cursor !== undefined);
    return pages;
  };

  beforeEach(async () => {
    for (let i = 0; i < 12; i++) await fresh.team.read(i % 3 ? development : production);
  });

  it('hold everything exactly once, while events are added', async () => {
    const { events } = (await fresh.team.verifyAudit()) as { events: number };
    for (const limit of [1, 3, 7, 1000]) {
      const pages = await walk({ limit, until: '2027-01-01T00:00:00.000Z' }, () =>
        fresh.team.read(development),
      );
      const all = pages.flat();
      expect(all).toEqual(Array.from({ length: all[0]! }, (_, i) => all[0]! - i));
      expect(all.length).toBeGreaterThanOrEqual(events);
      for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
    }
  });

  it('hold what fits a filter, exactly once', async () => {
    const whole = (await find({ environment: 'production' })).map(({ seq }) => seq);
    expect(whole).toHaveLength(4);
    expect(
      (await walk({ limit: 3, environment: 'production' }, () => fresh.team.read(production))).flat(),
    ).toEqual(whole);
  });

  it('have no next one when they end with the last event', async () => {
    const query = { action: 'secrets.read', environment: 'production' };
    expect((await fresh.team.listAudit({ ...query, limit: 4 })).next).toBeUndefined();
    expect((await fresh.team.listAudit({ ...query, limit: 3 })).next).toBeDefined();
  });
});

it('who looked at the trail, and for what, is on record once', async () => {
  const query = { secret: 'A', limit: 2 };
  await fresh.team.listAudit(query);
  await fresh.team.listAudit({ ...query, cursor: '2' });
  const looks = (await find({ action: 'audit' })).filter(({ detail }) =>
    JSON.stringify(detail).includes('"A"'),
  );
  expect(looks).toMatchObject([{ actor: 'olga', action: 'audit.read', detail: { query } }]);
});
