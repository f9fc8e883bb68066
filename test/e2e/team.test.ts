import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type DatabaseKind, databases } from './harness/databases.ts';
import { missingForKeyring } from './harness/keyring.ts';
import { lacking, lackingPrograms, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { type TeamServer, teamServer } from './harness/server.ts';
import { error, shows, User } from './harness/user.ts';

const missingHere = lacking(await missingForKeyring()) ?? lackingPrograms('git');
const olga = 'olga@example.com';
const mira = 'mira@example.com';
const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
const revoked = error('this token was revoked, or never issued', 'log in again: secrets login');
const another = 'SECRETS_TOKEN needs another token: an admin makes one with secrets token create';
const revokedInCi = error('this token was revoked, or never issued', another);

/** The people and machines of the scenes, and the values that may be seen nowhere but where they are asked for. */
class Team {
  readonly server: TeamServer;
  readonly admin: User;
  readonly colleague: User;
  readonly #values: string[] = [];

  private constructor(server: TeamServer, admin: User, colleague: User) {
    this.server = server;
    this.admin = admin;
    this.colleague = colleague;
  }

  static async make({ make }: DatabaseKind): Promise<Team> {
    return new Team(await teamServer({ database: await make() }), await User.make(), await User.make());
  }

  /** Watches for a value, a token or a code in everything that anybody here leaves behind. */
  canary(text: string, ...allowed: string[]): string {
    this.server.canary(text);
    for (const { box } of [this.admin, this.colleague]) box.canary(text, ...allowed);
    this.#values.push(text);
    return text;
  }

  /** A job of CI: a checkout, and no login. */
  async job(token: string): Promise<Sandbox> {
    const box = sandbox({ SECRETS_URL: this.server.url, SECRETS_TOKEN: token });
    await box.shell(`git clone -q ${this.admin.box.project} .`);
    for (const text of this.#values) box.canary(text);
    return box;
  }

  noToken(user: User): string {
    const { url } = this.server;
    const file = user.box.path('secrets.config.json');
    return error(`no token for ${url} (named by ${file})`, `secrets login ${url}`);
  }
}

/** The operator has started the server; the first admin makes the project and fills it. */
async function adminBegins({ server, admin }: Team, canary: Team['canary']): Promise<void> {
  expect(server.told).toMatch(
    /^this vault has no member yet. Its first admin logs in, before \d{4}-.*Z, with$/m,
  );
  expect(server.told).toContain(`  secrets login ${server.url}\n`);
  await admin.box.shell('git init -q -b main');
  await admin.does(['login', server.url, '--code', '-', '--name', olga], {}, { input: canary(server.code) });
  canary(await admin.tokenFor(server.url));
  expect(await admin.tokenFor(server.url)).toMatch(/^sct_[\w-]{47}$/);
  await admin.does(['whoami'], {
    stdout: new RegExp(
      `^name    ${olga}\nrole    admin\ngroups  none\nserver  ${server.url} \\(settings\\)\ntoken   sct_.{4}…, in the keychain\nends    ${time}\n$`,
    ),
  });
  await admin.does(['init', '--project', 'web']);
  expect(JSON.parse(admin.box.read('secrets.config.json'))).toEqual({ project: 'web', server: server.url });
  await admin.does(['set', 'OPENAI_API_KEY'], {}, { input: canary('canary-openai-dev', '.env') });
  const old = `DATABASE_URL=${canary('canary-database', '.env')}\nPINECONE_KEY=${canary('canary-pinecone-dev', '.env')}\n`;
  await admin.does(
    ['import', '-'],
    { stdout: 'new      DATABASE_URL\nnew      PINECONE_KEY\n' },
    { input: old },
  );
  await admin.does(
    ['set', 'PINECONE_KEY', '--env', 'production'],
    {},
    { input: canary('canary-pinecone-1') },
  );
  await admin.does(['set', 'STRIPE_KEY', '--env', 'production'], {}, { input: canary('canary-stripe') });
  await admin.does(
    ['set', 'OPENAI_API_KEY', '--env', 'staging'],
    {},
    { input: canary('canary-openai-stage') },
  );
  await admin.does(['set', 'STRIPE_KEY', '--env', 'staging'], {}, { input: canary('canary-stripe-stage') });
  const commit = 'git -c user.name=x -c user.email=x@example.com commit -q -m link';
  await admin.box.shell(`git add -A && ${commit}`);
  expect((await admin.box.shell('git ls-files')).stdout).toContain('secrets.config.json\n');
}

/** A colleague with a clone of the repository and a code: two commands from nothing to a running program. */
async function colleagueJoins(team: Team, canary: Team['canary']): Promise<void> {
  const { server, admin, colleague } = team;
  const { stdout } = await admin.does(['member', 'invite', mira, '--role', 'member'], {
    stdout: /^[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\n$/,
  });
  const code = canary(stdout.trim());
  await colleague.box.shell(`git clone -q ${admin.box.project} .`);
  await colleague.does(['pull'], { status: 4, stderr: team.noToken(colleague) });
  const unknown = new RegExp(`where you have not logged in before\n.*secrets login ${server.url}\n`);
  await colleague.does(['login', '--code', '-'], { status: 2, stderr: unknown }, { input: code });
  await colleague.does(['login', server.url, '--code', '-'], {}, { input: code });
  canary(await colleague.tokenFor(server.url));
  expect(await colleague.tokenFor(server.url)).not.toBe(await admin.tokenFor(server.url));
  await colleague.does(['pull']);
  expect(colleague.box.read('.env')).toBe(
    '# web/development, written by secrets pull\n' +
      'DATABASE_URL=canary-database\nOPENAI_API_KEY=canary-openai-dev\nPINECONE_KEY=canary-pinecone-dev\n',
  );
  expect((await colleague.box.shell('git status --porcelain --ignored')).stdout).toContain('!! .env\n');
  const print = ['run', '--', 'sh', '-c', 'echo "$OPENAI_API_KEY"; exit 7'];
  await colleague.does(print, { status: 7, stdout: 'canary-openai-dev\n' });
  const refused = {
    status: 4,
    stderr: error('you may not write in web/development', 'ask an admin of the team'),
  };
  await colleague.does(['set', 'OPENAI_API_KEY'], refused, { input: 'other' });
  await colleague.does(['login', server.url, '--code', '-'], codeRefused(), { input: code });
  await colleague.does(['list'], { stdout: /^DATABASE_URL .*\nOPENAI_API_KEY .*\nPINECONE_KEY .*\n$/ });
}

function codeRefused(): { status: number; stderr: RegExp } {
  return { status: 4, stderr: /^secrets: error: .*code.*\n(secrets: hint: .*\n)+$/ };
}

const printBoth = ['run', '--env', 'production', '--', 'sh', '-c', 'echo "$PINECONE_KEY,$STRIPE_KEY."'];

/** Production is as if it were not there, until it is granted, and then in part. */
async function productionIsGranted({ admin, colleague }: Team, canary: Team['canary']): Promise<void> {
  const unseen = (name: string): string =>
    error(`no environment named "${name}" in web`, 'see all names with `secrets env list --project web`');
  for (const env of ['production', 'nowhere']) {
    await colleague.does(['pull', '--env', env], { status: 3, stderr: unseen(env) });
    await colleague.does(['list', '--env', env], { status: 3, stderr: unseen(env) });
    await colleague.does(['get', 'PINECONE_KEY', '--env', env], { status: 3, stderr: unseen(env) });
    await colleague.does(['run', '--env', env, '--', 'true'], { status: 125, stderr: unseen(env) });
  }
  await colleague.does(['env', 'list'], { stdout: /^development +3 +\d+\n$/ });
  await admin.does(['grant', 'add', mira, 'read', 'web/production', 'PINECONE_*']);
  await colleague.does(['env', 'list'], { stdout: /^development +3 +\d+\nproduction +1 +\d+\n$/ });
  await colleague.does(['list', '--env', 'production'], {
    stdout: new RegExp(`^PINECONE_KEY  v1  ${time}  ${olga}\n$`),
  });
  await colleague.does(printBoth, { stdout: 'canary-pinecone-1,.\n' });
  const none = error(
    'no secret named "STRIPE_KEY" in web/production',
    'see all names with `secrets list --project web --env production`',
  );
  await colleague.does(['get', 'STRIPE_KEY', '--env', 'production'], { status: 3, stderr: none });
  const input = canary('canary-pinecone-2');
  await admin.does(['rotate', 'PINECONE_KEY', '--env', 'production'], {}, { input });
  await colleague.does(printBoth, { stdout: 'canary-pinecone-2,.\n' });
}

const staging = [
  'run',
  '--env',
  'staging',
  '--',
  'sh',
  '-c',
  'echo "$OPENAI_API_KEY,$STRIPE_KEY,$SECRETS_TOKEN."',
];

/** CI has a token of its own, for some names of one environment and for a while. */
async function ciRuns(team: Team, canary: Team['canary']): Promise<void> {
  const { admin } = team;
  const create = ['token', 'create', 'ci-web', '--read', 'web/staging', '--names', 'OPENAI_*', '--ttl', '1h'];
  const { stdout } = await admin.does(create, { stdout: /^sct_[\w-]{47}\n$/ });
  const token = canary(stdout.trim());
  const ci = await team.job(token);
  await shows(ci, staging, { stdout: 'canary-openai-stage,,.\n' });
  await shows(ci, ['whoami'], {
    stdout: /^name    ci-web\nrole    service\n(.*\n)*token   sct_.{4}…, from SECRETS_TOKEN\n/,
  });
  for (const env of ['development', 'production'])
    await shows(ci, ['list', '--env', env], {
      status: 3,
      stderr: new RegExp(`no environment named "${env}" in web\n`),
    });
  await shows(ci, ['get', 'STRIPE_KEY', '--env', 'staging'], {
    status: 3,
    stderr: /no secret named "STRIPE_KEY"/,
  });
  await shows(ci, ['token', 'create', 'more', '--ttl', '1h'], {
    status: 4,
    stderr: /you may not make tokens/,
  });
  await tokenExpires(team, canary);
  const tokens = await admin.box.json<{ id: string; principal: string; lastUsedAt?: string }[]>([
    'token',
    'list',
  ]);
  const mine = tokens.find(({ principal }) => principal === 'ci-web')!;
  expect(mine.lastUsedAt).toMatch(/^\d{4}-/);
  await admin.does(['token', 'revoke', mine.id]);
  await shows(ci, ['list', '--env', 'staging'], { status: 4, stderr: revokedInCi });
  await shows(ci, staging, { status: 125, stderr: revokedInCi });
}

async function tokenExpires(team: Team, canary: Team['canary']): Promise<void> {
  const { admin, server } = team;
  const create = ['token', 'create', 'ci-web', '--ttl', '1m', '--json'];
  const { id, token } = await admin.box.json<{ id: string; token: string }>(create);
  await server.sql(`UPDATE tokens SET expires_at = '2026-01-31T00:00:00.000Z' WHERE id = '${id}'`);
  const stderr = error('this token ended on 2026-01-31T00:00:00.000Z', another);
  await shows(await team.job(canary(token)), ['list', '--env', 'staging'], { status: 4, stderr });
}

interface Event {
  readonly actor: string;
  readonly action: string;
  readonly token?: string;
  readonly origin: Record<string, string>;
}

/** Who read what, through which token, from where. */
async function trailTells({ admin, colleague }: Team): Promise<void> {
  const events = await admin.box.json<Event[]>(['audit', '--secret', 'PINECONE_KEY', '--env', 'production']);
  expect(events.map(({ actor, action }) => [actor, action])).toEqual([
    [mira, 'secrets.read'],
    [olga, 'secrets.rotate'],
    [mira, 'secrets.read'],
    [mira, 'denied'],
    [olga, 'secrets.set'],
  ]);
  const [token] = await colleague.box.json<{ id: string }[]>(['token', 'list']);
  expect(events[0]).toMatchObject({
    token: token!.id,
    project: 'web',
    environment: 'production',
    secrets: { PINECONE_KEY: 2 },
    origin: { address: '127.0.0.1', toldHost: hostname(), toldProgram: 'sh' },
  });
  const one = ['audit', '--secret', 'PINECONE_KEY', '--since', '7d', '--limit', '1'];
  await admin.does(one, {
    stdout: new RegExp(
      `^${time}  ${mira}  secrets.read  web/production  127.0.0.1, token ${token!.id}; told: ${hostname()}, sh  PINECONE_KEY v2; .*\n$`,
    ),
  });
  const denied = await admin.box.json<Event[]>(['audit', '--action', 'denied', '--who', mira]);
  expect(denied.map(({ origin }) => origin.toldProgram)).toEqual([
    'secrets get',
    'true',
    'secrets get',
    'secrets list',
    'secrets pull',
    'secrets set',
  ]);
  await colleague.does(['audit'], {
    status: 4,
    stderr: error('you may not read the audit trail', 'ask an admin of the team'),
  });
  await admin.does(['audit', 'verify'], { stdout: /^whole, \d+ events\n$/ });
}

async function groupIsGranted({ admin, colleague }: Team): Promise<void> {
  const stripe = ['get', 'STRIPE_KEY', '--env', 'production'];
  await admin.does(['grant', 'add', 'group:ops', 'read', 'web/production'], {
    stderr: /^secrets: warning: nobody is in the group "ops" yet\nsecrets: hint: .*\nsecrets: hint: .*\n$/,
  });
  await colleague.does(stripe, { status: 3, stderr: /no secret named "STRIPE_KEY" in web\/production/ });
  await admin.does(['group', 'add', 'ops', mira]);
  await colleague.does(stripe, { stdout: 'canary-stripe' });
  await colleague.does(printBoth, { stdout: 'canary-pinecone-2,canary-stripe.\n' });
  await admin.does(['group', 'remove', 'ops', mira]);
  await colleague.does(stripe, { status: 3, stderr: /no secret named "STRIPE_KEY" in web\/production/ });
}

async function colleagueLeaves(team: Team): Promise<void> {
  const { server, admin, colleague } = team;
  const http = server.http(await colleague.tokenFor(server.url));
  expect((await http.ask('GET', '/v1/whoami')).status).toBe(200);
  await admin.does(['member', 'remove', mira, '--yes']);
  expect((await http.ask('GET', '/v1/whoami')).status).toBe(401);
  for (const args of [['list'], ['pull'], ['whoami'], ['get', 'OPENAI_API_KEY']])
    await colleague.does(args, { status: 4, stderr: revoked });
  await colleague.does(['run', '--', 'true'], { status: 125, stderr: revoked });
  await colleague.does(['logout']);
  await colleague.does(['list'], { status: 4, stderr: team.noToken(colleague) });
  expect(await admin.box.json(['member', 'list'])).toMatchObject([{ name: olga }, { name: 'ci-web' }]);
}

async function adminLogsOut(team: Team): Promise<void> {
  const { server, admin } = team;
  const http = server.http(await admin.tokenFor(server.url));
  await admin.does(['logout']);
  expect(await admin.tokenFor(server.url)).toBe('');
  expect((await http.ask('GET', '/v1/whoami')).status).toBe(401);
  await admin.does(['list'], { status: 4, stderr: team.noToken(admin) });
  const again = error(`you are not logged in to ${server.url} on this machine`);
  await admin.does(['logout'], { status: 4, stderr: again });
}

describe.each(databases)('a team on $kind', (database) => {
  const missing = missingHere ?? database.missing;
  it.skipIf(missing)(
    titled('joins, works, is governed and leaves, and the database tells nothing', missing),
    async () => {
      const team = await Team.make(database);
      const canary = team.canary.bind(team);
      await adminBegins(team, canary);
      await colleagueJoins(team, canary);
      await productionIsGranted(team, canary);
      await trailTells(team);
      await ciRuns(team, canary);
      await groupIsGranted(team);
      await colleagueLeaves(team);
      await team.admin.does(['audit', 'verify'], { stdout: /^whole, \d+ events\n$/ });
      await adminLogsOut(team);
      team.server.searchDatabase('PINECONE_KEY');
    },
    180_000,
  );
});
