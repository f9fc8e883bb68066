import { symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digest, sandbox } from './harness/sandbox.ts';

const heading = '# web/development, written by secrets pull\n';

describe('pull, where it cannot write', () => {
  it.each([
    ['a folder', 'mkdir target'],
    ['a FIFO', 'mkfifo target'],
    ['a link to a folder', 'mkdir real; ln -s real target'],
    ['a device', 'ln -s /dev/null target'],
  ])('%s: says so, and leaves it', async (_, make) => {
    const box = await sandbox().init();
    await box.set('A', 'canary-nowhere');
    await box.shell(make);
    const before = await box.shell('ls -lR');
    expect(await box.errorCode(['pull', 'target'])).toBe('invalid');
    expect(await box.shell('ls -lR')).toEqual(before);
  });

  it('below a file: says so', async () => {
    const box = await sandbox().init();
    box.write('file', 'kept');
    expect(await box.fails(1, ['pull', 'file/.env'])).toContain('a part of the path is not a folder');
    expect(box.read('file')).toBe('kept');
  });

  it('a folder that is not there: says so, with what makes it', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-new-folder');
    const stderr = await box.fails(2, ['pull', 'new/folder/.env']);
    expect(box.exists('new')).toBe(false);
    await box.shell(/hint: (mkdir .*)/.exec(stderr)![1]!);
    box.canary('canary-new-folder', '.env');
    await box.ok(['pull', 'new/folder/.env']);
    expect(box.read('new/folder/.env')).toBe(`${heading}A=canary-new-folder\n`);
  });

  it('a symbolic link: the file behind it is written, and the link stays', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-behind-link', 'real.env');
    box.write('real.env', '# real\n');
    symlinkSync('real.env', box.path('.env'));
    await box.ok(['pull']);
    expect(box.read('real.env')).toBe(`# real\n\n${heading}A=canary-behind-link\n`);
    expect((await box.shell('readlink .env')).stdout).toBe('real.env\n');
    expect(box.mode(box.path('real.env'))).toBe('600');
  });

  it('a symbolic link to nothing: says so or makes the file, and never turns the link into a file', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-dangling', '.env');
    symlinkSync('real.env', box.path('.env'));
    await box.run(['pull']);
    expect((await box.shell('readlink .env')).stdout).toBe('real.env\n');
  });

  it('a symbolic link out of the repository, to a file that git tracks elsewhere: is refused', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-elsewhere');
    await box.shell(
      'git init -q; mkdir ../other; cd ../other; git init -q; echo MINE=1 > x.env; git add x.env',
    );
    symlinkSync('../other/x.env', box.path('.env'));
    await box.fails(2, ['pull']);
    expect((await box.shell('cat ../other/x.env')).stdout).toBe('MINE=1\n');
  });

  it('a symbolic link to a file that leads out of the repository: is refused', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-outside');
    await box.shell('git init -q; mkdir ../outside; echo MINE=1 > ../outside/rc');
    symlinkSync('../outside/rc', box.path('.env'));
    await box.fails(2, ['pull']);
    expect((await box.shell('cat ../outside/rc')).stdout).toBe('MINE=1\n');
  });

  it.each([
    ['secrets.config.json', '--overwrite'],
    ['.gitignore', '--overwrite'],
    ['package.json', '--overwrite'],
    ['PACKAGE.JSON', '--format=json'],
    ['apps/.dockerignore', '--theirs'],
    ['compose.prod.yaml', '--overwrite'],
  ])('a file of the repository, %s %s: is never written', async (file, option) => {
    const box = await sandbox().init();
    await box.set('A', 'canary-never');
    await box.shell('mkdir apps');
    if (file !== 'secrets.config.json') box.write(file, '{}\n');
    const before = digest(box.path(file));
    expect(await box.fails(2, ['pull', file, option])).toContain('is a file of the repository');
    expect(digest(box.path(file))).toBe(before);
  });

  it.each(['vault.db', 'vault.db.key'])('a file of our own, %s: is never written', async (name) => {
    const box = await sandbox().init();
    await box.set('A', 'canary-own');
    const file = join(dirname(box.vault), name);
    const before = digest(file);
    expect(await box.fails(2, ['pull', file, '--format', 'json', '--overwrite'])).toContain(
      'is a file of this program',
    );
    expect(digest(file)).toBe(before);
    const state = join(box.home, '.local/state/team-secrets/fingerprint.key');
    await box.ok(['pull', '-']);
    await box.fails(2, ['pull', state, '--format', 'json', '--overwrite']);
  });

  it('a file that does not look like a .env file: is refused, unless it is named so or written before', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-looks', 'settings', 'prod-env', 'mine');
    const text = '[section]\nkey = 1\n';
    for (const file of ['settings', 'prod-env']) box.write(file, text);
    const stderr = await box.fails(2, ['pull', 'settings']);
    expect(stderr).toContain('"settings" does not look like a .env file');
    expect(box.read('settings')).toBe(text);
    expect(await box.fails(2, ['pull', 'settings', '--only', 'A'])).not.toContain('--overwrite');
    await box.ok(['pull', 'prod-env']);
    expect(box.read('prod-env')).toContain(text);
    await box.ok(['pull', 'mine']);
    box.write('mine', `${text}${box.read('mine')}`);
    await box.ok(['pull', 'mine']);
    expect(await box.shell(/secrets pull .*--overwrite/.exec(stderr)![0])).toMatchObject({ status: 0 });
    expect(box.read('settings')).toBe(`${heading}A=canary-looks\n`);
  });

  it('a .env that is not text: is refused, and stays', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-not-mixed');
    box.write('.env', Buffer.from([0xff, 0xfe, 0x41, 0x00]));
    expect(await box.fails(2, ['pull'])).toContain('not valid UTF-8');
    expect(digest(box.path('.env'))).toBe(digest(box.write('copy', Buffer.from([0xff, 0xfe, 0x41, 0x00]))));
  });

  it('where an image would take it along: a warning says so, with the line that keeps it out', async () => {
    const box = await sandbox().init();
    await box.shell('git init -q');
    await box.set('A', 'canary-shipped', '.env');
    box.write('Dockerfile', 'FROM scratch\nCOPY . /app\n');
    const { status, stderr } = await box.run(['pull']);
    expect(status).toBe(0);
    expect(stderr).toMatch(/warning: \.env would be in every image/);
    await box.shell(/hint: (echo .*)/.exec(stderr)![1]!);
    expect((await box.run(['pull'])).stderr).toBe('');
  });
});
