import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { enter, terminal } from './harness/terminal.ts';

interface Member {
  readonly name: string;
  readonly role: string;
  readonly groups: readonly string[];
}

const mira = 'mira@example.com';
const codeLine = /^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}\n$/;

const members = (box: Sandbox): Promise<Member[]> => box.json<Member[]>(['member', 'list']);
const named = async (box: Sandbox, name: string): Promise<Member | undefined> =>
  (await members(box)).find((member) => member.name === name);

/** Invites, and watches for the code: it may be found nowhere afterwards. */
async function invite(box: Sandbox, ...args: string[]): Promise<string> {
  const code = (await box.ok(['member', 'invite', ...args])).trim();
  return box.canary(code);
}

describe('member invite', () => {
  it('prints the code alone, keeps it nowhere, and makes the member', async () => {
    const box = await sandbox().init();
    const { status, stdout, stderr } = await box.run(['member', 'invite', mira]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('pass it on') });
    expect(stdout).toMatch(codeLine);
    box.canary(stdout.trim());
    box.canary(stdout.trim().replaceAll('-', ''));
    expect(await named(box, mira)).toMatchObject({ role: 'member', groups: [] });
  });

  it('takes a role and groups', async () => {
    const box = await sandbox().init();
    await invite(box, mira, '--role', 'admin', '--group', 'ops', '--group', 'backend');
    expect(await named(box, mira)).toMatchObject({ role: 'admin', groups: ['backend', 'ops'] });
  });

  it('again, makes another code, and leaves the member as it is', async () => {
    const box = await sandbox().init();
    const first = await invite(box, mira);
    expect(await invite(box, mira)).not.toBe(first);
    expect((await members(box)).filter((member) => member.name === mira)).toHaveLength(1);
    expect(await box.fails(6, ['member', 'invite', mira, '--role', 'admin'])).toContain(
      `change it: secrets member role ${mira} admin`,
    );
    expect(await named(box, mira)).toMatchObject({ role: 'member' });
  });

  it('with --json, tells code, role and expiry', async () => {
    const box = await sandbox().init();
    const invited = await box.json<Record<string, string>>(['member', 'invite', mira]);
    expect(`${box.canary(invited.code!)}\n`).toMatch(codeLine);
    expect(invited).toMatchObject({ name: mira, role: 'member' });
    expect(Date.parse(invited.expiresAt!)).toBeGreaterThan(Date.now());
  });

  it('on a terminal, says what to do with it', async () => {
    const box = await sandbox().init();
    const { screen, status } = await terminal(box, ['member', 'invite', mira]).ends();
    expect(status).toBe(0);
    expect(screen).toContain(`pass it on to ${mira} (member): it works once, until `);
    expect(screen).toContain('secrets login ');
  });

  it.each([
    ['a name that cannot be', ['member', 'invite', '../mira'], 'cannot name a member'],
    ['a role that there is not', ['member', 'invite', mira, '--role', 'owner'], 'a role is admin or member'],
    ['a group that cannot be', ['member', 'invite', mira, '--group', 'a b'], 'cannot name a group'],
  ])('refuses %s, and makes nobody', async (_, args, told) => {
    const box = await sandbox().init();
    expect(await box.fails(2, args)).toContain(told);
    expect(await members(box)).toHaveLength(1);
  });
});

describe('member role', () => {
  it('changes it, but the last admin stays', async () => {
    const box = await sandbox().init();
    const [owner] = await members(box);
    expect(await box.fails(6, ['member', 'role', owner!.name, 'member'])).toContain('is the last admin');
    await invite(box, mira);
    expect(await box.json(['member', 'role', mira, 'admin'])).toEqual({ name: mira, role: 'admin' });
    expect(await named(box, mira)).toMatchObject({ role: 'admin' });
    await box.ok(['member', 'role', mira, 'member']);
    expect(await named(box, mira)).toMatchObject({ role: 'member' });
  });

  it('of nobody, or to nothing, is an error with what to type', async () => {
    const box = await sandbox().init();
    await invite(box, mira);
    expect(await box.fails(3, ['member', 'role', 'mria@example.com', 'admin'])).toContain(
      `did you mean "${mira}"?`,
    );
    expect(await box.fails(2, ['member', 'role', mira, 'boss'])).toContain('a role is admin or member');
  });
});

