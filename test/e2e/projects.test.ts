import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { enter, terminal } from './harness/terminal.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  for (const [env, name, value] of [
    ['development', 'SAME', 'same'],
    ['staging', 'SAME', 'same'],
    ['development', 'OTHER', 'canary-here'],
    ['staging', 'OTHER', 'canary-there'],
    ['development', 'ONLY_DEV', 'canary-only-dev'],
    ['staging', 'ONLY_STAGING', 'x'],
  ] as const) {
    box.canary(value.startsWith('canary') ? value : '');
    await box.ok(['set', name, '--env', env], { input: value });
  }
  return box;
}

describe('project', () => {
  it('is made with three environments, listed, renamed and deleted', async () => {
    const box = await sandbox().init();
    expect(await box.json(['project', 'create', 'api'])).toMatchObject({
      name: 'api',
      environments: ['development', 'staging', 'production'],
    });
    expect(await box.ok(['project', 'list'])).toMatch(/^api +development, staging, production\nweb /);
    await box.ok(['set', 'A', '--project', 'api'], { input: 'x' });
    await box.ok(['project', 'rename', 'api', 'backend']);
    expect(await box.ok(['get', 'A', '--project', 'backend'])).toBe('x');
    expect((await box.run(['get', 'A', '--project', 'api'])).status).toBe(3);
    expect(await box.json(['project', 'delete', 'backend', '--yes'])).toEqual({ deleted: 'backend' });
    expect(await box.json(['project', 'list'])).toMatchObject([{ name: 'web' }]);
  });

  it.each([
    ['web', 0, 3],
    ['wbe', 2, 0],
  ])('is deleted on a terminal after its name: %s typed', async (typed, status, afterwards) => {
    const box = await filled();
    const term = terminal(box, ['project', 'delete', 'web']);
    await term.shows('web goes with 6 secrets, for good');
    term.type(`${typed}${enter}`);
    expect((await term.ends()).status).toBe(status);
    expect((await box.run(['get', 'SAME'])).status).toBe(afterwards);
  });

  it('of the link file, renamed: the old name is not found, with the new one near', async () => {
    const box = await filled();
    await box.ok(['project', 'rename', 'web', 'webs']);
    expect(await box.fails(3, ['list'])).toContain('did you mean "webs"?');
  });
});

describe('env', () => {
  it('is made, listed, renamed and deleted', async () => {
    const box = await sandbox().init();
    await box.ok(['env', 'create', 'preview']);
    await box.ok(['set', 'A', '--env', 'preview'], { input: 'x' });
    expect(await box.ok(['env', 'list'])).toMatch(
      /^development +0 +0\nstaging .*\nproduction .*\npreview +1 +1\n$/,
    );
    await box.ok(['env', 'rename', 'preview', 'review']);
    expect(await box.ok(['get', 'A', '--env', 'review'])).toBe('x');
    await box.ok(['env', 'delete', 'review', '--yes']);
    expect((await box.run(['get', 'A', '--env', 'review'])).status).toBe(3);
    expect(await box.json<unknown[]>(['env', 'list'])).toHaveLength(3);
  });

  it.each([
    ['staging', 0, 3],
    ['stagin', 2, 0],
  ])('is deleted on a terminal after its name: %s typed', async (typed, status, afterwards) => {
    const box = await filled();
    const term = terminal(box, ['env', 'delete', 'staging']);
    await term.shows('web/staging goes with 3 secrets, for good');
    term.type(`${typed}${enter}`);
    expect((await term.ends()).status).toBe(status);
    expect((await box.run(['get', 'SAME', '--env', 'staging'])).status).toBe(afterwards);
  });

  it('diff names what differs, and shows no value', async () => {
    const box = await filled();
    const printed = await box.ok(['env', 'diff', 'development', 'staging']);
    expect(printed).toMatch(
      /^ONLY_DEV +only in development\nONLY_STAGING +only in staging\nOTHER +differs\n$/,
    );
    const all = await box.ok(['env', 'diff', 'development', 'staging', '--json']);
    expect(JSON.parse(all)).toContainEqual({ name: 'SAME', kind: 'same' });
    expect(printed + all).not.toContain('canary');
  });

  it('copy: nothing where one differs, all with --overwrite, and what is only there stays', async () => {
    const box = await filled();
    const stderr = await box.fails(6, ['env', 'copy', 'development', 'staging']);
    expect(stderr).toContain('OTHER');
    expect((await box.run(['get', 'ONLY_DEV', '--env', 'staging'])).status).toBe(3);
    expect(await box.json(['env', 'copy', 'development', 'staging', '--overwrite'])).toEqual({
      added: ['ONLY_DEV'],
      changed: ['OTHER'],
      same: ['SAME'],
    });
    expect(await box.ok(['get', 'OTHER', '--env', 'staging'])).toBe('canary-here');
    expect(await box.ok(['get', 'OTHER', '--env', 'staging', '--version', '1'])).toBe('canary-there');
    expect(await box.ok(['get', 'ONLY_STAGING', '--env', 'staging'])).toBe('x');
  });

  it('copy into an empty one, and the two are the same', async () => {
    const box = await filled();
    await box.ok(['env', 'copy', 'development', 'production']);
    expect(await box.ok(['env', 'diff', 'development', 'production'])).toBe('');
    await box.ok(['env', 'copy', 'development', 'production']);
    expect(await box.json(['list', '--env', 'production'])).toMatchObject({ revision: 1 });
  });
});
