import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';

interface Finding {
  part: string;
  state: string;
  text: string;
  cures: string[];
}

describe('status', () => {
  it('tells project, environment and what named them', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'x' });
    const printed = await box.ok(['status']);
    expect(printed).toMatch(/^project +web \(link file\)$/m);
    expect(printed).toMatch(/^environment +development \(default\)$/m);
    expect(printed).toMatch(/^secrets +1, revision 1$/m);
    expect(printed).toContain(box.vault);
    expect(printed).toMatch(/^last pull +never into \.env$/m);
    expect(await box.ok(['status', '--env', 'staging'])).toMatch(/^environment +staging \(flag\)$/m);
    const env = { SECRETS_ENV: 'production', SECRETS_PROJECT: 'web' };
    expect(await box.ok(['status'], { env })).toMatch(/web \(variable\)\n.*production \(variable\)/);
  });

  it('tells what changed since the last pull, by name', async () => {
    const box = await sandbox().init();
    for (const name of ['A', 'B', 'C']) await box.ok(['set', name], { input: 'x' });
    await box.ok(['pull']);
    expect(await box.ok(['status'])).toContain('nothing changed since');
    await box.set('A', 'canary-changed');
    await box.ok(['delete', 'B', '--yes']);
    await box.ok(['set', 'D'], { input: 'x' });
    expect(await box.ok(['status'])).toContain('3 secrets changed since: A, D, B');
    expect(await box.json(['status'])).toMatchObject({
      targets: [{ file: box.path('.env'), changed: ['A'], added: ['D'], removed: ['B'], here: 'as pulled' }],
    });
    box.canary('canary-changed', '.env');
    await box.ok(['pull']);
    expect(await box.ok(['status'])).toContain('nothing changed since');
  });

  it('tells what was edited and what is missing here, by name, and shows no value', async () => {
    const box = await sandbox().init();
    for (const name of ['A', 'B', 'C']) await box.set(name, `canary-${name}`, '.env');
    await box.ok(['pull']);
    box.write('.env', box.read('.env').replace('A=canary-A', 'A=edited').replace('B=canary-B\n', 'MINE=1\n'));
    const printed = await box.ok(['status']);
    expect(printed).toMatch(/^last pull .* into \.env; edited here: A; missing here: B$/m);
    expect(printed).not.toMatch(/canary|edited$/m);
    expect(await box.json(['status'])).toMatchObject({
      targets: [{ here: 'edited', edited: ['A'], missing: ['B'], changed: [] }],
    });
    await box.shell('rm .env');
    expect(await box.ok(['status'])).toContain('the file is gone');
  });

  it('a file of another format is as pulled, or edited', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'x' });
    box.write('secrets.config.json', '{ "project": "web", "targets": [{ "file": "a.json" }] }');
    await box.ok(['pull']);
    expect(await box.ok(['status'])).toMatch(/^last pull .* into a\.json; nothing changed since$/m);
    box.write('a.json', '{}');
    expect(await box.ok(['status'])).toMatch(/^last pull .* into a\.json; edited here$/m);
  });

  it('tells of each target within its own names', async () => {
    const box = await sandbox().init();
    const targets = [
      { file: '.env', only: ['A*'] },
      { file: '.env.local', except: ['A*'] },
      { file: '.env.new' },
    ];
    box.write('secrets.config.json', JSON.stringify({ project: 'web', targets }));
    for (const name of ['A1', 'B1']) await box.ok(['set', name], { input: 'x' });
    for (const { file } of targets.slice(0, 2)) await box.ok(['pull', file]);
    for (const name of ['A2', 'B1']) await box.ok(['set', name], { input: 'y' });
    expect((await box.ok(['status'])).match(/^last pull .*$/gm)).toEqual([
      expect.stringMatching(/into \.env; 1 secret changed since: A2$/),
      expect.stringMatching(/into \.env\.local; 1 secret changed since: B1$/),
      expect.stringMatching(/never into \.env\.new$/),
    ]);
  });

  it('--offline asks nobody, and says what was seen last', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'x' });
    expect(await box.ok(['status', '--offline'])).toMatch(/^secrets +not known; ask with secrets status$/m);
    await box.ok(['pull']);
    expect(await box.ok(['status', '--offline'])).toMatch(/^secrets +1, revision 1, when last seen$/m);
    await box.ok(['set', 'A'], { input: 'y' });
    await box.ok(['status']);
    await box.ok(['set', 'B'], { input: 'y' });
    await box.shell(`mv '${box.vault}' aside`);
    expect(await box.ok(['status', '--offline'])).toContain('1 secret changed since: A');
    await box.fails(3, ['status']);
    box.write('.env', 'A=mine\n');
    expect(await box.json(['status', '--offline'])).toMatchObject({
      secrets: 1,
      targets: [{ changed: ['A'], edited: ['A'] }],
    });
  });

  it('needs no key, and leaves no trace in the vault', async () => {
    const box = await sandbox().init();
    const env = { SECRETS_MASTER_KEY: 'not needed' };
    expect(await box.json(['status'], { env })).toMatchObject({ keyStorage: 'variable', secrets: 0 });
  });
});

