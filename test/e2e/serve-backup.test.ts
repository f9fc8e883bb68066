import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { type DatabaseKind, databases } from './harness/databases.ts';
import { titled } from './harness/needs.ts';
import { digest, type Sandbox, sandbox } from './harness/sandbox.ts';
import { newKeyFile, type TeamServer, teamServer } from './harness/server.ts';

const development = '/v1/projects/web/environments/development/secrets';

/** A server with an admin, a secret of two versions, a member and a grant. */
async function filled(box: Sandbox, kind: DatabaseKind): Promise<{ server: TeamServer; token: string }> {
  const server = await teamServer({ database: (await kind.make()) ?? box.path('..', 'source.db') });
  const admin = await server.admin();
  await admin.ask('POST', '/v1/projects', { name: 'web' });
  for (const value of ['canary-first', 'canary-second']) {
    box.canary(value);
    await admin.ask('PATCH', development, { changes: [{ name: 'API_KEY', value }] });
  }
  await admin.ask('POST', '/v1/invitations', { name: 'mira', groups: ['ops'] });
  const reach = { project: 'web', environment: 'production', names: 'DB_*', permission: 'read' };
  expect((await admin.ask('POST', '/v1/grants', { ...reach, to: { group: 'ops' } })).status).toBe(201);
  return { server, token: admin.token! };
}

/** All that a server tells an admin of its vault, but what changes by itself. */
async function told(server: TeamServer, token: string): Promise<unknown[]> {
  const http = server.http(token);
  const paths = [
    '/v1/principals',
    '/v1/groups',
    '/v1/grants',
    '/v1/projects',
    `${development}/API_KEY/versions`,
  ];
  const answers = [];
  for (const path of [...paths, `${development}/API_KEY/versions/1`, development]) {
    const { status, body } = await http.ask('GET', path);
    expect(status, path).toBe(200);
    answers.push(body);
  }
  return answers;
}

/** An empty place of the kind, as --database takes it. */
async function emptyPlace(box: Sandbox, kind: DatabaseKind): Promise<string> {
  return (await kind.make()) ?? box.path('..', 'target.db');
}

const onKey = (server: TeamServer) => ({ env: { SECRETS_MASTER_KEY: server.env.SECRETS_MASTER_KEY } });
const keyOf = (server: TeamServer) => ({ SECRETS_MASTER_KEY: server.env.SECRETS_MASTER_KEY! });

const pairs = databases.flatMap((from) => databases.map((to) => [from, to] as const));

