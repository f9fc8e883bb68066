import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { terminal } from './harness/terminal.ts';

interface Token {
  readonly id: string;
  readonly token: string;
  readonly expiresAt: string;
}

const tokens = (box: Sandbox): Promise<Token[]> => box.json<Token[]>(['token', 'list']);

/** Makes one, and watches for it: it may be found nowhere afterwards. */
async function create(box: Sandbox, ...args: string[]): Promise<Token> {
  const made = await box.json<Token>(['token', 'create', ...args]);
  box.canary(made.token);
  return made;
}

describe('token create', () => {
  it('prints the token alone, keeps it nowhere, and makes the account', async () => {
    const box = await sandbox().init();
    const { status, stdout, stderr } = await box.run([
      ...['token', 'create', 'ci-web', '--read', 'web/staging'],
      ...['--names', 'OPENAI_*', '--ttl', '1h'],
    ]);
    expect({ status, told: stderr.includes('not shown again') }).toEqual({ status: 0, told: false });
    expect(stdout).toMatch(/^sct_[A-Za-z0-9_-]{47}\n$/);
    box.canary(stdout.trim());
    expect(await box.json(['member', 'list'])).toContainEqual(
      expect.objectContaining({ name: 'ci-web', role: 'service' }),
    );
    expect(await tokens(box)).toMatchObject([
      { prefix: stdout.slice(0, 8), kind: 'service', principal: 'ci-web', ranges: [] },
    ]);
    expect(await box.json(['grant', 'list'])).toMatchObject([
      {
        to: { principal: 'ci-web' },
        permission: 'read',
        project: 'web',
        environment: 'staging',
        names: 'OPENAI_*',
      },
    ]);
  });

  it('grants each place with each pattern, and binds the token to addresses', async () => {
    const box = await sandbox().init();
    const { ranges } = (await create(
      box,
      ...['ci', '--read', 'web/staging', '--read', 'web/production', '--write', '*/staging'],
      ...['--names', 'A_*', '--names', 'B', '--ttl', '90s', '--ip', '10.0.0.0/8', '--ip', '2001:db8::1'],
    )) as Token & { ranges: string[] };
    expect(ranges).toEqual(['10.0.0.0/8', '2001:db8::1']);
    const grants = await box.json<Record<string, string>[]>(['grant', 'list']);
    const texts = grants.map((one) => `${one.permission} ${one.project}/${one.environment} ${one.names}`);
    expect(texts.toSorted()).toEqual([
      'read web/production A_*',
      'read web/production B',
      'read web/staging A_*',
      'read web/staging B',
      'write */staging A_*',
      'write */staging B',
    ]);
    expect(await box.ok(['token', 'list'])).toContain('10.0.0.0/8, 2001:db8::1\n');
  });

  it('for an account that is there takes no grants', async () => {
    const box = await sandbox().init();
    await create(box, 'ci', '--read', 'web', '--ttl', '1h');
    await create(box, 'ci', '--ttl', '365d');
    expect(await tokens(box)).toHaveLength(2);
    const stderr = await box.fails(6, ['token', 'create', 'ci', '--read', '*', '--ttl', '1h']);
    expect(stderr).toContain('secrets grant add ci');
    expect(await box.json<unknown[]>(['grant', 'list'])).toHaveLength(1);
  });

  it('on a terminal, says that it is not shown again, what it may do, and how to revoke it', async () => {
    const box = await sandbox().init();
    const { screen, status } = await terminal(box, [
      ...['token', 'create', 'ci', '--read', 'web/staging', '--ttl', '1h'],
    ]).ends();
    expect(status).toBe(0);
    expect(screen).toMatch(/^sct_[A-Za-z0-9_-]{47}$/m);
    expect(screen).toContain('it is not shown again');
    expect(screen).toContain('ci may read * in web/staging');
    expect(screen).toMatch(/revoke it: secrets token revoke \w+/);
  });

  it.each([
    [2, ['ci', '--read', 'web'], 'for an hour: --ttl 1h'],
    [2, ['ci', '--read', 'web', '--ttl', '366d'], 'at most 365d'],
    [2, ['ci', '--read', 'web', '--ttl', '1s'], 'at least a minute'],
    [2, ['ci', '--read', 'web', '--ttl', 'forever'], '--ttl wants a time span'],
    [2, ['ci', '--names', 'A', '--ttl', '1h'], '--names goes with --read or --write'],
    [2, ['ci', '--ttl', '1h'], '--read PROJECT/ENVIRONMENT'],
    [2, ['ci', '--read', 'web', '--names', 'A-*', '--ttl', '1h'], 'no pattern of names'],
    [2, ['ci', '--read', 'web', '--ip', '10.0.0.0/33', '--ttl', '1h'], 'is not an address'],
    [2, ['ci', '--read', 'web', '--ip', 'localhost', '--ttl', '1h'], 'is not an address'],
    [2, ['../ci', '--read', 'web', '--ttl', '1h'], 'cannot name a member or a service account'],
    [3, ['ci', '--read', 'webb', '--ttl', '1h'], 'did you mean "web"?'],
  ])('ends with %d for %j, and makes nothing', async (status, args, told) => {
    const box = await sandbox().init();
    expect(await box.fails(status, ['token', 'create', ...args])).toContain(told);
    expect(await tokens(box)).toEqual([]);
    expect(await box.json<unknown[]>(['member', 'list'])).toHaveLength(1);
    expect(await box.json(['grant', 'list'])).toEqual([]);
  });

  it('is not for members', async () => {
    const box = await sandbox().init();
    box.canary((await box.ok(['member', 'invite', 'mira@example.com'])).trim());
    expect(await box.fails(6, ['token', 'create', 'mira@example.com', '--ttl', '1h'])).toContain(
      'secrets member invite mira@example.com',
    );
  });
});

describe('token revoke', () => {
  it('puts an end to those that are named', async () => {
    const box = await sandbox().init();
    const first = await create(box, 'ci', '--read', 'web', '--ttl', '1h');
    const second = await create(box, 'ci', '--ttl', '1h');
    const third = await create(box, 'ci', '--ttl', '1h');
    const ids = [first.id, third.id];
    expect(await box.json(['token', 'revoke', ...ids])).toEqual({ revoked: ids });
    expect((await tokens(box)).map(({ id }) => id)).toEqual([second.id]);
    expect(await box.fails(3, ['token', 'revoke', first.id])).toContain('secrets token list');
  });

  it('of several, one of them wrong, revokes none and names all that are wrong', async () => {
    const box = await sandbox().init();
    const { id } = await create(box, 'ci', '--read', 'web', '--ttl', '1h');
    const stderr = await box.fails(3, ['token', 'revoke', id, 'nope', 'neither']);
    expect(stderr).toContain('no token named "nope", "neither"; nothing was done');
    expect(await tokens(box)).toHaveLength(1);
  });
});

it('no token is ever listed', async () => {
  const box = await sandbox().init();
  const made = await create(box, 'ci', '--read', 'web', '--ttl', '1h');
  const printed = await Promise.all(
    [['token', 'list'], ['token', 'list', '--json'], ['audit'], ['audit', '--jsonl']].map((args) =>
      box.ok(args),
    ),
  );
  expect(printed.join('')).not.toContain(made.token.slice(8));
  expect(printed[0]).toContain(`${made.token.slice(0, 8)}…`);
});
