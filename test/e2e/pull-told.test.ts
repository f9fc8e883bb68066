import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { terminal } from './harness/terminal.ts';

async function withSecrets(...names: string[]): Promise<Sandbox> {
  const box = await sandbox().init();
  for (const name of names) await box.ok(['set', name], { input: '1' });
  return box;
}

/** What a pull tells on a terminal, in one line: the terminal breaks long ones. */
async function told(box: Sandbox, ...args: string[]): Promise<string> {
  const { status, screen } = await terminal(box, ['pull', ...args]).ends();
  expect(status, screen).toBe(0);
  return screen.replace(/\r\n/g, '\n');
}

describe('after a pull', () => {
  it('names are told by what became of them, those that are gone in full', async () => {
    const many = Array.from({ length: 12 }, (_, i) => `GONE_${String(i).padStart(2, '0')}`);
    const box = await withSecrets('A', 'B', ...many);
    expect(await told(box)).toContain(
      'wrote 14 secrets of web/development to .env: added A, B, GONE_00, GONE_01, GONE_02, GONE_03, ' +
        'GONE_04, GONE_05, GONE_06, GONE_07 and 4 more\n',
    );
    await box.ok(['delete', ...many, '--yes']);
    await box.ok(['set', 'A'], { input: '2' });
    await box.ok(['set', 'C'], { input: '1' });
    expect(await told(box)).toContain(`to .env: added C; updated A; removed ${many.join(', ')}\n`);
  });

  it('nothing is said to be unchanged where file and vault disagree', async () => {
    const box = await withSecrets('A', 'B');
    await box.ok(['pull']);
    expect(await told(box)).toBe('.env has the 2 secrets of web/development; nothing changed\n');
    box.write('.env', box.read('.env').replace('A=1', 'A=mine'));
    expect(await told(box)).toContain('.env differs in 1 name that is kept as it is here\n');
    box.write('.env', box.read('.env').replace('B=1\n', ''));
    expect(await told(box)).toContain('.env differs in 2 names that are kept as they are here\n');
  });

  it('the programs are told that the repository names, and the files that name them', async () => {
    const box = await withSecrets('A');
    box.write('package.json', '{ "dependencies": { "next": "15", "dotenv": "17" } }');
    box.write('compose.yaml', 'services: { a: { env_file: .env } }');
    expect(await told(box)).toMatch(
      /^written for dotenv, Next\.js and Docker Compose \(package\.json, compose\.yaml\)$/m,
    );
    expect(await told(box)).not.toContain('written for');
    const all = async (...args: string[]): Promise<unknown> => box.json(['pull', ...args]);
    expect(await all()).toMatchObject({ targets: [{ for: ['dotenv', 'next', 'compose'] }] });
    expect(await all('--for', 'bash')).toMatchObject({ targets: [{ for: ['shell'] }] });
    await box.shell('rm package.json compose.yaml');
    expect(await all()).toMatchObject({ targets: [{ for: [] }] });
  });

  it('the line that git ignores it by is told', async () => {
    const box = await withSecrets('A');
    await box.shell('git init -q; mkdir -p apps/web');
    expect(await told(box, 'apps/web/x y.env')).toContain('added /apps/web/x y.env to .gitignore\n');
  });
});

describe('a file that is no target of the link file', () => {
  it('is warned of when all goes into it, with the target that may have been meant', async () => {
    const box = await withSecrets('A', 'B');
    await box.shell('mkdir -p apps/web apps/api other');
    const targets = [{ file: 'apps/web/.env', only: ['A'] }, { file: 'apps/api/.env.local' }];
    box.write('secrets.config.json', JSON.stringify({ project: 'web', targets }));
    const stderr = async (...args: string[]): Promise<string> => (await box.run(['pull', ...args])).stderr;
    expect(await stderr('apps/web/.emv')).toMatch(
      /^secrets: warning: .* not apps\/web\/\.emv: all 2 secrets of the environment went into it\nsecrets: hint: did you mean "apps\/web\/\.env"\?\n$/,
    );
    expect(await stderr('apps/api/mine.env')).toContain('did you mean "apps/api/.env.local"?');
    expect(await stderr('other/far-away.env')).not.toContain('did you mean');
    expect(await stderr('other/far-away.env')).toBe('');
    expect(await stderr('other/some.env', '--only', 'A')).toBe('');
    expect(await stderr('apps/web/.env')).toBe('');
  });
});

describe('who will see something else', () => {
  it('is told a name a line, those that people use most first, five at most', async () => {
    const box = await sandbox().init();
    await box.set('A', `it's "both" and $HOME`, '.env');
    await box.set('B', '$it', '.env');
    const { stderr } = await box.run(['pull']);
    const lines = stderr.match(/^secrets: warning: .*$/gm)!;
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/: \S.*, .*, .*, .*, .* and \d+ more will see something else in \.env for A$/);
    expect(stderr.match(/hint: name the programs that read it/g)).toHaveLength(1);
    const strict = await box.fails(6, ['pull', 'x.env', '--strict']);
    expect(strict).toMatch(/ more would see something else in x\.env for A; .* for B; nothing was written/);
  });

  it('many names are told together', async () => {
    const box = await sandbox().init();
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F']) await box.ok(['set', name], { input: `$${name}x` });
    expect((await box.run(['pull'])).stderr.match(/warning/g)).toHaveLength(1);
  });
});

describe('a value that cannot be written', () => {
  it('tells what is so, and no way out that was ruled out by what was typed', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'T', '--from-file', box.write('value', 'one\ntwo')]);
    await box.ok(['set', 'B'], { input: 'x' });
    const docker = ['pull', 'd.env', '--for', 'docker'];
    const stderr = await box.fails(2, [...docker, '--only', 'T']);
    expect(stderr).toContain('docker --env-file cannot be told T in d.env; nothing was written');
    expect(stderr).not.toMatch(/--except|leave out/);
    expect(await box.fails(2, [...docker, '--only', 'T,B'])).toContain('--for docker --only B\n');
    expect(await box.fails(2, [...docker, '--only', '*'])).toContain(`--only '*' --except T\n`);
    const cure = /secrets pull .*--except X,T$/m.exec(await box.fails(2, [...docker, '--except', 'X']))![0];
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    expect(box.read('d.env')).toMatch(/\nB=x\n$/);
  });

  it('though its program could be told it, if no shell were to source the file, says so', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: `it's "both"` });
    const stderr = await box.fails(2, ['pull', '--for', 'node']);
    expect(stderr).toMatch(
      /by which a shell would run a part of it, .* could node --env-file be told A in \.env/,
    );
    expect(stderr).not.toContain('--for …');
    expect(box.exists('.env')).toBe(false);
  });
});
