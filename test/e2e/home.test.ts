import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingForMounts, SmallDisk } from './harness/mounts.ts';
import { lacking, titled } from './harness/needs.ts';
import { sandbox } from './harness/sandbox.ts';

const noMounts = lacking(missingForMounts());

describe('HOME', () => {
  it('that is a file: nothing is made, and the error names the path and another way', async () => {
    const box = sandbox({ HOME: '/dev/null' });
    expect(await box.fails(3, ['project', 'list'])).toContain('no vault at /dev/null/');
    const stderr = await box.fails(1, ['init', '--project', 'web']);
    expect(stderr).toContain('/dev/null/');
    expect(stderr).toContain('hint: name another file in SECRETS_VAULT');
  });

  it.each([
    ['empty', ''],
    ['not absolute', 'home'],
  ])('%s, with XDG folders: works', async (_, home) => {
    const box = sandbox({ HOME: home });
    for (const name of ['DATA', 'STATE', 'CACHE'])
      box.env[`XDG_${name}_HOME`] = join(box.root, name.toLowerCase());
    await box.init();
    await box.set('A', 'canary-without-home', '.env');
    await box.ok(['pull']);
    expect(box.read('.env')).toMatch(/^# .*\nA=canary-without-home\n$/);
    expect(box.exists('home')).toBe(false);
  });

  it('not absolute: is never taken for a folder here', async () => {
    const box = sandbox({ HOME: 'home' });
    const stderr = await box.fails(1, ['init', '--project', 'web']);
    expect(stderr).toContain('no home folder');
    expect(stderr).toContain('SECRETS_VAULT');
    expect(box.files().filter((file) => file.startsWith(join(box.project, 'home')))).toEqual([]);
  });

  it('unset: the home of the user in the system counts, not the folder one stands in', async () => {
    const box = sandbox({ HOME: undefined, XDG_DATA_HOME: undefined });
    const env = { SECRETS_VAULT: join(box.root, 'v.db'), XDG_STATE_HOME: join(box.root, 'state') };
    await box.ok(['init', '--project', 'web'], { env });
    await box.ok(['set', 'A'], { env, input: box.canary('canary-homeless') });
    expect(await box.ok(['get', 'A'], { env })).toBe('canary-homeless');
    expect(box.files().filter((file) => file.startsWith(box.project))).toEqual([
      box.path('secrets.config.json'),
    ]);
  });

  it('XDG folders that are not absolute are passed over', async () => {
    const relative = { XDG_DATA_HOME: 'data', XDG_STATE_HOME: './state', XDG_CACHE_HOME: 'cache' };
    const box = await sandbox(relative).init();
    await box.set('A', 'canary-not-here', '.env');
    await box.ok(['pull']);
    expect(box.files()).toContain(box.vault);
    const here = box.files().filter((file) => file.startsWith(box.project));
    expect(here).toEqual([box.path('secrets.config.json'), box.path('.env')].toSorted());
  });

  it('SECRETS_VAULT names another vault, whose key is kept beside it', async () => {
    const box = sandbox({});
    const vault = join(box.root, 'elsewhere/my.db');
    box.env.SECRETS_VAULT = vault;
    await box.init();
    await box.set('A', 'canary-elsewhere');
    expect(box.files()).toEqual(expect.arrayContaining([vault, `${vault}.key`]));
    expect(box.mode(join(box.root, 'elsewhere'))).toBe('700');
    expect(box.mode(vault)).toBe('600');
    expect(box.files()).not.toContain(box.vault);
  });
});

describe.skipIf(noMounts)(titled('a HOME that cannot be written', noMounts), () => {
  it('init says so and makes nothing; without a compile cache all else works', async () => {
    const box = sandbox();
    const disk = new SmallDisk(box, join(box.root, 'locked'));
    mkdirSync(join(disk.folder, 'empty'));
    disk.readOnly();
    const home = join(disk.folder, 'empty');
    const stderr = await box.fails(1, ['init', '--project', 'web'], { env: { HOME: home } });
    expect(stderr).toContain(home);
    expect(box.exists('secrets.config.json')).toBe(false);
    const env = { HOME: home, SECRETS_VAULT: join(box.root, 'v.db'), XDG_STATE_HOME: join(box.root, 's') };
    await box.ok(['init', '--project', 'web'], { env });
    await box.ok(['set', 'A'], { env, input: 'x' });
    await box.ok(['pull'], { env });
    expect(await box.ok(['run', '--', 'printenv', 'A'], { env })).toBe('x\n');
    expect(execFileSync('find', [home, '-mindepth', '1'], { encoding: 'utf8' })).toBe('');
  });
});
