import { describe, expect, it } from 'vitest';
import { digest, sandbox } from './harness/sandbox.ts';
import { enter, terminal } from './harness/terminal.ts';

describe('init', () => {
  it('makes the link, the vault, its key and the project; all but the link for the user alone', async () => {
    const box = sandbox();
    const made = await box.json(['init', '--project', 'web']);
    expect(made).toEqual({
      project: 'web',
      link: box.path('secrets.config.json'),
      madeVault: true,
      madeProject: true,
    });
    expect(JSON.parse(box.read('secrets.config.json'))).toEqual({ project: 'web' });
    expect(box.mode(box.path('secrets.config.json'))).toBe('644');
    for (const file of box.files().filter((one) => one.startsWith(box.home) && !one.includes('/compile/')))
      expect(box.mode(file), file).toBe('600');
    expect(await box.json(['env', 'list'])).toMatchObject([
      { name: 'development' },
      { name: 'staging' },
      { name: 'production' },
    ]);
  });

  it('run again, does only what is missing', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'x' });
    const before = [digest(box.path('secrets.config.json')), digest(`${box.vault}.key`)];
    expect(await box.json(['init'])).toMatchObject({ project: 'web', madeVault: false, madeProject: false });
    expect([digest(box.path('secrets.config.json')), digest(`${box.vault}.key`)]).toEqual(before);
    expect(await box.ok(['get', 'A'])).toBe('x');
  });

  it('a second repository gets its own project in the same vault', async () => {
    const box = await sandbox().init();
    await box.shell('mkdir ../api');
    const cwd = `${box.root}/api`;
    expect(await box.json(['init', '--project', 'api'], { cwd })).toMatchObject({
      madeVault: false,
      madeProject: true,
    });
    expect(await box.ok(['project', 'list'], { cwd })).toMatch(/^api .*\nweb .*\n$/);
  });

  it('a link file for another project is not replaced', async () => {
    const box = await sandbox().init();
    const before = box.read('secrets.config.json');
    expect(await box.fails(6, ['init', '--project', 'other'])).toContain('to "web" already');
    expect(box.read('secrets.config.json')).toBe(before);
  });

  it('a bad project name makes nothing', async () => {
    const box = sandbox();
    expect(await box.fails(2, ['init', '--project', 'a/b'])).toContain('"a/b" cannot name a project');
    expect(box.exists('secrets.config.json')).toBe(false);
    expect(box.files().filter((file) => file.includes('vault'))).toEqual([]);
  });

  it('--import brings a file in', async () => {
    const box = sandbox();
    box.write('.env', 'A=1\nB=2\n');
    await box.ok(['init', '--project', 'web', '--import', '.env']);
    expect(await box.ok(['pull', '-'])).toBe('A=1\nB=2\n');
    await box.ok(['pull']);
    expect(box.read('.env')).toBe('A=1\nB=2\n');
  });

  it('on a terminal it asks for the name, with that of the folder as the default, and for .env', async () => {
    const box = sandbox();
    box.write('.env', 'A=1\n');
    const term = terminal(box, ['init']);
    await term.shows(/Name of the project \(?project/);
    term.type(enter);
    await term.shows('Import 1 secret from .env into project/development?');
    term.type(`y${enter}`);
    const { status, screen } = await term.ends();
    expect(status).toBe(0);
    expect(screen).toContain('imported 1 secret into project/development');
    expect(screen).toContain('warning: the master key is in a plain file');
    expect(await box.ok(['get', 'A'])).toBe('1');
  });

  it('on a terminal --skip-import does not ask', async () => {
    const box = sandbox();
    box.write('.env', 'A=1\n');
    expect((await terminal(box, ['init', '--project', 'web', '--skip-import']).ends()).status).toBe(0);
    expect(await box.json(['list'])).toMatchObject({ secrets: [] });
  });

  it('without a terminal .env is not imported unasked', async () => {
    const box = sandbox();
    box.write('.env', 'A=1\n');
    await box.init();
    expect(await box.json(['list'])).toMatchObject({ secrets: [] });
  });

  it('--insecure-storage is a consent like that of the variable', async () => {
    const box = sandbox({ SECRETS_INSECURE_STORAGE: undefined });
    const { status, stderr } = await box.run(['init', '--project', 'web', '--insecure-storage']);
    expect(status).toBe(0);
    expect(stderr).toContain('warning: the master key is in a plain file');
    await box.ok(['set', 'A'], { input: 'x' });
    expect(await box.ok(['get', 'A'])).toBe('x');
  });

  it('with SECRETS_MASTER_KEY no key is kept anywhere', async () => {
    const box = sandbox({ SECRETS_INSECURE_STORAGE: undefined });
    const key = box.canary((await box.ok(['key', 'generate'])).trim());
    const env = { SECRETS_MASTER_KEY: key };
    expect((await box.run(['init', '--project', 'web'], { env })).stderr).toBe('');
    expect(box.files().filter((file) => file.endsWith('.key'))).toEqual([]);
    expect(await box.json(['status'], { env })).toMatchObject({ keyStorage: 'variable' });
  });
});
