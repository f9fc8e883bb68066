import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { killedWhen } from './harness/kill.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

async function withSecrets(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('A', 'canary one', 'out.json', 'out.yaml', 'secrets/A', 'out.sh');
  await box.ok(['set', 'B', '--from-file', box.write('value', 'two\nlines %')]);
  await box.shell('rm value');
  return box;
}

describe('pull into another format', () => {
  it('is a whole file, for its owner alone, told by its name or by --format', async () => {
    const box = await withSecrets();
    await box.ok(['pull', 'out.json']);
    expect(JSON.parse(box.read('out.json'))).toEqual({ A: 'canary one', B: 'two\nlines %' });
    expect(box.mode(box.path('out.json'))).toBe('600');
    await box.ok(['pull', 'out.sh', '--format', 'sh']);
    expect((await box.shell('. ./out.sh; printf %s "$B"')).stdout).toBe('two\nlines %');
    await box.ok(['pull', 'out.yaml']);
    expect(await box.json<{ A: string }>(['import', 'out.yaml', '--dry-run'])).toMatchObject({
      added: [],
      changed: [],
      same: ['A', 'B'],
    });
  });

  it('is ignored by git', async () => {
    const box = await withSecrets();
    await box.shell('git init -q');
    await box.ok(['pull', 'out.json']);
    await box.ok(['pull', 'secrets', '--format', 'files']);
    expect((await box.shell('git add -A; git ls-files')).stdout).toBe('.gitignore\nsecrets.config.json\n');
  });

  it('replaces what the last pull left, and nothing else without --overwrite', async () => {
    const box = await withSecrets();
    await box.ok(['pull', 'out.json']);
    const { mtimeMs } = statSync(box.path('out.json'));
    await box.ok(['pull', 'out.json']);
    expect(statSync(box.path('out.json')).mtimeMs).toBe(mtimeMs);
    await box.ok(['set', 'B'], { input: 'new' });
    expect(await box.json(['pull', 'out.json'])).toMatchObject({
      targets: [{ updated: ['B'], format: 'json' }],
    });
    box.write('out.json', '{ "MINE": "1" }\n');
    const stderr = await box.fails(6, ['pull', 'out.json', '--theirs']);
    expect(stderr).toContain('out.json is not as the last pull left it');
    expect(box.read('out.json')).toBe('{ "MINE": "1" }\n');
    expect(await box.ok(['pull', 'out.json', '--diff'])).toMatch(/^edited here +\* +out\.json$/m);
    const cure = /secrets pull out\.json --overwrite/.exec(stderr)![0];
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    expect(JSON.parse(box.read('out.json'))).toEqual({ A: 'canary one', B: 'new' });
    await box.ok(['pull', 'out.json', '--check']);
  });

  it('--ours lets an edited file stand until the vault changes, and goes on with the others', async () => {
    const box = await withSecrets();
    const targets = [{ file: 'out.json' }, { file: '.env' }];
    box.write('secrets.config.json', JSON.stringify({ project: 'web', targets }));
    await box.ok(['pull', 'out.json']);
    box.write('out.json', '{ "A": "canary one", "MINE": "1" }\n');
    expect(await box.ok(['pull', 'out.json', '--diff'])).toBe('edited here  *  out.json\n');
    const stderr = await box.fails(6, ['pull']);
    const cure = /secrets pull out\.json --ours/.exec(stderr)![0];
    box.canary('canary one', 'out.json', '.env');
    expect(await box.json(['pull', '--ours'])).toMatchObject({
      targets: [{ added: [], respelled: [], here: 'edited' }, { added: ['A', 'B'] }],
    });
    await box.ok(['pull']);
    expect(box.read('out.json')).toBe('{ "A": "canary one", "MINE": "1" }\n');
    expect(await box.run(['pull', '--check'])).toMatchObject({
      status: 6,
      stdout: 'edited here  *  out.json\n',
    });
    await box.ok(['set', 'B'], { input: 'new' });
    expect(await box.ok(['pull', 'out.json', '--diff'])).toMatch(/^edited here +\* .*\nupdated +B .*\n$/);
    await box.fails(6, ['pull']);
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    await box.ok(['pull']);
    await box.ok(['pull', 'out.json', '--overwrite']);
    expect(JSON.parse(box.read('out.json'))).toEqual({ A: 'canary one', B: 'new' });
    await box.ok(['pull', '--check']);
  });

  it('of a file that was never pulled into, no name is claimed to be new', async () => {
    const box = await withSecrets();
    box.write('out.json', '{ "A": "canary one" }');
    box.canary('canary one', 'out.json');
    expect(await box.ok(['pull', 'out.json', '--diff'])).toBe('edited here  *  out.json\n');
  });

  it('a file that was there before is not replaced', async () => {
    const box = await withSecrets();
    box.write('out.json', '{}');
    expect(await box.errorCode(['pull', 'out.json'])).toBe('drift');
    expect(box.read('out.json')).toBe('{}');
  });

  it('after kill -9 between the file and the memory of it, the next pull knows its own work', async () => {
    const box = await withSecrets();
    await box.ok(['pull', 'out.json']);
    for (const next of ['second', 'third', 'fourth']) {
      await box.ok(['set', 'B'], { input: next });
      await killedWhen(box, ['pull', 'out.json'], box.project, (name) => name === 'out.json');
      expect(JSON.parse(box.read('out.json'))).toMatchObject({ B: next });
    }
    await box.ok(['set', 'B'], { input: 'last' });
    await box.ok(['pull', 'out.json']);
    expect(JSON.parse(box.read('out.json'))).toMatchObject({ B: 'last' });
  });

  it('a folder of files: each is the value byte for byte, what is gone goes, what is edited stays', async () => {
    const box = await withSecrets();
    await box.ok(['pull', 'secrets', '--format', 'files']);
    expect(box.read('secrets/B')).toBe('two\nlines %');
    expect(box.mode(box.path('secrets'))).toBe('700');
    expect(box.mode(box.path('secrets/B'))).toBe('600');
    box.write('secrets/OWN', 'mine');
    box.write('secrets/A', 'edited');
    await box.ok(['delete', 'B', '--yes']);
    await box.ok(['set', 'C'], { input: 'three' });
    expect(await box.json(['pull', 'secrets', '--format', 'files'])).toMatchObject({
      targets: [{ added: ['C'], removed: ['B'], kept: [{ name: 'A', here: 'edited' }] }],
    });
    expect((await box.shell('ls secrets; cat secrets/A')).stdout).toBe('A\nC\nOWN\nedited');
    await box.set('A', 'canary two', 'secrets/A');
    expect(await box.errorCode(['pull', 'secrets', '--format', 'files'])).toBe('drift');
    await box.ok(['pull', 'secrets', '--format', 'files', '--theirs']);
    expect(box.read('secrets/A')).toBe('canary two');
    expect(await box.ok(['pull', 'secrets', '--format', 'files', '--check'])).toBe('');
  });

  it('a folder of files written with a slash at the end is the same; of an edited file, the file is named', async () => {
    const box = await withSecrets();
    const targets = [{ file: 'sec/', format: 'files' }];
    box.write('secrets.config.json', JSON.stringify({ project: 'web', targets }));
    box.canary('canary one', 'sec/A');
    await box.ok(['pull']);
    expect(await box.ok(['pull', 'sec', '--diff'])).toBe('');
    expect(await box.ok(['status'])).toMatch(/^last pull .* into sec; nothing changed since$/m);
    box.write('sec/A', 'edited');
    const { stderr } = await box.run(['pull', 'sec/', '--check']);
    const cure = /secrets set --from-file sec\/A A$/m.exec(stderr)![0];
    expect(stderr).toContain('secrets pull sec/ --only A --reset\n');
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    expect(await box.ok(['get', 'A'])).toBe('edited');
    await box.ok(['pull', '--check']);
  });

  it('a folder that holds a tracked file is refused', async () => {
    const box = await withSecrets();
    await box.shell(
      'git init -q; mkdir secrets; echo x > secrets/A; git add secrets; echo secrets/ > .gitignore',
    );
    expect(await box.fails(2, ['pull', 'secrets', '--format', 'files'])).toContain('is tracked by git');
  });

  it('- prints it', async () => {
    const box = await withSecrets();
    expect(JSON.parse(await box.ok(['pull', '-', '--format', 'json']))).toEqual({
      A: 'canary one',
      B: 'two\nlines %',
    });
    expect(box.files().filter((file) => file.startsWith(box.project))).toEqual([
      box.path('secrets.config.json'),
    ]);
  });

  it('what a format cannot hold stops the pull with its name', async () => {
    const box = await withSecrets();
    await box.ok(['set', 'a'], { input: 'x' });
    expect(await box.fails(2, ['pull', 'secrets', '--format', 'files'])).toMatch(/A, a|"A".*"a"|a, A/);
    expect(box.exists('secrets')).toBe(false);
  });
});

describe('pull --for github-env', () => {
  it('appends to the file of the job, and masks every line', async () => {
    const box = await withSecrets();
    const file = box.path('..', 'github-env');
    const env = { GITHUB_ENV: file };
    await box.shell(`printf 'EARLIER=1\\n' > '${file}'`);
    const masks = await box.ok(['pull', '--for', 'github-env'], { env });
    expect(masks.split('\n').toSorted()).toEqual(
      [
        '',
        '::add-mask::canary one',
        '::add-mask::lines %25',
        '::add-mask::two',
        '::add-mask::two%0Alines %25',
      ].toSorted(),
    );
    expect(readFileSync(file, 'utf8')).toMatch(
      /^EARLIER=1\nA<<(\w+)\ncanary one\n\1\nB<<(\w+)\ntwo\nlines %\n\2\n$/,
    );
    await box.shell(`rm '${file}'`);
  });

  it('says so where there is no job', async () => {
    const box = await withSecrets();
    expect(await box.fails(2, ['pull', '--format', 'github-env'])).toContain('GITHUB_ENV names no file');
  });
});