describe.each(pairs.map(([from, to]) => ({ from, to, missing: from.missing ?? to.missing })))(
  'from $from.kind to $to.kind',
  ({ from, to, missing }) => {
    it.skipIf(missing)(
      titled('a backup of a server that runs is restored, goes on, and takes another key', missing),
      async () => {
        const box = sandbox();
        const { server, token } = await filled(box, from);
        const before = await told(server, token);
        const file = box.path('backup.db');
        await box.ok(['serve', 'backup', file], { env: server.env });
        expect(box.mode(file)).toBe('600');
        const database = await emptyPlace(box, to);
        await box.ok(['serve', 'restore', file, '--database', database], onKey(server));

        const restored = await teamServer({ database, env: keyOf(server) });
        expect(restored.told).not.toContain('no member yet');
        expect(await told(restored, token)).toEqual(before);
        const admin = restored.http(token);
        const verdict = await admin.ask('GET', '/v1/audit/verify');
        expect(verdict.body).toMatchObject({ whole: true });
        const change = { changes: [{ name: 'API_KEY', value: box.canary('canary-third') }] };
        expect((await admin.ask('PATCH', development, change)).body).toMatchObject({
          secrets: [{ name: 'API_KEY', version: 3 }],
        });

        const next = newKeyFile(restored.folder, 'next.key');
        await restored.restart(['env:SECRETS_MASTER_KEY', next]);
        await box.ok(['serve', 'rekey', '--new-master-key', next], { env: restored.env });
        expect((await admin.ask('GET', development)).body).toMatchObject({
          secrets: { API_KEY: { value: 'canary-third' } },
        });
        await restored.stop();
        expect(await box.errorCode(['serve', 'invite', 'x'], { env: restored.env })).toBe('key_wrong');
        await restored.start([next]);
        expect((await told(restored, token))[0]).toEqual(before[0]);
        expect((await admin.ask('GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
        // The server that was backed up has gone on meanwhile, with its own key.
        expect(await told(server, token)).toEqual(before);
      },
    );
  },
);

describe.each(databases)('on $kind', (kind) => {
  it.skipIf(kind.missing)(
    titled('a restore over something is refused, and leaves it alone', kind.missing),
    async () => {
      const box = sandbox();
      const { server } = await filled(box, kind);
      const file = box.path('backup.db');
      await box.ok(['serve', 'backup', file], { env: server.env });
      await server.stop();
      const before = contentOf(server.database);
      await box.fails(6, ['serve', 'restore', file], { env: server.env });
      expect(contentOf(server.database)).toBe(before);
    },
  );

  it.skipIf(kind.missing)(
    titled('a vault of schema 1 is restored, and stays as it is itself', kind.missing),
    async () => {
      const box = sandbox();
      const file = box.path('old.db');
      const born = new DatabaseSync(file);
      born.exec(readFileSync('test/fixtures/vault-1.sql', 'utf8'));
      born.close();
      const before = digest(file);
      const env = { SECRETS_MASTER_KEY: 'smk_SqYNRLU46pb1TDjGfwV_TnzjGsCtvoBpAYvauO2WhoQpSFR' };
      const database = await emptyPlace(box, kind);
      await box.ok(['serve', 'restore', file, '--database', database], { env });
      expect(digest(file)).toBe(before);
      const server = await teamServer({ database, env });
      const code = await box.ok(['serve', 'invite', 'owner@example.com'], { env: server.env });
      const owner = server.http(await server.enrol(code.trim()));
      expect((await owner.ask('GET', development)).body).toMatchObject({
        secrets: { FIRST: { value: 'two', version: 2 } },
      });
      expect((await owner.ask('GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
    },
  );
});

describe('a backup', () => {
  it('replaces no file', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const file = box.write('notes.txt', 'mine');
    await box.fails(6, ['serve', 'backup', file], { env: server.env });
    expect(box.read('notes.txt')).toBe('mine');
  });

  it('is of a vault that is there', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const env = { ...server.env, SECRETS_DATABASE: box.path('none.db') };
    await box.fails(3, ['serve', 'backup', box.path('backup.db')], { env });
    expect(existsSync(box.path('backup.db'))).toBe(false);
    expect(existsSync(box.path('none.db'))).toBe(false);
  });

  it('is made without the master key, and restored with it alone', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const [file, target] = [box.path('backup.db'), box.path('new.db')];
    await box.ok(['serve', 'backup', file], { env: { SECRETS_DATABASE: server.database } });
    const restore = ['serve', 'restore', file, '--database', target];
    const key = (await box.ok(['key', 'generate'])).trim();
    await box.fails(4, restore);
    await box.fails(4, restore, { env: { SECRETS_MASTER_KEY: key } });
    expect(existsSync(target)).toBe(false);
    await box.ok(restore, onKey(server));
  });
});

describe('a restore', () => {
  it('of nothing, of no vault, or of one that is in use makes nothing', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    await server.admin();
    const restore = (status: number, file: string): Promise<string> =>
      box.fails(status, ['serve', 'restore', file, '--database', box.path('new.db')], onKey(server));
    expect(await restore(3, box.path('none.db'))).toContain('there is no backup at');
    expect(await restore(1, box.write('text.db', 'hello'))).toContain('is not a vault');
    expect(await restore(6, server.database)).toContain('make a backup of it: secrets serve backup FILE');
    expect(existsSync(box.path('new.db'))).toBe(false);
  });
});

describe('rekey', () => {
  it('that cannot be done changes nothing', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    await server.stop();
    const before = digest(server.database);
    const rekey = (status: number, args: readonly string[], env = server.env): Promise<string> =>
      box.fails(status, ['serve', 'rekey', ...args], { env });
    expect(await rekey(2, [])).toContain('--new-master-key PLACE');
    await rekey(4, ['--new-master-key', 'env:NONE']);
    await rekey(2, ['--new-master-key', `file:${box.write('empty.key', '', 0o600)}`]);
    const next = newKeyFile(server.folder, 'next.key');
    const other = { ...server.env, SECRETS_MASTER_KEY: readFileSync(next.slice('file:'.length), 'utf8') };
    await rekey(4, ['--new-master-key', next], other);
    expect(digest(server.database)).toBe(before);
    await server.start();
    expect((await server.http().ask('GET', '/v1/ready')).status).toBe(200);
  });
});

/** What a database holds, to compare. */
function contentOf(database: string): string {
  if (!database.includes('://')) return digest(database);
  const dump = execFileSync('pg_dump', [database], { encoding: 'utf8' });
  // Newer ones put a word of their own around it, another one each time.
  return dump.replace(/^\\(un)?restrict .*$/gm, '');
}
