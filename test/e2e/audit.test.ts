import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { terminal } from './harness/terminal.ts';

interface Event {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly secrets?: Record<string, number>;
}

const audit = (box: Sandbox, ...args: string[]): Promise<Event[]> => box.json<Event[]>(['audit', ...args]);
const actions = async (box: Sandbox, ...args: string[]): Promise<string[]> =>
  (await audit(box, ...args)).map(({ action }) => action);

/** Two secrets of development, one of them rotated and read; one of staging. */
async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('API_KEY', 'canary-first');
  await box.set('OTHER', 'canary-other');
  box.canary('canary-second');
  await box.ok(['rotate', 'API_KEY'], { input: 'canary-second' });
  await box.ok(['get', 'API_KEY']);
  await box.ok(['set', 'API_KEY', '--env', 'staging'], { input: 'canary-first' });
  return box;
}

describe('audit', () => {
  it('of a secret tells who read and changed it, newest first, with versions and no value', async () => {
    const box = await filled();
    const events = await audit(box, '--secret', 'API_KEY');
    expect(events).toMatchObject([
      { action: 'secrets.set', environment: 'staging', secrets: { API_KEY: 1 } },
      { action: 'secrets.read', environment: 'development', secrets: { API_KEY: 2 } },
      { action: 'secrets.rotate', environment: 'development', secrets: { API_KEY: 2 } },
      { action: 'secrets.set', environment: 'development', secrets: { API_KEY: 1 } },
    ]);
    const table = await box.ok(['audit', '--secret', 'API_KEY', '--env', 'development']);
    expect(table).toMatch(
      /^\S+ \S+ +\S+ +secrets\.read +web\/development +- +API_KEY v2.*\n.*rotate.*\n.*secrets\.set.*API_KEY v1.*\n$/,
    );
    expect(JSON.stringify(events) + table).not.toContain('canary');
  });

  it.each([
    ['--env', 'staging', ['secrets.set']],
    ['--action', 'secrets.rotate', ['secrets.rotate']],
    ['--action', 'project', ['project.create']],
    ['--project', 'nope', []],
    ['--who', 'nobody', []],
    ['--since', '2099-01-01', []],
    ['--until', '2020-01-01', []],
  ])('%s %s', async (option, value, expected) => {
    expect(await actions(await filled(), option, value)).toEqual(expected);
  });

  it.each([
    [['--who', 'rot'], 'no member or service account named "rot" now; it may have been deleted'],
    [['--project', 'webb'], 'did you mean "web"?'],
    [['--env', 'prod'], 'did you mean "production"?'],
    [['--env', 'prod', '--project', 'web'], 'secrets env list --project web'],
    [['--secret', 'API_KYE'], 'did you mean "API_KEY"?'],
    [['--secret', 'OTHER', '--env', 'staging'], 'no secret named "OTHER" now'],
  ])('%j, which nothing is named, finds nothing and says so', async (args, told) => {
    const { status, stdout, stderr } = await (await filled()).run(['audit', ...args]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toContain(told);
  });

  it('of what is there and did nothing, or is gone and did something, warns of nothing', async () => {
    const box = await filled();
    await box.ok(['delete', 'OTHER', '--yes']);
    for (const args of [
      ['--who', 'operator'],
      ['--secret', 'API_KEY', '--since', '2099-01-01'],
      ['--secret', 'OTHER'],
    ])
      expect((await box.run(['audit', ...args])).stderr).toBe('');
  });

  it('--json makes of a warning a line of JSON', async () => {
    const { stdout, stderr } = await (await filled()).run(['audit', '--project', 'webb', '--json']);
    expect(stdout).toBe('[]\n');
    expect(JSON.parse(stderr)).toEqual({
      warning: {
        message: 'there is no project named "webb" now; it may have been deleted',
        hints: ['did you mean "web"? see all names with `secrets project list`'],
      },
    });
  });

  it('--since is from an event on, and --until before it', async () => {
    const box = await filled();
    const [rotated] = await audit(box, '--action', 'secrets.rotate');
    const since = await audit(box, '--since', rotated!.at, '--project', 'web');
    const until = await audit(box, '--until', rotated!.at, '--project', 'web');
    const all = await audit(box, '--project', 'web');
    expect(since.at(-1)).toEqual(rotated);
    expect([...since, ...until]).toEqual(all);
    expect(await audit(box, '--since', '1d', '--project', 'web')).toEqual(all);
    expect(await audit(box, '--until', '1d', '--project', 'web')).toEqual([]);
  });

  it('--limit gives the newest', async () => {
    const box = await filled();
    const all = await audit(box, '--project', 'web');
    expect(await audit(box, '--project', 'web', '--limit', '2')).toEqual(all.slice(0, 2));
  });

  it('--jsonl is one event a line, all of them', async () => {
    const box = await filled();
    const lines = (await box.ok(['audit', '--project', 'web', '--jsonl'])).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(await audit(box, '--project', 'web'));
  });

  it('shows 50 and says so; reading 60 secrets is one event', async () => {
    const box = await sandbox().init();
    const names = Array.from({ length: 60 }, (_, i) => `N${String(i).padStart(2, '0')}`);
    await box.ok(['import', box.write('many.env', names.map((name) => `${name}=x\n`).join(''))]);
    await box.ok(['pull', '-']);
    const [read] = await audit(box, '--action', 'secrets.read', '--limit', '1');
    expect(Object.keys(read!.secrets!).toSorted()).toEqual(names);
    expect(await box.ok(['audit', '--action', 'secrets.read', '--limit', '1'])).toContain(
      '60 names: N00, N01, N02 …',
    );
    for (let i = 0; i < 50; i++) await box.ok(['get', 'N00']);
    expect(await audit(box, '--secret', 'N00')).toHaveLength(50);
    const { screen } = await terminal(box, ['audit', '--secret', 'N00']).ends();
    expect(screen).toMatch(/^TIME +WHO +ACTION +WHERE +FROM +WHAT/);
    expect(screen).toContain('there may be older ones: --limit N');
    expect((await audit(box, '--secret', 'N00', '--limit', '100')).length).toBeGreaterThan(50);
  });

  it.each([
    [['--limit', '0'], '--limit wants a number'],
    [['--limit', 'ten'], '--limit wants a number'],
    [['--since', 'yesterday'], '--since wants a time'],
    [['--until', '2026-02-31'], '--until wants a time'],
    [['--action', 'secret'], 'did you mean "secrets"'],
    [['--action', 'zzz'], 'known are vault, secrets, '],
    [['verfy'], 'did you mean verify?'],
    [['--secret', 'A', 'verify'], 'must stand behind'],
  ])('refuses %j', async (args, told) => {
    const stderr = await (await sandbox().init()).fails(2, ['audit', ...args]);
    expect(stderr).toContain(told);
    expect(stderr).toContain('usage: secrets audit');
  });
});

it('--json and --jsonl do not go together', async () => {
  const box = await sandbox().init();
  expect(await box.errorCode(['audit', '--jsonl'])).toBe('usage');
});

describe('audit verify', () => {
  it('counts the events of a trail that is whole', async () => {
    const box = await filled();
    const { events } = await box.json<{ events: number }>(['audit', 'verify']);
    await box.ok(['get', 'API_KEY']);
    expect(await box.json(['audit', 'verify'])).toEqual({ whole: true, events: events + 1 });
    expect(await box.ok(['audit', 'verify'])).toBe(`whole, ${events + 1} events\n`);
  });

  it.each([
    ['edited', "UPDATE audit_events SET actor = 'somebody' WHERE seq = 3", 3, 'an event was edited'],
    ['missing', 'DELETE FROM audit_events WHERE seq = 2', 2, 'an event is missing'],
    [
      'cut off',
      'DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)',
      undefined,
      'cut off',
    ],
  ])('ends with 1 where an event was %s, and says where and why', async (_, sql, at, why) => {
    const box = await filled();
    const db = new DatabaseSync(box.vault);
    db.exec(sql);
    db.close();
    const stderr = await box.fails(1, ['audit', 'verify']);
    expect(stderr).toContain(`the audit trail is broken at event ${at ?? ''}`);
    expect(stderr).toContain(why);
    expect(await box.errorCode(['audit', 'verify'])).toBe('vault_damaged');
  });
});
