import { spawn } from 'node:child_process';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { node, program, type Sandbox, sandbox } from './harness/sandbox.ts';

async function withOne(name = 'A', value = 'canary-one', ...places: string[]): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set(name, value, ...places);
  return box;
}

const asFiles = (folder: string, ...more: string[]): string[] => [
  'pull',
  folder,
  '--format',
  'files',
  ...more,
];

describe('a folder of files', () => {
  it.each(['.', 'nested'])('at the root of a work tree is refused: %s', async (folder) => {
    const box = await withOne();
    await box.shell(`git init -q; git init -q nested`);
    expect(await box.fails(2, asFiles(folder))).toContain('root of a work tree');
    expect(box.exists(folder, 'A')).toBe(false);
    expect((await box.shell('git -C nested add -A; git -C nested ls-files')).stdout).toBe('');
  });

  it('that holds tracked files at any depth is refused, and not ignored', async () => {
    const box = await withOne();
    await box.shell('git init -q; mkdir -p src/deep/er; echo 1 > src/deep/er/index.js; git add src');
    expect(await box.fails(2, asFiles('src'))).toContain('src/deep/er/index.js');
    expect(box.exists('.gitignore')).toBe(false);
  });

  it('of which git tracks a file that is not there any more is refused', async () => {
    const box = await withOne();
    await box.shell('git init -q; mkdir f; echo x > f/A; git add f; rm f/A; echo f/ > .gitignore');
    expect(await box.fails(2, asFiles('f'))).toContain('tracked by git');
    expect(box.exists('f/A')).toBe(false);
  });

  it('with a pipe or a folder under the name of a secret is refused at once', async () => {
    const box = await withOne('A', 'canary-one', '.env');
    await box.shell('mkdir f; mkfifo f/A');
    expect(await box.fails(2, asFiles('f'))).toContain('not a plain file');
    await box.shell('rm f/A; mkdir f/A');
    expect(await box.fails(2, asFiles('f'))).toContain('not a plain file');
    await box.ok(['pull']);
  });

  it('in which a pipe took the place of a file does not keep status waiting', async () => {
    const box = await withOne('A', 'canary-one', 'f/A');
    await box.ok(asFiles('f'));
    const link = JSON.parse(box.read('secrets.config.json')) as object;
    box.write('secrets.config.json', JSON.stringify({ ...link, targets: [{ file: 'f', format: 'files' }] }));
    await box.shell('rm f/A; mkfifo f/A');
    expect(await box.run(['status', '--json'])).not.toMatchObject({ status: 128 });
  });

  it('keeps with --backup what it removes', async () => {
    const box = await withOne();
    await box.ok(asFiles('f'));
    box.write('f/A', box.canary('canary-edit', 'f/A.bak'));
    await box.ok(['delete', 'A', '--yes']);
    await box.ok(asFiles('f', '--theirs', '--backup'));
    expect(readdirSync(box.path('f'))).toEqual(['A.bak']);
    expect(box.read('f/A.bak')).toBe('canary-edit');
    expect(box.mode(box.path('f/A.bak'))).toBe('600');
  });
});