describe('member remove', () => {
  it.each([
    [mira, 0, 1],
    ['mria@example.com', 2, 2],
  ])('asks for the name on a terminal: %s typed', async (typed, status, left) => {
    const box = await sandbox().init();
    await invite(box, mira);
    await box.ok(['grant', 'add', mira, 'read', 'web']);
    const term = terminal(box, ['member', 'remove', mira]);
    await term.shows(`${mira} goes with 0 tokens and 1 grant, for good`);
    term.type(`${typed}${enter}`);
    expect((await term.ends()).status).toBe(status);
    expect(await members(box)).toHaveLength(left);
    expect(await box.json<unknown[]>(['grant', 'list'])).toHaveLength(left - 1);
  });

  it('takes tokens and grants of a service account along', async () => {
    const box = await sandbox().init();
    box.canary((await box.ok(['token', 'create', 'ci', '--read', 'web/staging', '--ttl', '1h'])).trim());
    expect(await box.json(['member', 'remove', 'ci', '--yes'])).toEqual({ removed: 'ci' });
    for (const list of [
      ['token', 'list'],
      ['grant', 'list'],
    ])
      expect(await box.json(list)).toEqual([]);
    expect(await named(box, 'ci')).toBeUndefined();
  });

  it('without a terminal needs --yes; nobody is not found, without a question; the last admin stays', async () => {
    const box = await sandbox().init();
    const [owner] = await members(box);
    await invite(box, mira);
    expect(await box.fails(2, ['member', 'remove', mira])).toContain('--yes');
    expect(await box.fails(3, ['member', 'remove', 'zzz'])).toContain('secrets member list');
    expect(await box.fails(6, ['member', 'remove', owner!.name, '--yes'])).toContain('is the last admin');
    expect(await members(box)).toHaveLength(2);
  });
});

describe('group', () => {
  it('is there while somebody is in it', async () => {
    const box = await sandbox().init();
    await invite(box, mira);
    expect(await box.json(['group', 'list'])).toEqual([]);
    expect(await box.json(['group', 'add', 'ops', mira])).toEqual({ group: 'ops', name: mira });
    await box.ok(['group', 'add', 'ops', mira]);
    expect(await box.json(['group', 'list'])).toEqual([{ name: 'ops', principals: [mira] }]);
    expect(await box.ok(['group', 'list'])).toBe(`ops  ${mira}\n`);
    expect(await named(box, mira)).toMatchObject({ groups: ['ops'] });
    await box.ok(['group', 'remove', 'ops', mira]);
    expect(await box.json(['group', 'list'])).toEqual([]);
  });

  it('takes nobody that there is not, and lets nobody out that is not in it', async () => {
    const box = await sandbox().init();
    await invite(box, mira);
    expect(await box.fails(3, ['group', 'add', 'ops', 'mria@example.com'])).toContain(mira);
    expect(await box.fails(2, ['group', 'add', 'a/b', mira])).toContain('cannot name a group');
    expect(await box.fails(3, ['group', 'remove', 'ops', mira])).toContain('no group named "ops"');
  });
});

it('members, with their roles and groups, are a table', async () => {
  const box = await sandbox().init();
  await invite(box, mira, '--group', 'ops');
  const when = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
  expect(await box.ok(['member', 'list'])).toMatch(
    new RegExp(
      String.raw`^\S+ +admin +${when} +none\n${mira} +member +ops +${when} +invited until ${when}\n$`,
    ),
  );
});