describe('doctor', () => {
  it('finds a new vault in order, with status 0, and warns of what should be known', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-examined');
    const { status, stdout } = await box.run(['doctor']);
    expect(status).toBe(0);
    expect(stdout).not.toContain('failed');
    expect(stdout).not.toContain('canary');
    expect(stdout).toMatch(/^warning +master key .*plain file/m);
    expect(stdout).toMatch(/^warning +key backup .*none was made/m);
    expect(stdout).toMatch(/^ok +project +web\/development, 1 secrets?$/m);
  });

  it('after a backup is content with it', async () => {
    const box = await sandbox().init();
    const phrase = box.write('phrase', 'correct horse battery staple\n');
    await box.ok(['key', 'export', 'backup', '--passphrase-file', phrase]);
    expect(await box.ok(['doctor'])).toMatch(/^ok +key backup +made on \d{4}-\d\d-\d\d$/m);
  });

  it.each([
    ['no vault', 'vault file', (path: string) => rmSync(dirname(path), { recursive: true })],
    ['a vault of garbage', 'vault content', (path: string) => writeFileSync(path, 'g'.repeat(5000))],
    ['a key that others can read', 'master key', (path: string) => chmodSync(`${path}.key`, 0o644)],
    ['a key file of garbage', 'master key', (path: string) => writeFileSync(`${path}.key`, 'garbage')],
  ])('with %s: status 1, and each failure has a cure', async (_, part, damage) => {
    const box = await sandbox().init();
    damage(box.vault);
    const { status, stdout } = await box.run(['doctor', '--json']);
    expect(status).toBe(1);
    const failures = (JSON.parse(stdout) as Finding[]).filter((one) => one.state === 'failed');
    expect(failures.map((one) => one.part)).toContain(part);
    for (const failure of failures) expect(failure.cures.length, failure.text).toBeGreaterThan(0);
    const text = await box.run(['doctor']);
    expect(text.status).toBe(1);
    expect(text.stdout).toMatch(/^failed .*\n +→ \S/m);
  });

  it('with a link file that is broken, or names what is not there: status 1', async () => {
    const box = await sandbox().init();
    box.write('secrets.config.json', '{ "project": "nope" }');
    expect((await box.run(['doctor'])).stdout).toMatch(/^failed +project +no project named "nope"/m);
    box.write('secrets.config.json', 'oops');
    const { status, stdout } = await box.run(['doctor']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed +link file .*:1: not valid JSON/m);
  });

  it('with a .env that git tracks: status 1, and how to take it out', async () => {
    const box = await sandbox().init();
    box.write('.env', 'A=1\n');
    await box.shell('git init -q; git add -f .env');
    const { status, stdout } = await box.run(['doctor']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed +\.env and git .*tracked by git.*\n +→ git rm --cached \S*\.env/m);
  });

  it('with a .env that git does not ignore, or a vault that others can reach: a warning and its cure', async () => {
    const box = await sandbox().init();
    await box.shell('git init -q; rm -f .gitignore');
    chmodSync(box.vault, 0o644);
    const { status, stdout } = await box.run(['doctor']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^warning +\.env and git .*does not ignore/m);
    expect(stdout).toMatch(/^warning +vault file .*\n +→ chmod go-rwx /m);
  });
});