describe('a file that was pulled in one format', () => {
  it('and holds lines of the user is not replaced by another without --overwrite', async () => {
    const box = await withOne('A', 'canary-one', '.env');
    box.write('.env', 'MINE=only-here\n');
    await box.ok(['pull']);
    const before = box.read('.env');
    const stderr = await box.fails(6, ['pull', '.env', '--format', 'json']);
    expect(stderr).toContain('was written as dotenv by the last pull');
    expect(box.read('.env')).toBe(before);
    await box.ok(['pull', '.env', '--format', 'json', '--overwrite']);
    expect(JSON.parse(box.read('.env'))).toEqual({ A: 'canary-one' });
  });

  it('and is as it was left, with nothing of the user in it, becomes one of another', async () => {
    const box = await withOne('A', 'canary-one', 'x.env');
    await box.ok(['pull', 'x.env', '--format', 'json']);
    await box.ok(['pull', 'x.env']);
    expect(box.read('x.env')).toBe('# web/development, written by secrets pull\nA=canary-one\n');
    await box.ok(['pull', 'x.env']);
  });

  it('and was edited since is not merged into as another', async () => {
    const box = await withOne('A', 'canary-one', 'x.env');
    await box.ok(['pull', 'x.env', '--format', 'yaml']);
    const edited = `${box.read('x.env')}MINE: here\n`;
    box.write('x.env', edited);
    expect(await box.fails(6, ['pull', 'x.env'])).toContain('was written as yaml by the last pull');
    expect(box.read('x.env')).toBe(edited);
    await box.ok(['pull', 'x.env', '--overwrite']);
    expect(box.read('x.env')).toBe('# web/development, written by secrets pull\nA=canary-one\n');
  });
});

describe('a .env file', () => {
  it('that was replaced, with nothing of the last pull in it, is written as new', async () => {
    const box = await withOne('API_KEY', 'canary-key', '.env');
    await box.ok(['pull']);
    box.write('.env', 'PORT=3000\n');
    expect(await box.json(['pull'])).toMatchObject({ targets: [{ added: ['API_KEY'], kept: [] }] });
    expect(box.read('.env')).toBe(
      'PORT=3000\n\n# web/development, written by secrets pull\nAPI_KEY=canary-key\n',
    );
  });

  it('of which lines were deleted or edited tells so on stderr, terminal or not', async () => {
    const box = await withOne('A', 'canary-one', '.env');
    await box.ok(['set', 'B'], { input: 'two' });
    await box.ok(['pull']);
    box.write('.env', box.read('.env').replace('A=canary-one\n', '').replace('B=two', 'B=mine'));
    const { status, stderr } = await box.run(['pull']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^secrets: warning: .*edited here.*B/m);
    expect(stderr).toMatch(/^secrets: warning: .*deleted here.*A/m);
  });

  it.each([
    ['run.sh', 'PORT=1\n', 0o755],
    ['.husky-hook', 'npm test\n', 0o755],
    ['settings', '{ "a": 1 }\n', 0o644],
  ])('is not made of a file that is none: %s', async (file, text, mode) => {
    const box = await withOne();
    const path = box.write(file, text, mode);
    await box.shell(`chmod ${mode.toString(8)} ${file}`);
    expect(await box.fails(2, ['pull', file, '--format', 'dotenv'])).toContain(
      'does not look like a .env file',
    );
    expect(box.read(file)).toBe(text);
    expect(statSync(path).mode & 0o777).toBe(mode);
  });
});

describe('two pulls at once', () => {
  it('leave what the newer one read, though the older one writes last', async () => {
    const box = await withOne('A', 'canary-old', '.env');
    await box.ok(['pull']);
    await box.set('A', 'canary-older', '.env');
    const state = join(box.home, '.local/state/team-secrets');
    const lock = join(state, 'pull.lock');
    writeFileSync(lock, `${process.pid}-${'0'.repeat(24)}`);
    const older = spawn(node, [program, 'pull'], { cwd: box.project, env: box.env, stdio: 'ignore' });
    const ended = new Promise((resolve) => older.on('close', resolve));
    // It has read, and waits for its turn.
    await vi.waitUntil(
      () => readdirSync(state).some((name) => name.startsWith(`pull.lock.${older.pid}-`)),
      10_000,
    );
    older.kill('SIGSTOP');
    rmSync(lock);
    await box.set('A', 'canary-new', '.env');
    await box.ok(['pull']);
    expect(box.read('.env')).toContain('A=canary-new\n');
    older.kill('SIGCONT');
    expect(await ended).toBe(0);
    expect(box.read('.env')).toContain('A=canary-new\n');
    await box.ok(['pull', '--check']);
  });
});
