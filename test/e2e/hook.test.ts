import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { performance } from 'node:perf_hooks';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

const told = 'secrets: 2 secrets changed since your pull: A, C\nsecrets: hint: secrets pull\n';

/** A repository with a pulled .env, two branches, and a clone's worth of changes in the vault since. */
async function repository(): Promise<Sandbox> {
  const box = sandbox({ GIT_CONFIG_NOSYSTEM: '1' });
  await box.shell('git init -q -b main && git config user.email me@example.org && git config user.name Me');
  await box.init();
  for (const name of ['A', 'B']) await box.ok(['set', name], { input: 'x' });
  await box.shell('echo "/.env\nnode_modules" > .gitignore && git add . && git commit -qm first');
  await box.shell(
    'git checkout -qb other && echo x > x && git add x && git commit -qm second && git checkout -q main',
  );
  await box.ok(['pull']);
  return box;
}

async function changed(): Promise<Sandbox> {
  const box = await repository();
  await box.set('A', 'canary-changed-since');
  await box.ok(['set', 'C'], { input: 'x' });
  return box;
}

const merge = (box: Sandbox) => box.shell('git merge -q --no-ff -m merge other');
const checkout = (box: Sandbox) => box.shell('git checkout -q other');
const hook = (box: Sandbox, name: string): string => box.read('.git/hooks', name);

