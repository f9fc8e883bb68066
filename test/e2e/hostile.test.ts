import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { lacking, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

/** A repository, a folder above it or a vault file that somebody else has prepared. */
const notRoot = lacking(process.getuid?.() === 0 ? undefined : 'run as root: another owner is needed');
const nobody = 65_534;

async function inRepository(): Promise<Sandbox> {
  const box = sandbox();
  await box.shell('git init -q .');
  await box.init();
  await box.set('A', 'canary-of-hostile', 'project/.env');
  return box;
}

it('what a repository tells git to run is not run, and git gets no key of ours', async () => {
  const box = await inRepository();
  const key = readFileSync(`${box.vault}.key`, 'utf8').trim();
  const hook = box.write('hook.sh', `#!/bin/sh\nenv > '${box.path('leak')}'\n`, 0o755);
  await box.shell(`git config core.fsmonitor '${hook}'; rm -f .env .gitignore`);
  await box.ok(['pull'], { env: { SECRETS_MASTER_KEY: key } });
  expect(existsSync(box.path('leak'))).toBe(false);
});

it('a .gitignore that is a link is not followed, and nothing is written', async () => {
  const box = await inRepository();
  const secret = join(box.home, 'private');
  await box.shell(`printf PRIVATE > '${secret}'; rm -f .gitignore`);
  symlinkSync(secret, box.path('.gitignore'));
  expect(await box.fails(2, ['pull'])).toContain('is not a plain file');
  expect(readFileSync(secret, 'utf8')).toBe('PRIVATE');
  expect(box.exists('.env')).toBe(false);
});

it('without git in a repository, nothing is written', async () => {
  const box = await inRepository();
  await box.shell('rm -f .gitignore');
  expect(await box.fails(1, ['pull'], { env: { PATH: box.bin } })).toContain('git cannot say');
  expect(box.exists('.env')).toBe(false);
});

it.skipIf(notRoot)(titled('a link file of another user is not followed', notRoot), async () => {
  const box = await sandbox().init();
  chownSync(box.path('secrets.config.json'), nobody, nobody);
  expect(await box.fails(2, ['list'])).toContain('belongs to another user');
});

it.skipIf(notRoot)(titled('a compile cache of another user is not used', notRoot), async () => {
  const box = sandbox();
  const cache = join(box.root, 'cache');
  mkdirSync(join(cache, 'team-secrets/compile'), { recursive: true });
  chownSync(join(cache, 'team-secrets/compile'), nobody, nobody);
  await box.ok(['--version'], { env: { XDG_CACHE_HOME: cache } });
  chownSync(join(cache, 'team-secrets/compile'), 0, 0);
  chmodSync(join(cache, 'team-secrets/compile'), 0o777);
  await box.ok(['--version'], { env: { XDG_CACHE_HOME: cache } });
  expect(readdirSync(join(cache, 'team-secrets/compile'))).toEqual([]);
});

it('a trigger in the vault is refused before it runs', async () => {
  const box = await inRepository();
  const db = new DatabaseSync(box.vault);
  db.exec('CREATE TRIGGER t AFTER UPDATE ON secrets BEGIN UPDATE secrets SET version = 1; END');
  db.close();
  expect(await box.errorCode(['set', 'A', '--from-file', box.write('v', 'x')])).toBe('vault_damaged');
});

it.each(['SECRETS_VAULT', 'secrets_token', 'MAKEFLAGS', 'PYTHONUSERBASE', 'CARGO_HOME'])(
  '%s cannot be a secret',
  async (name) => {
    const box = await sandbox().init();
    expect(await box.errorCode(['set', name, '--from-file', box.write('v', 'x')])).toBe('invalid');
  },
);

it('names that steer this program are not let through by a link file either', async () => {
  const box = await sandbox().init();
  box.write('secrets.config.json', '{ "project": "web", "allow": ["SECRETS_VAULT"] }');
  expect(await box.errorCode(['set', 'SECRETS_VAULT', '--from-file', box.write('v', 'x')])).toBe('invalid');
});

it('a link file that is a pipe or endless does not hang or crash', async () => {
  const box = sandbox();
  await box.shell('mkfifo secrets.config.json');
  expect(await box.fails(2, ['list'])).toContain('is not a plain file');
  await box.shell('rm secrets.config.json; ln -s /dev/zero secrets.config.json');
  expect(await box.fails(2, ['list'])).toContain('is not a plain file');
});

it('what others named does not move the cursor', async () => {
  const box = sandbox();
  await box.shell(`git config --global user.email "$(printf 'a\\033[31m@b\\nforged')"`);
  await box.init();
  await box.set('A', 'canary-of-cursor');
  const shown = await box.ok(['list']);
  expect(shown.includes('\u001b')).toBe(false);
  expect(shown.trim().split('\n')).toHaveLength(1);
});
