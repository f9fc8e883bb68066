import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { terminal } from './harness/terminal.ts';

const heading = '# web/development, written by secrets pull\n';

async function withSecrets(values: Record<string, string>): Promise<Sandbox> {
  const box = await sandbox().init();
  for (const [name, value] of Object.entries(values))
    await box.ok(['set', name, '--from-file', box.write('value', value)]);
  await box.shell('rm -f value');
  return box;
}

describe('pull --diff and --check', () => {
  it('show names and kinds, no value, and write nothing; --check has status 6', async () => {
    const box = await sandbox().init();
    for (const name of ['GONE', 'KEPT', 'BOTH', 'NEXT']) await box.set(name, `canary-${name}-1`, '.env');
    await box.ok(['pull']);
    box.write(
      '.env',
      box
        .read('.env')
        .replace('canary-KEPT-1', 'mine')
        .replace('canary-BOTH-1', box.canary('canary-mine', '.env')),
    );
    await box.ok(['delete', 'GONE', '--yes']);
    for (const name of ['NEXT', 'BOTH', 'FRESH']) await box.set(name, `canary-${name}-2`);
    const before = box.snapshot();
    const rows = [
      ['added', 'FRESH'],
      ['updated', 'NEXT'],
      ['removed', 'GONE'],
      ['edited here', 'KEPT'],
      ['conflict', 'BOTH'],
    ];
    const shown = await box.ok(['pull', '--diff']);
    expect(
      shown
        .trim()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual(rows.map((row) => row.concat('.env')));
    expect(shown).not.toContain('canary');
    const checked = await box.run(['pull', '--check']);
    expect(checked).toMatchObject({ status: 6, stdout: shown });
    expect(checked.stderr).toContain('.env is not as web/development would have it');
    expect(await box.json(['pull', '--diff'])).toMatchObject({
      project: 'web',
      environment: 'development',
      targets: [
        {
          file: box.path('.env'),
          added: ['FRESH'],
          updated: ['NEXT'],
          removed: ['GONE'],
          kept: [{ name: 'KEPT', here: 'edited' }],
          conflicts: [{ name: 'BOTH', here: 'edited', there: 'changed' }],
        },
      ],
    });
    expect(box.snapshot()).toEqual(before);
  });

  it('say of what was done here alone how to bring it together, either way, and not to pull', async () => {
    const box = await withSecrets({ A: '1', B: '1', C: '1' });
    await box.ok(['pull']);
    box.write('.env', box.read('.env').replace('A=1', 'A=mine').replace('B=1\n', ''));
    const stderr = (await box.run(['pull', '--check'])).stderr;
    expect(stderr).toContain(
      'hint: to bring what was edited here to the vault: secrets set --from-file .env A\n',
    );
    expect(stderr).toContain('hint: or to take what the vault has: secrets pull .env --only A --reset\n');
    expect(stderr).toContain('secrets pull .env --only B --reset');
    expect(stderr).not.toContain('up to date');
    await box.ok(['set', 'C'], { input: '2' });
    expect((await box.run(['pull', '--check'])).stderr).toContain(
      'hint: bring it up to date: secrets pull\n',
    );
  });

  it('--check counts a target whose folder is not there as missing, and makes nothing', async () => {
    const box = await withSecrets({ A: 'x' });
    const { status, stdout } = await box.run(['pull', 'not/yet/.env', '--check']);
    expect([status, stdout]).toEqual([6, 'added  A  not/yet/.env\n']);
    expect(await box.ok(['pull', 'not/yet/.env', '--diff'])).toBe('added  A  not/yet/.env\n');
    expect(box.exists('not')).toBe(false);
    box.write('file', '');
    await box.fails(1, ['pull', 'file/.env', '--check']);
  });

  it('--check is content where nothing would change, and counts a missing file', async () => {
    const box = await withSecrets({ A: 'x' });
    await box.shell('git init -q');
    expect((await box.run(['pull', '--check'])).status).toBe(6);
    expect(box.exists('.env')).toBe(false);
    expect(box.exists('.gitignore')).toBe(false);
    await box.ok(['pull']);
    expect(await box.ok(['pull', '--check'])).toBe('');
  });

  it('on a machine that never pulled, a file that holds the same values is no drift', async () => {
    const box = await withSecrets({ A: 'x', B: 'y z' });
    box.write('.env', '# mine\nB="y z"\nOWN=1\nA=x\n');
    await box.ok(['pull', '--check']);
  });
});

describe('pull --backup', () => {
  it('keeps what the file held, for its owner alone, out of git, and only where it changes', async () => {
    const box = await sandbox().init();
    await box.shell('git init -q');
    await box.set('A', 'canary-old', '.env', '.env.bak');
    await box.ok(['pull', '--backup']);
    expect(box.exists('.env.bak')).toBe(false);
    const before = box.read('.env');
    await box.set('A', 'canary-new', '.env');
    await box.ok(['pull', '--backup']);
    expect(box.read('.env.bak')).toBe(before);
    expect(box.mode(box.path('.env.bak'))).toBe('600');
    await box.ok(['pull', '--backup']);
    expect(box.read('.env.bak')).toBe(before);
    expect((await box.shell('git add -A; git ls-files')).stdout).not.toContain('.env');
  });

  it('is not made where git may not be told, until its line is there', async () => {
    const box = await withSecrets({ A: '1' });
    await box.shell('git init -q; echo /.env > .gitignore');
    const words = ['pull', '--backup', '--no-gitignore'];
    const stderr = await box.fails(2, words);
    await box.shell(/hint: (echo .*)/.exec(stderr)![1]!);
    await box.ok(words);
    for (const value of ['2', '3']) {
      await box.ok(['set', 'A'], { input: value });
      await box.ok(words);
    }
    expect(box.exists('.env.bak.1')).toBe(true);
  });

  it('never replaces an earlier one, makes none twice, and tells where it is', async () => {
    const box = await withSecrets({ A: '1' });
    await box.shell('git init -q');
    await box.ok(['pull']);
    const texts = [box.read('.env')];
    for (const value of ['2', '3']) {
      await box.ok(['set', 'A'], { input: value });
      await box.ok(['pull', '--backup']);
      texts.push(box.read('.env'));
    }
    expect([box.read('.env.bak'), box.read('.env.bak.1')]).toEqual(texts.slice(0, 2));
    box.write('.env', texts[1]!);
    const { screen } = await terminal(box, ['pull', '--backup', '--reset']).ends();
    expect(box.read('.env')).toBe(texts[2]);
    expect(box.exists('.env.bak.2')).toBe(false);
    expect(screen).not.toContain('.env.bak');
    await box.ok(['set', 'A'], { input: '4' });
    const next = await terminal(box, ['pull', '--backup']).ends();
    expect(next.screen).toContain('what was there is in .env.bak.2');
    expect(box.read('.gitignore')).toBe('/.env\n/.env.bak*\n');
    expect((await box.shell('git add -A; git ls-files')).stdout).not.toContain('.env');
    await box.ok(['set', 'A'], { input: '5' });
    expect(await target(box, '--backup')).toMatchObject({ backups: [box.path('.env.bak.3')] });
  });
});

describe('pull --only and --except', () => {
  it('write what they select, by name and pattern', async () => {
    const box = await withSecrets({ WEB_A: '1', WEB_B: '2', API_C: '3', D: '4' });
    await box.ok(['pull', '--only', 'WEB_*,D', '--except', 'WEB_B']);
    expect(box.read('.env')).toBe(`${heading}D=4\nWEB_A=1\n`);
    await box.ok(['pull', 'other.env', '--except', 'D', '--except', 'WEB_*']);
    expect(box.read('other.env')).toBe(`${heading}API_C=3\n`);
    expect(await box.ok(['pull', '-', '--only', 'D'])).toBe('D=4\n');
  });

  it('leave all other names alone, in the file and in what is remembered', async () => {
    const box = await withSecrets({ A: '1', B: '1', C: '1', D: '1' });
    await box.ok(['pull']);
    box.write('.env', box.read('.env').replace('C=1', 'C=mine'));
    for (const name of ['A', 'B']) await box.ok(['set', name], { input: '2' });
    await box.ok(['delete', 'D', '--yes']);
    expect(await target(box, '--only', 'A')).toMatchObject({ updated: ['A'], removed: [], kept: [] });
    expect(box.read('.env')).toBe(`${heading}A=2\nB=1\nC=mine\nD=1\n`);
    expect(await box.json(['status'])).toMatchObject({
      targets: [{ changed: ['B'], removed: ['D'], edited: ['C'] }],
    });
    await box.ok(['set', 'A'], { input: '3' });
    expect(await target(box, '--except', 'A,B')).toMatchObject({ updated: [], removed: ['D'] });
    expect(box.read('.env')).toBe(`${heading}A=2\nB=1\nC=mine\n`);
    expect(await target(box)).toMatchObject({ updated: ['A', 'B'], kept: [{ name: 'C', here: 'edited' }] });
    expect(await box.ok(['pull', '--diff', '--only', 'A'])).toBe('');
  });

  it('in the link file say what belongs into it: what is selected no more is removed, if untouched', async () => {
    const box = await withSecrets({ A: '1', B: '1' });
    await box.ok(['pull']);
    box.write('secrets.config.json', '{ "project": "web", "targets": [{ "file": ".env", "only": ["A"] }] }');
    expect(await target(box)).toMatchObject({ removed: ['B'] });
    expect(box.read('.env')).toBe(`${heading}A=1\n`);
  });

  it('do not go with a fresh file, and take nothing out of a file that is written whole', async () => {
    const box = await withSecrets({ A: '1', B: '1' });
    for (const words of [
      ['--only', 'A'],
      ['--except', 'A'],
    ])
      expect(await box.fails(2, ['pull', '--overwrite', ...words])).toContain('usage: secrets pull');
    await box.ok(['pull', 'a.json', '--only', 'A']);
    await box.ok(['pull', 'all.json']);
    const stderr = await box.fails(2, ['pull', 'all.json', '--only', 'A']);
    expect(stderr).toContain('would lose B;');
    const cure = /secrets pull all\.json .*--overwrite/.exec(stderr)![0];
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    expect(JSON.parse(box.read('all.json'))).toEqual({ A: '1' });
  });

  it('a folder of files: the others stay', async () => {
    const box = await withSecrets({ A: '1', B: '1' });
    const files = ['pull', 'sec', '--format', 'files'];
    await box.ok(files);
    await box.ok(['delete', 'B', '--yes']);
    await box.ok(['set', 'A'], { input: '2' });
    await box.ok([...files, '--only', 'A']);
    expect([box.read('sec/A'), box.read('sec/B')]).toEqual(['2', '1']);
    await box.ok(files);
    expect(box.exists('sec/B')).toBe(false);
  });

  it('read no more than the names that they name', async () => {
    const box = await withSecrets({ A: '1', B: '2' });
    await box.ok(['pull', '--only', 'A,B', '--except', 'B']);
    const reads = await box.json<unknown[]>(['audit', '--action', 'secrets.read']);
    expect(reads).toHaveLength(1);
    expect(JSON.stringify(reads)).toContain('"A"');
    expect(JSON.stringify(reads)).not.toContain('"B"');
  });

  it('a name that is not there: status 3, with a near one, and nothing is written', async () => {
    const box = await withSecrets({ DATABASE_URL: 'x' });
    expect(await box.fails(3, ['pull', '--only', 'DATABSE_URL'])).toContain('did you mean "DATABASE_URL"?');
    expect(box.exists('.env')).toBe(false);
  });

  it('a pattern that fits nothing is warned of', async () => {
    const box = await withSecrets({ A: 'x' });
    expect((await box.run(['pull', '--only', 'A,WEB_*'])).stderr).toContain('warning: "WEB_*"');
  });
});

describe('pull --for', () => {
  it('spells each value so that the named program reads it', async () => {
    const value = `it's "both" and $HOME`;
    const box = await withSecrets({ A: value });
    await box.ok(['pull', '--for', 'dotenv', '--strict']);
    expect(parse(box.read('.env'))).toEqual({ A: value });
    expect(await target(box, '--for', 'shell', '--strict')).toMatchObject({ kept: [], conflicts: [] });
    expect((await box.shell('. ./.env; printf %s "$A"')).stdout).toBe(value);
    await box.ok(['set', 'A', '--from-file', box.write('value', "it's $HOME")]);
    await box.ok(['pull', '--for', 'node', '--strict']);
    const script = 'process.stdout.write(process.env.A)';
    expect((await box.shell(`'${process.execPath}' --env-file=.env -e '${script}'`)).stdout).toBe(
      "it's $HOME",
    );
  });

  it('a value that others read now is respelled, though it did not change', async () => {
    const box = await withSecrets({ A: '$it' });
    await box.ok(['pull', '--for', 'dotenv,node']);
    expect(await target(box, '--for', 'vite,next')).toMatchObject({ respelled: ['A'], updated: [] });
    expect(box.read('.env')).toContain('\\$it');
    expect(await target(box, '--for', 'vite,next')).toMatchObject({ respelled: [], updated: [] });
  });

  it('several programs, with commas and repeated', async () => {
    const box = await withSecrets({ A: 'two words' });
    await box.ok(['pull', '--for', 'node,dotenv', '--for', 'shell', '--strict']);
    expect(parse(box.read('.env'))).toEqual({ A: 'two words' });
  });

  it('docker alone: values as they are, and the file says so; a second pull is quiet', async () => {
    const box = await withSecrets({ A: 'two words', B: '$(id) "x"', C: 'plain' });
    await box.ok(['pull', 'docker.env', '--for', 'docker', '--strict']);
    expect(box.read('docker.env')).toMatch(
      /^# web\/development, .*docker.*\nA=two words\nB=\$\(id\) "x"\nC=plain\n$/,
    );
    await box.ok(['pull', 'docker.env', '--for', 'docker', '--check']);
    await box.ok(['set', 'A'], { input: 'three words' });
    expect(await target(box, 'docker.env', '--for', 'docker')).toMatchObject({ updated: ['A'], kept: [] });
    expect(box.read('docker.env')).toContain('\nA=three words\n');
  });

  it('a value that the named program can be told in no way: its name, a way out, and nothing is written', async () => {
    const box = await withSecrets({ A: 'one\ntwo', B: 'x' });
    const stderr = await box.fails(2, ['pull', '--for', 'docker']);
    expect(stderr).toContain('docker --env-file cannot be told A');
    expect(box.exists('.env')).toBe(false);
    const cure = /(secrets pull .*--except \S+)/.exec(stderr)![1]!;
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    expect(box.read('.env')).toContain('\nB=x\n');
  });

  it('is told by the repository: no warning where those who read it are right', async () => {
    const box = await withSecrets({ A: '$it' });
    expect((await box.run(['pull'])).stderr).toMatch(/warning: .*will see something else in \.env for A/);
    box.write('package.json', '{ "private": true, "dependencies": { "next": "15" } }');
    const { status, stderr } = await box.run(['pull', '--strict']);
    expect([status, stderr]).toEqual([0, '']);
    expect(box.read('.env')).toContain('\\$it');
  });

  it('an unknown program or format: usage, with those that are known', async () => {
    const box = await withSecrets({ A: 'x' });
    expect(await box.fails(2, ['pull', '--for', 'emacs'])).toMatch(/hint: known are .*node/);
    expect(await box.fails(2, ['pull', 'x', '--format', 'xml'])).toMatch(/hint: known are dotenv, json/);
  });
});

describe('pull --strict', () => {
  it('status 6 where a reader would see something else, by name, and nothing is written', async () => {
    const box = await withSecrets({ A: '$it', B: 'x' });
    const stderr = await box.fails(6, ['pull', '--strict']);
    expect(stderr).toMatch(/would see something else in \.env for A;/);
    expect(stderr).toMatch(/hint: name the programs .*\n.*hint: pull all the same: secrets pull \.env$/m);
    expect(box.exists('.env')).toBe(false);
    await box.ok(['pull']);
    await box.fails(6, ['pull', '--strict']);
  });

  it('without it, a warning for what is written, and none the next time', async () => {
    const box = await withSecrets({ A: '$it', B: '$too', C: 'x' });
    const { stderr } = await box.run(['pull']);
    expect(stderr.match(/warning:.* will see something else in \.env for [AB]$/gm)).toHaveLength(2);
    expect(stderr).toMatch(/hint: name the programs that read it: secrets pull \.env --for …\n/);
    expect((await box.run(['pull'])).stderr).toBe('');
  });
});

describe('options of pull that contradict one another', () => {
  it.each([
    ['--ours', '--theirs'],
    ['--theirs', '--overwrite'],
    ['--theirs', '--reset'],
    ['--reset', '--overwrite'],
    ['-', '--reset'],
    ['--diff', '--check'],
    ['--check', '--backup'],
    ['-', '--theirs'],
    ['-', '--check'],
    ['--format', 'json'],
    ['x.json', '--format', 'json', '--for', 'node'],
    ['x.env', '--for', 'github-env'],
    ['--for', 'github-env', '--diff'],
    ['--only', 'A-B'],
    ['-', '--format', 'files'],
  ])('%s %s %s %s: usage', async (...args) => {
    const box = await sandbox().init();
    const words = args.filter((word) => typeof word === 'string');
    expect(await box.fails(2, ['pull', ...words])).toContain('usage: secrets pull');
  });
});

async function target(box: Sandbox, ...args: string[]): Promise<Record<string, unknown>> {
  return (await box.json<{ targets: Record<string, unknown>[] }>(['pull', ...args])).targets[0]!;
}