describe('the hooks of git', () => {
  it('tell after a merge which secrets changed, by name, and pull nothing', async () => {
    const box = await changed();
    await box.ok(['hook', 'install']);
    const before = box.read('.env');
    expect(await merge(box)).toEqual({ status: 0, stdout: '', stderr: told });
    expect(box.read('.env')).toBe(before);
    await box.ok(['pull']);
    box.canary('canary-changed-since', '.env');
    await box.shell('git reset -q --hard HEAD^');
    expect(await merge(box)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('tell after the checkout of a branch, from any folder, and not after that of a file', async () => {
    const box = await changed();
    await box.ok(['hook', 'install']);
    mkdirSync(box.path('below'));
    expect(await box.shell('cd below && git checkout -q other')).toMatchObject({ status: 0, stderr: told });
    expect(await box.shell('git checkout -q HEAD -- x')).toMatchObject({ status: 0, stderr: '' });
    expect(await box.shell('git worktree add -q ../tree main')).toMatchObject({ status: 0, stderr: '' });
  });

  it('are silent where nothing was pulled, where nothing is linked, and where no program is', async () => {
    const box = await changed();
    await box.ok(['hook', 'install']);
    const link = box.read('secrets.config.json');
    await box.shell('rm secrets.config.json');
    expect(await checkout(box)).toEqual({ status: 0, stdout: '', stderr: '' });
    box.write('secrets.config.json', link);
    const env = { PATH: (box.env.PATH ?? '').replace(`${box.bin}:`, '') };
    expect(await box.shell('git checkout -q main', { env })).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(
      await box.shell('git checkout -q other', { env: { XDG_STATE_HOME: box.path('../none') } }),
    ).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('are silent where the vault is gone or damaged', async () => {
    const box = await changed();
    await box.ok(['hook', 'install']);
    await box.shell(`echo garbage > '${box.vault}'`);
    expect(await checkout(box)).toEqual({ status: 0, stdout: '', stderr: '' });
    await box.shell(`rm -r '${box.home}/.local/share'`);
    expect(await box.shell('git checkout -q main')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('hold git up for two seconds at most: a server that does not answer', async () => {
    const box = await changed();
    await box.ok(['hook', 'install']);
    const server = await silentServer();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const start = performance.now();
    const env = { SECRETS_URL: url, SECRETS_TOKEN: someToken() };
    expect(await box.shell('git checkout -q other', { env })).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(performance.now() - start).toBeGreaterThan(1900);
    expect(performance.now() - start).toBeLessThan(3500);
    server.close();
  });

  it('hold git up for two seconds at most: a vault that another process keeps locked', async () => {
    const box = await changed();
    await box.ok(['hook', 'install']);
    const db = new DatabaseSync(box.vault);
    db.exec('PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE');
    const start = performance.now();
    expect(await checkout(box)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(performance.now() - start).toBeGreaterThan(1900);
    expect(performance.now() - start).toBeLessThan(3500);
    db.close();
  });
});

describe('hook install', () => {
  it('makes two executable hooks; a second time changes nothing; remove takes them away', async () => {
    const box = await repository();
    expect(await box.json(['hook', 'install'])).toEqual({
      manager: 'git',
      files: ['post-merge', 'post-checkout'].map((name) => ({
        path: box.path('.git/hooks', name),
        change: 'written',
      })),
    });
    const before = box.snapshot();
    expect(box.mode(box.path('.git/hooks/post-merge'))).toBe('755');
    expect(await box.json(['hook', 'install'])).toMatchObject({
      files: [{ change: 'none' }, { change: 'none' }],
    });
    expect(box.snapshot()).toEqual(before);
    await box.ok(['hook', 'remove']);
    expect(box.exists('.git/hooks/post-merge')).toBe(false);
    expect(box.exists('.git/hooks/post-checkout')).toBe(false);
    expect(await box.json(['hook', 'remove'])).toEqual({ manager: 'git', files: [] });
  });

  it('says that the hooks will be silent where no program of this name is on PATH', async () => {
    const box = await repository();
    const env = { PATH: (box.env.PATH ?? '').replace(`${box.bin}:`, '') };
    expect((await box.run(['hook', 'install'], { env })).stderr).toContain(
      'warning: the hooks call the program on PATH, and "secrets" is not there: they will be silent',
    );
    expect((await box.run(['hook', 'install'])).stderr).toBe('');
  });

  it('changes no byte of a hook that is not UTF-8', async () => {
    const box = await repository();
    const theirs = Buffer.from('#!/bin/sh\necho caf\xe9\n', 'latin1');
    writeFileSync(box.path('.git/hooks/post-merge'), theirs, { mode: 0o755 });
    await box.ok(['hook', 'install']);
    expect(hook(box, 'post-merge')).toContain('secrets hook run');
    expect(readFileSync(box.path('.git/hooks/post-merge')).includes('echo caf\xe9\n', 0, 'latin1')).toBe(
      true,
    );
    await box.ok(['hook', 'remove']);
    expect(readFileSync(box.path('.git/hooks/post-merge'))).toEqual(theirs);
  });

  it('leaves what a hook does, its status and its mode, as they are', async () => {
    const box = await changed();
    const text = '#!/bin/sh\necho theirs "$3"\nexec sh -c "exit 4"\n';
    box.write('.git/hooks/post-checkout', text);
    chmodSync(box.path('.git/hooks/post-checkout'), 0o751);
    const alone = await checkout(box);
    await box.shell('git checkout -q main');
    await box.ok(['hook', 'install']);
    const { status, stdout, stderr } = await checkout(box);
    expect({ status, stdout }).toEqual({ status: alone.status, stdout: alone.stdout });
    expect(alone.stdout + alone.stderr).toContain('theirs 1');
    expect(stderr.replace(told, '')).toBe(alone.stderr);
    expect(stderr).toContain(told);
    expect(statSync(box.path('.git/hooks/post-checkout')).mode & 0o777).toBe(0o751);
    await box.ok(['hook', 'remove']);
    expect(hook(box, 'post-checkout')).toBe(text);
    expect(box.exists('.git/hooks/post-merge')).toBe(false);
  });

  it('touches neither of two hooks where one is no shell script, is not executable, or leads away', async () => {
    const box = await repository();
    const before = box.snapshot();
    box.write('.git/hooks/post-checkout', '#!/usr/bin/env python3\nprint(1)\n', 0o755);
    expect(await box.fails(2, ['hook', 'install'])).toMatch(
      /not a shell script.*\n.*hint: have it run this: if command -v/,
    );
    box.write('.git/hooks/post-checkout', '#!/bin/sh\n', 0o644);
    chmodSync(box.path('.git/hooks/post-checkout'), 0o644);
    expect(await box.fails(2, ['hook', 'install'])).toContain('is not executable, so git does not run it');
    await box.shell(
      'echo "#!/bin/sh" > ../elsewhere; rm .git/hooks/post-checkout; ln -s ../../../elsewhere .git/hooks/post-checkout',
    );
    expect(await box.fails(2, ['hook', 'install'])).toContain('a link that leads out of the repository');
    await box.shell('rm ../elsewhere .git/hooks/post-checkout');
    expect(box.snapshot()).toEqual(before);
  });

  it('writes where core.hooksPath says, and tells of a folder of all repositories', async () => {
    const box = await changed();
    await box.shell('mkdir -p scripts/hooks below && git config core.hooksPath scripts/hooks');
    await box.ok(['hook', 'install'], { cwd: box.path('below') });
    expect(box.exists('scripts/hooks/post-merge')).toBe(true);
    expect(await merge(box)).toMatchObject({ status: 0, stderr: told });
    await box.shell(`git config core.hooksPath '${box.home}/hooks'`);
    const { status, stderr } = await box.run(['hook', 'install']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `secrets: warning: ${box.home}/hooks has the hooks of all repositories of this user (core.hooksPath)\n`,
    });
  });

  it('writes into the one folder of all linked work trees', async () => {
    const box = await changed();
    await box.shell('git worktree add -q ../tree other');
    const cwd = `${box.root}/tree`;
    await box.ok(['hook', 'install'], { cwd });
    expect(box.exists('.git/hooks/post-merge')).toBe(true);
    expect(await merge(box)).toMatchObject({ status: 0, stderr: told });
  });

  it('says so outside of a repository', async () => {
    const box = sandbox();
    expect(await box.fails(2, ['hook', 'install'])).toContain('is not in a work tree of git');
  });
});

describe('with husky', () => {
  it('the lines go into its folder, are called by it, and go away again', async () => {
    const box = await changed();
    await install(box, 'husky');
    await box.shell('node_modules/.bin/husky');
    expect(await box.json(['hook', 'install'])).toMatchObject({
      manager: 'husky',
      files: [{ path: box.path('.husky/post-merge') }, { path: box.path('.husky/post-checkout') }],
    });
    expect(await merge(box)).toEqual({ status: 0, stdout: '', stderr: told });
    box.write('.husky/post-checkout', `echo theirs\n${box.read('.husky/post-checkout')}`);
    expect(await checkout(box)).toMatchObject({ status: 0, stderr: expect.stringContaining(told) as string });
    await box.ok(['hook', 'remove']);
    expect(box.exists('.husky/post-merge')).toBe(false);
    expect(box.read('.husky/post-checkout')).toBe('echo theirs\n');
  }, 120_000);
});

describe('with lefthook', () => {
  it('the command goes into its config, is called by it, and goes away again', async () => {
    const box = await changed();
    await install(box, 'lefthook');
    const config = '# ours\npost-merge:\n  jobs:\n    - name: theirs # kept\n      run: echo theirs\n';
    box.write('lefthook.yml', config);
    const { status, stderr } = await box.run(['hook', 'install']);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'secrets: warning: lefthook does not make these hooks yet\nsecrets: hint: lefthook install\n',
    });
    await box.shell('node_modules/.bin/lefthook install');
    expect((await box.run(['hook', 'install'])).stderr).toBe('');
    const merged = await merge(box);
    expect(merged.status).toBe(0);
    const text = merged.stdout + merged.stderr;
    expect(text).toContain('2 secrets changed since your pull: A, C');
    expect(text).toContain('theirs');
    const checked = await checkout(box);
    expect(checked.status).toBe(0);
    expect(checked.stdout + checked.stderr).toContain('2 secrets changed since your pull: A, C');
    await box.ok(['hook', 'remove']);
    expect(box.read('lefthook.yml')).toBe(config);
  }, 120_000);

  it('a config in another language is left alone, with the lines to add', async () => {
    const box = await repository();
    box.write('lefthook.toml', '[pre-commit]\n');
    const stderr = await box.fails(2, ['hook', 'install']);
    expect(stderr).toContain('cannot be changed here; add to it by hand');
    expect(stderr).toContain('hint: post-merge: { commands: { secrets: { run: ');
    expect(readFileSync(box.path('lefthook.toml'), 'utf8')).toBe('[pre-commit]\n');
  });
});

async function install(box: Sandbox, name: string): Promise<void> {
  box.write('package.json', '{ "private": true }');
  // With the settings of whoever runs the tests: where packages come from is theirs to say.
  await execa('npm', ['install', '--save-dev', '--no-audit', '--no-fund', name], { cwd: box.project });
}

/** Takes connections, and never says a word. */
async function silentServer(): Promise<Server> {
  const server = createServer(() => {});
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return server;
}

/** Of the form of a token, and of no server. */
function someToken(): string {
  const bits = randomBytes(32);
  const sum = createHash('sha256').update(bits).digest().subarray(0, 3);
  return `sct_${bits.toString('base64url')}${sum.toString('base64url')}`;
}
