import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { digest, sandbox } from './harness/sandbox.ts';

const heading = (scope = 'web/development'): string => `# ${scope}, written by secrets pull\n`;

describe('pull', () => {
  it('writes a new .env that only its owner can read', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-first', '.env');
    await box.set('B', 'canary second', '.env');
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(`${heading()}A=canary-first\nB='canary second'\n`);
    expect(box.mode(box.path('.env'))).toBe('600');
  });

  it('a .env that others could read is closed to them', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-closed', '.env');
    box.write('.env', 'MINE=1\n', 0o644);
    await box.ok(['pull']);
    expect(box.mode(box.path('.env'))).toBe('600');
  });

  it('the second time changes nothing, and does not touch the file', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-twice', '.env');
    await box.ok(['pull']);
    const before = digest(box.path('.env'));
    const { mtimeMs } = statSync(box.path('.env'));
    expect(await box.json(['pull'])).toMatchObject({
      targets: [{ added: [], updated: [], removed: [], respelled: [], kept: [], conflicts: [] }],
    });
    expect(digest(box.path('.env'))).toBe(before);
    expect(statSync(box.path('.env')).mtimeMs).toBe(mtimeMs);
  });

  it('keeps comments, order, blank lines, line ends and names that are not ours', async () => {
    const box = await sandbox().init();
    await box.set('A', 'new-a', '.env');
    await box.set('Z', 'new-z', '.env');
    box.write('.env', '# mine\r\n\r\nexport OWN="kept $HOME" # why\r\nA=new-a\r\n\r\n# last');
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(
      '# mine\r\n\r\nexport OWN="kept $HOME" # why\r\nA=new-a\r\n\r\n# last\r\n\r\n' +
        `${heading().trim()}\r\nZ=new-z\r\n`,
    );
  });

  it('takes a changed value in its place, and removes what was deleted', async () => {
    const box = await sandbox().init();
    for (const name of ['A', 'B', 'C']) await box.ok(['set', name], { input: `${name} 1` });
    await box.ok(['pull']);
    box.write('.env', `# top\n${box.read('.env')}OWN=1\n`);
    await box.ok(['rotate', 'B'], { input: 'two' });
    await box.ok(['delete', 'A', '--yes']);
    expect(await box.json(['pull'])).toMatchObject({
      targets: [{ added: [], updated: ['B'], removed: ['A'] }],
    });
    expect(box.read('.env')).toBe(`# top\n${heading()}B=two\nC='C 1'\nOWN=1\n`);
  });

  it('a value that was there before the first pull is not overwritten unasked', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'theirs' });
    box.write('.env', 'A=mine\n');
    expect(await box.errorCode(['pull'])).toBe('drift');
    expect(box.read('.env')).toBe('A=mine\n');
  });

  it('- prints to stdout and writes no file', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary to stdout');
    await box.set('B', "canary 'quoted'\nin two lines");
    const before = box.snapshot();
    const printed = await box.ok(['pull', '-', '--for', 'dotenv', '--strict']);
    expect(box.snapshot()).toEqual(before);
    const again = sandbox();
    await again.init();
    await again.ok(['import', '-', '--format', 'dotenv'], { input: printed });
    expect(await again.ok(['get', 'A'])).toBe('canary to stdout');
    expect(await again.ok(['get', 'B'])).toBe("canary 'quoted'\nin two lines");
  });

  it('a file of its own name, in another folder, from another folder', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-local', '.env.local');
    await box.shell('mkdir -p apps/web/src');
    await box.ok(['pull', '../.env.local'], { cwd: box.path('apps/web/src') });
    expect(box.read('apps/web/.env.local')).toBe(`${heading()}A=canary-local\n`);
  });

  it('from a folder below: .env is beside the link file', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-above', '.env');
    await box.shell('mkdir -p deep/er');
    await box.ok(['pull'], { cwd: box.path('deep/er') });
    expect(box.read('.env')).toBe(`${heading()}A=canary-above\n`);
    expect(box.exists('deep/er/.env')).toBe(false);
  });

  it('another environment goes to a file of its own name', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A', '--env', 'staging'], { input: box.canary('canary-staged', '.env.staging') });
    await box.ok(['pull', '--env', 'staging']);
    expect(box.read('.env.staging')).toBe(`${heading('web/staging')}A=canary-staged\n`);
    expect(box.mode(box.path('.env.staging'))).toBe('600');
    await box.ok(['pull'], { env: { SECRETS_ENV: 'staging' } });
    expect(box.exists('.env')).toBe(false);
  });

  it('the environment that the link file names goes to .env', async () => {
    const box = await sandbox().init();
    box.write('secrets.config.json', '{ "project": "web", "environment": "staging" }');
    await box.ok(['set', 'A'], { input: 'x' });
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(`${heading('web/staging')}A=x\n`);
    await box.ok(['pull', '--env', 'development']);
    expect(box.exists('.env.development')).toBe(true);
  });

  it('into a file that held another environment: its values are not taken for edits', async () => {
    const box = await sandbox().init();
    for (const env of ['development', 'staging']) {
      await box.ok(['set', 'A', '--env', env], { input: `in ${env}` });
      await box.ok(['set', `ONLY_${env.toUpperCase()}`, '--env', env], { input: 'x' });
    }
    await box.ok(['pull', '.env']);
    await box.ok(['pull', '.env', '--env', 'staging']);
    expect(box.read('.env')).toBe(`${heading('web/staging')}A='in staging'\nONLY_STAGING=x\n`);
  });

  it('an empty environment makes an empty file, and a deleted .env comes back', async () => {
    const box = await sandbox().init();
    await box.ok(['pull']);
    expect(box.read('.env')).toBe('');
    await box.ok(['set', 'A'], { input: 'x' });
    await box.ok(['pull']);
    await box.shell('rm .env');
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(`${heading()}A=x\n`);
  });

  it('every kind of value comes back by the program that was named', async () => {
    const box = await sandbox().init();
    const values = {
      EMPTY: '',
      SPACES: '  both ends  ',
      HASH: 'a # b',
      DOLLAR: '$HOME ${HOME} $$',
      SINGLE: "it's",
      DOUBLE: 'say "hi"',
      TWO_LINES: 'one\ntwo\n\nfour',
      BACKSLASH: String.raw`C:\new\table`,
      UNICODE: 'grüße 🦀',
      EQUALS: '=a=b=',
    };
    for (const [name, value] of Object.entries(values))
      await box.ok(['set', name, '--from-file', box.write('value', value)]);
    await box.ok(['pull', '--for', 'node', '--strict']);
    const script =
      'process.stdout.write(JSON.stringify(Object.fromEntries(process.argv.slice(1).map((n) => [n, process.env[n]]))))';
    const { stdout } = await box.shell(
      `'${process.execPath}' --env-file=.env -e '${script}' -- ${Object.keys(values).join(' ')}`,
    );
    expect(JSON.parse(stdout)).toEqual(values);
  });
});
