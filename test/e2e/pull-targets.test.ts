import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { teamServer } from './harness/server.ts';

const heading = (scope = 'web/development'): string => `# ${scope}, written by secrets pull\n`;

interface Pulled {
  targets: { file: string; format: string; added: string[] }[];
}

/** Two apps of one repository, each with its own selection. */
async function monorepo(more: object[] = []): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.shell('git init -q; mkdir -p apps/web apps/api');
  link(box, [
    { file: 'apps/web/.env', only: ['WEB_*', 'SHARED'] },
    { file: 'apps/api/.env.local', except: ['WEB_*'], for: ['shell'] },
    ...more,
  ]);
  await box.set('WEB_URL', 'canary-web', 'web/.env', '.env.staging');
  await box.set('API_KEY', 'canary-api', '.env.local', '.env.staging.local');
  await box.set('SHARED', 'canary-both', '/.env', '.env.local');
  return box;
}

function link(box: Sandbox, targets: object[]): void {
  box.write('secrets.config.json', JSON.stringify({ project: 'web', targets }));
}

describe('targets of the link file', () => {
  it('are all written by one pull, each with its own names, and read once', async () => {
    const box = await monorepo();
    const { targets } = await box.json<Pulled>(['pull'], { cwd: box.path('apps/web') });
    expect(targets).toMatchObject([
      { file: box.path('apps/web/.env'), format: 'dotenv', added: ['SHARED', 'WEB_URL'] },
      { file: box.path('apps/api/.env.local'), format: 'dotenv', added: ['API_KEY', 'SHARED'] },
    ]);
    expect(box.read('apps/web/.env')).toBe(`${heading()}SHARED=canary-both\nWEB_URL=canary-web\n`);
    expect(box.read('apps/api/.env.local')).toBe(`${heading()}API_KEY=canary-api\nSHARED=canary-both\n`);
    expect(box.read('.gitignore')).toBe('/apps/web/.env\n/apps/api/.env.local\n');
    expect(await box.ok(['pull', '--check'])).toBe('');
    const events = await box.json<unknown[]>(['audit', '--action', 'secrets.read']);
    expect(events).toHaveLength(2);
  });

  it('are one request to a server, and no more than the names that they name', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const name = ['--name', 'olga@example.com'];
    await box.ok(['login', server.url, '--code', '-', ...name], { input: server.code });
    await box.ok(['init', '--project', 'web']);
    const linked = JSON.parse(box.read('secrets.config.json')) as object;
    for (const one of ['A', 'B', 'C']) await box.ok(['set', one], { input: `value of ${one}` });
    await box.shell('mkdir one two');
    const before = (await server.requests()).length;
    const write = (...targets: object[]): unknown =>
      box.write('secrets.config.json', JSON.stringify({ ...linked, targets }));
    write({ file: 'one/.env', only: ['A'] }, { file: 'two/.env', only: ['B', 'A'] });
    await box.ok(['pull']);
    expect((await server.requests()).slice(before)).toEqual([
      'GET /v1/projects/web/environments/development/secrets',
    ]);
    const events = await box.json<unknown[]>(['audit', '--action', 'secrets.read']);
    expect(JSON.stringify(events)).toContain('"A"');
    expect(JSON.stringify(events)).not.toContain('"C"');
    write({ file: 'one/.env', only: ['A'] }, { file: 'two/.env', except: ['A'] });
    const again = (await server.requests()).length;
    await box.ok(['pull']);
    expect((await server.requests()).slice(again)).toHaveLength(1);
    expect(box.read('two/.env')).toContain('\nC=');
    const status = (await server.requests()).length;
    await box.ok(['status']);
    expect((await server.requests()).slice(status)).toHaveLength(1);
    await server.stop();
    expect(await box.ok(['status', '--offline'])).toContain('nothing changed since');
    expect(await box.json(['status', '--offline'])).toMatchObject({
      secrets: 3,
      targets: [
        { edited: [], missing: [] },
        { edited: [], missing: [] },
      ],
    });
  });

  it('all or none: a conflict in one, and no other is written', async () => {
    const box = await monorepo();
    box.write('apps/api/.env.local', 'API_KEY=mine\n');
    const before = box.snapshot();
    expect(await box.fails(6, ['pull'])).toContain(
      'apps/api/.env.local and the vault disagree about API_KEY',
    );
    expect(box.snapshot()).toEqual(before);
    await box.ok(['pull', '--theirs']);
    expect(box.read('apps/api/.env.local')).toContain('API_KEY=canary-api\n');
    expect(box.exists('apps/web/.env')).toBe(true);
  });

  it('all faults are told at once: a conflict, a tracked file, a missing folder, a value that docker cannot hold', async () => {
    const box = await monorepo([
      { file: 'gone/.env' },
      { file: 'docker.env', for: ['docker'], only: ['TWO_LINES'] },
    ]);
    await box.ok(['set', 'TWO_LINES', '--from-file', box.write('value', 'one\ntwo')]);
    box.write('apps/web/.env', 'OLD=1\n');
    await box.shell('git add -f apps/web/.env');
    box.write('apps/api/.env.local', 'API_KEY=mine\n');
    const before = box.snapshot();
    const stderr = await box.fails(2, ['pull']);
    expect(stderr).toMatch(/apps\/web\/\.env: .* is tracked by git/);
    expect(stderr).toContain('disagree about API_KEY');
    expect(stderr).toContain('gone/.env: there is no folder');
    expect(stderr).toContain('cannot be told TWO_LINES');
    expect(stderr).toContain('hint: git rm --cached');
    expect(stderr).toContain('--theirs');
    expect(box.snapshot()).toEqual(before);
  });

  it('of another environment have its name in theirs', async () => {
    const box = await monorepo([{ file: 'config/{environment}.json' }]);
    await box.shell('mkdir config');
    for (const name of ['WEB_URL', 'API_KEY'])
      await box.ok(['set', name, '--env', 'staging'], { input: 'staged' });
    await box.ok(['pull', '--env', 'staging']);
    expect(box.read('apps/web/.env.staging')).toBe(`${heading('web/staging')}WEB_URL=staged\n`);
    expect(box.read('apps/api/.env.staging.local')).toBe(`${heading('web/staging')}API_KEY=staged\n`);
    expect(JSON.parse(box.read('config/staging.json'))).toEqual({ API_KEY: 'staged', WEB_URL: 'staged' });
    expect(box.exists('apps/web/.env')).toBe(false);
    link(box, [{ file: 'secrets.json' }]);
    const stderr = await box.fails(2, ['pull', '--env', 'staging']);
    expect(stderr).toContain('has no place for the environment "staging"');
    expect(stderr).toContain('"file": "{environment}.secrets.json"');
  });

  it('one of them can be named, and brings what is written of it', async () => {
    const box = await monorepo();
    await box.ok(['pull', '.env.local'], { cwd: box.path('apps/api') });
    expect(box.read('apps/api/.env.local')).toBe(`${heading()}API_KEY=canary-api\nSHARED=canary-both\n`);
    expect(box.exists('apps/web/.env')).toBe(false);
    await box.ok(['pull', 'apps/web/.env', '--only', 'SHARED']);
    expect(box.read('apps/web/.env')).toBe(`${heading()}SHARED=canary-both\n`);
  });

  it('that lead out of the repository, or are one file, are refused', async () => {
    const box = await monorepo();
    link(box, [{ file: '../outside/.env' }]);
    expect(await box.fails(2, ['pull'])).toContain('leads out of the repository');
    link(box, [{ file: '.env' }, { file: 'apps/web/../../.env.local' }]);
    await box.shell('ln -s .env .env.local; touch .env');
    expect(await box.fails(2, ['pull'])).toContain('.env and .env.local are one file');
  });

  it('in the folder of git, or through a link that is committed, are refused, and nothing is written there', async () => {
    const box = await monorepo();
    const before = (await box.shell('ls -R .git')).stdout;
    for (const [file, format] of [
      ['.git/hooks/post-merge', 'sh'],
      ['.git/refs/heads', 'files'],
      ['.git/x.env', 'dotenv'],
    ]) {
      link(box, [{ file, format }]);
      expect(await box.errorCode(['pull']), file).not.toBe('none');
    }
    await box.shell('mkdir ../elsewhere; ln -s ../elsewhere linked');
    link(box, [{ file: 'linked/.env' }]);
    expect(await box.errorCode(['pull'])).toBe('invalid');
    expect((await box.shell('ls -A ../elsewhere')).stdout).toBe('');
    expect((await box.shell('ls -R .git')).stdout).toBe(before);
  });

  it('with options of one file, but no file: usage', async () => {
    const box = await monorepo();
    for (const words of [
      ['--for', 'node'],
      ['--only', 'A'],
      ['--except', 'A'],
    ])
      expect(await box.fails(2, ['pull', ...words])).toContain('the link file names several');
  });

  it('with a name that the vault does not have: the others are written, and a warning says so', async () => {
    const box = await monorepo();
    link(box, [{ file: 'apps/web/.env', only: ['WEB_URL', 'WEB_GONE'] }]);
    expect((await box.run(['pull'])).stderr).toContain('warning: "WEB_GONE"');
    expect(box.read('apps/web/.env')).toBe(`${heading()}WEB_URL=canary-web\n`);
  });
});
