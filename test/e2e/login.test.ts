import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desktop } from './harness/desktop.ts';
import { missingForKeyring } from './harness/keyring.ts';
import { lacking, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { type TeamServer, teamServer } from './harness/server.ts';

const missing = lacking(await missingForKeyring());

const admin = ['--code', '-', '--name', 'olga@example.com'];

async function login(box: Sandbox, server: TeamServer, ...more: string[]): Promise<void> {
  await box.ok(['login', server.url, ...admin, ...more], { input: server.code });
}

/** A user who is logged in, with the token in the plain file, and the project `web`. */
async function loggedIn(): Promise<{ box: Sandbox; server: TeamServer }> {
  const [box, server] = [sandbox(), await teamServer()];
  await login(box, server);
  await box.ok(['init', '--project', 'web']);
  return { box, server };
}

function tokenOf(box: Sandbox, server: TeamServer): string {
  const file = join(box.home, '.config/team-secrets/tokens.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)[server.url]!;
}

/** The member's own tokens, as the server knows them. */
async function tokens(box: Sandbox): Promise<unknown[]> {
  const told = await box.json<unknown>(['token', 'list']);
  return Array.isArray(told) ? told : (told as { tokens: unknown[] }).tokens;
}

describe('login', () => {
  it('makes that server the place, and a link names it', async () => {
    const { box, server } = await loggedIn();
    expect(JSON.parse(box.read('secrets.config.json'))).toEqual({ project: 'web', server: server.url });
    await box.set('API_KEY', 'canary-on-server');
    expect(await box.ok(['get', 'API_KEY'])).toBe('canary-on-server');
    expect(box.files().filter((file) => file.endsWith('vault.db'))).toEqual([]);
    expect(await box.json(['whoami'])).toMatchObject({
      name: 'olga@example.com',
      role: 'admin',
      server: server.url,
      storage: 'file',
    });
    expect(await box.json(['status'])).toMatchObject({ server: server.url, secrets: 1 });
    expect(await box.json(['doctor'])).toEqual(
      expect.arrayContaining([expect.objectContaining({ part: 'server', state: 'ok' })]),
    );
  });

  it('again replaces the token, and revokes the old one', async () => {
    const { box, server } = await loggedIn();
    const old = tokenOf(box, server);
    const code = (await box.ok(['member', 'invite', 'olga@example.com'])).trim();
    await box.ok(['login', server.url, '--code', '-'], { input: code });
    expect(tokenOf(box, server)).not.toBe(old);
    expect((await tokens(box)).length).toBe(1);
    const env = { SECRETS_URL: server.url, SECRETS_TOKEN: old };
    expect(await box.errorCode(['whoami'], { env })).toBe('not_logged_in');
  });

  it('with a used code, or none of ours, is refused', async () => {
    const { server } = await loggedIn();
    const other = sandbox();
    for (const input of [server.code, '7K2QM-XW9RT-0AB3C-HJ4ND', 'nonsense'])
      expect(await other.errorCode(['login', server.url, ...admin], { input })).toBe('code_refused');
    expect(await other.errorCode(['whoami'])).toBe('no_vault');
  });

  it('takes no code and no token from the command line', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const told = await box.fails(2, ['login', server.url, '--code', box.canary(server.code)]);
    expect(told).toContain('--code takes - alone');
    await login(box, server);
  });

  it('by a token that is cut sends it nowhere', async () => {
    const { box, server } = await loggedIn();
    const token = tokenOf(box, server);
    const before = (await server.requests()).length;
    await box.fails(2, ['login', server.url, '--token', '-'], { input: token.slice(0, -1) });
    expect((await server.requests()).length).toBe(before);
    await box.ok(['login', server.url, '--token', '-'], { input: token });
    expect((await tokens(box)).length).toBe(1);
  });
});

describe('a token', () => {
  it('is never sent to another server that a link file names', async () => {
    const { box } = await loggedIn();
    const other = await teamServer();
    box.write('secrets.config.json', JSON.stringify({ project: 'web', server: other.url }));
    const told = await box.fails(4, ['list']);
    expect(told).toContain(`no token for ${other.url} (named by ${box.path('secrets.config.json')})`);
    expect(told).toContain(`secrets login ${other.url}`);
    expect(await other.requests()).toEqual([]);
  });

  it('of a variable goes to the server of SECRETS_URL alone, and to no child', async () => {
    const { box, server } = await loggedIn();
    const token = tokenOf(box, server);
    const alone = await box.fails(2, ['list'], { env: { SECRETS_TOKEN: token } });
    expect(alone).toContain(`export SECRETS_URL=${server.url}`);
    const ci = sandbox();
    const env = { SECRETS_URL: server.url, SECRETS_TOKEN: token };
    const shown = await ci.ok(['run', '--project', 'web', '--', 'env'], { env });
    expect(shown).not.toContain('SECRETS_TOKEN');
    expect(shown).not.toContain(token);
  });
});

it('run, get and pull make one request', async () => {
  const { box, server } = await loggedIn();
  await box.set('API_KEY', 'canary-once', '.env');
  for (const args of [['run', '--', 'true'], ['get', 'API_KEY'], ['pull']]) {
    const before = (await server.requests()).length;
    await box.ok(args);
    expect((await server.requests()).slice(before)).toEqual([
      'GET /v1/projects/web/environments/development/secrets',
    ]);
  }
});

describe('logout', () => {
  it('revokes the token, and removes it', async () => {
    const { box, server } = await loggedIn();
    const token = tokenOf(box, server);
    expect(await box.json(['logout'])).toEqual({ server: server.url, revoked: true });
    expect(await box.errorCode(['list'])).toBe('not_logged_in');
    const env = { SECRETS_URL: server.url, SECRETS_TOKEN: token };
    expect(await box.errorCode(['whoami'], { env })).toBe('not_logged_in');
    expect(await box.errorCode(['logout'])).toBe('not_logged_in');
  });

  it('without the server removes it all the same, and says so', async () => {
    const { box, server } = await loggedIn();
    await server.kill();
    const { status, stderr } = await box.run(['logout']);
    expect(status).toBe(0);
    expect(stderr).toContain('was not revoked on the server');
    expect(await box.errorCode(['list'])).toBe('not_logged_in');
  });
});

it('whoami of the vault of this machine names it', async () => {
  const box = await sandbox().init();
  expect(await box.json(['whoami'])).toMatchObject({ role: 'admin', vault: box.vault });
});

it('init --local makes a vault here, although there was a login', async () => {
  const [box, server] = [sandbox(), await teamServer()];
  await login(box, server);
  await box.ok(['init', '--project', 'web', '--local']);
  expect(JSON.parse(box.read('secrets.config.json'))).toEqual({ project: 'web' });
  expect(await box.json(['status'])).toMatchObject({ vault: box.vault });
});

it('init by a member does not make a project, and says whom to ask', async () => {
  const { box, server } = await loggedIn();
  const code = (await box.ok(['member', 'invite', 'mira@example.com'])).trim();
  const member = sandbox();
  await member.ok(['login', server.url, '--code', '-'], { input: code });
  const told = await member.fails(4, ['init', '--project', 'api']);
  expect(told).toContain('only admins make projects; ask one to run: secrets project create api');
  expect(member.exists('secrets.config.json')).toBe(false);
  await member.ok(['init', '--project', 'web']);
  expect(await member.json(['status'])).toMatchObject({ server: server.url, project: 'web' });
});

it('init does not go against SECRETS_URL, nor against the link file', async () => {
  const { box, server } = await loggedIn();
  expect(await box.errorCode(['init', '--server', 'https://other.example'])).toBe('conflict');
  expect(await box.errorCode(['init', '--local'])).toBe('conflict');
  const env = { SECRETS_URL: server.url };
  expect(await box.errorCode(['init', '--local'], { env })).toBe('usage');
  await box.ok(['init', '--server', server.url]);
});

describe.skipIf(missing)(titled('the keychain', missing), () => {
  it('keeps the token, and no file does', async () => {
    const [{ box }, server] = [await desktop(), await teamServer()];
    await login(box, server);
    expect(await box.json(['whoami'])).toMatchObject({ storage: 'keychain' });
    expect(box.files().filter((file) => file.endsWith('tokens.json'))).toEqual([]);
    await box.ok(['logout']);
    expect(await box.errorCode(['whoami'])).toBe('no_vault');
  });

  it.each(['absent', 'locked', 'frozen'])(
    '%s: login says so before the code is used; consent goes on',
    async (how) => {
      const { box, keyring } = await desktop({ provider: how !== 'absent' });
      const server = await teamServer();
      if (how === 'locked') await keyring.lock();
      if (how === 'frozen') keyring.freeze();
      const told = await box.fails(5, ['login', server.url, ...admin], { input: server.code });
      expect(told).toContain('--insecure-storage');
      expect(await server.requests()).toEqual([]);
      await login(box, server, '--insecure-storage');
      expect(await box.json(['whoami'])).toMatchObject({ storage: 'file' });
      const token = tokenOf(box, server);
      await box.ok(['login', server.url, '--token', '-', '--insecure-storage'], { input: token });
    },
  );

  it.each(['locked', 'frozen'])('%s after a login: a variable and doctor go on', async (how) => {
    const [{ box, keyring }, server] = [await desktop(), await teamServer()];
    await login(box, server);
    const other = sandbox();
    const code = (await box.ok(['member', 'invite', 'olga@example.com'])).trim();
    await other.ok(['login', server.url, '--code', '-'], { input: code });
    const env = { SECRETS_URL: server.url, SECRETS_TOKEN: tokenOf(other, server) };
    if (how === 'locked') await keyring.lock();
    else keyring.freeze();
    expect(await box.json(['whoami'], { env })).toMatchObject({ storage: 'variable' });
    const doctor = await box.run(['doctor', '--json']);
    expect(doctor.status).toBe(1);
    expect(JSON.parse(doctor.stdout)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ part: 'server', state: 'ok' }),
        expect.objectContaining({ part: 'login', state: 'failed' }),
      ]),
    );
  });
});
