import { describe, expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';

describe('versions', () => {
  it('every one stays, can be read and be taken back', async () => {
    const box = await sandbox().init();
    for (const value of ['one', 'two', 'three']) await box.set('A', `canary-${value}`);
    expect(await box.ok(['get', 'A', '--version', '1'])).toBe('canary-one');
    expect(await box.json(['get', 'A', '--version', '2'])).toMatchObject({ value: 'canary-two', version: 2 });
    expect(await box.fails(3, ['get', 'A', '--version', '4'])).toContain('secrets history A');
    expect(await box.fails(2, ['get', 'A', '--version', '0'])).toContain('--version wants a number');
    await box.shell('secrets get A --version 1 | secrets set A');
    expect(await box.ok(['get', 'A'])).toBe('canary-one');
    expect(await box.json<unknown[]>(['history', 'A'])).toHaveLength(4);
  });

  it('history tells who and when, newest first, and no value', async () => {
    const box = sandbox();
    await box.shell('git config --global user.email me@example.org');
    await box.init();
    for (const value of ['one', 'two']) await box.set('A', `canary-${value}`);
    const printed = await box.ok(['history', 'A']);
    expect(printed).toMatch(
      /^v2 {2,}\d{4}-\d\d-\d\d \d\d:\d\d {2}me@example\.org {2}current\nv1 .*me@example\.org\n$/,
    );
    expect(printed).not.toContain('canary');
    const json = await box.ok(['history', 'A', '--json']);
    expect(json).not.toContain('canary');
    expect(JSON.parse(json)).toMatchObject([
      { version: 2, createdBy: 'me@example.org', current: true },
      { version: 1, current: false },
    ]);
  });

  it('list shows names and versions, sorted, and never a value', async () => {
    const box = await sandbox().init();
    for (const name of ['B', 'A', 'C_LONG_NAME', 'B']) await box.set(name, `canary-of-${name}`);
    const printed = await box.ok(['list']);
    expect(printed).toMatch(/^A +v1 .*\nB +v2 .*\nC_LONG_NAME +v1 .*\n$/);
    const json = await box.ok(['list', '--json']);
    expect(printed + json).not.toContain('canary');
    expect(JSON.parse(json)).toMatchObject({ project: 'web', environment: 'development', revision: 4 });
    expect(await box.run(['list', '--env', 'staging'])).toMatchObject({ stdout: '', status: 0 });
  });
});
