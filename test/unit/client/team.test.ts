import { describe, expect, it } from 'vitest';
import { enrol, HttpTeam, serverTime } from '../../../src/client/team.ts';
import { Secret } from '../../../src/secret.ts';
import { answering, connection, type Reply } from './server.ts';

const scope = { project: 'web', environment: 'development' };

async function teamAnswering(body: unknown, reply: Reply = {}) {
  const server = await answering(() => ({ body: JSON.stringify(body), ...reply }));
  return { server, team: new HttpTeam(connection(server.origin)) };
}

const set = { revision: 7, secrets: { A: { value: 'x', version: 2 } } };

describe('a read', () => {
  it('is one request, with the names in its query', async () => {
    const { server, team } = await teamAnswering(set, { headers: { etag: '"7-abc"' } });
    const found = await team.read(scope, ['A', 'B']);
    expect(found).toMatchObject({ revision: 7, tag: '7-abc' });
    expect(found.secrets.get('A')!.value.reveal()).toBe('x');
    expect(server.asked.map(({ line }) => line)).toEqual([
      'GET /v1/projects/web/environments/development/secrets?names=A%2CB',
    ]);
  });

  it('of more names than an address holds has them in its body', async () => {
    const { server, team } = await teamAnswering(set);
    const names = Array.from({ length: 1000 }, (_, i) => `NAME_${i}`);
    await team.read(scope, names);
    expect(server.asked[0]!.line).toBe('POST /v1/projects/web/environments/development/secrets/read');
    expect(JSON.parse(server.asked[0]!.body)).toEqual({ names });
  });

  it('that would bring nothing new brings nothing', async () => {
    const server = await answering(() => ({ status: 304 }));
    const team = new HttpTeam(connection(server.origin));
    expect(await team.readUnless(scope, '7-abc')).toBeUndefined();
    expect(server.asked[0]!.headers['if-none-match']).toBe('"7-abc"');
  });
});

describe('an answer that no server of ours gives', () => {
  it.each([
    ['no JSON', undefined, { body: '<html>canary-page</html>' }],
    ['half of it', undefined, { body: '{"revision":7,"secrets":{"A":{"value":"canary-half' }],
    ['another shape', { revision: '7', secrets: {} }, {}],
    ['a list', [set], {}],
    ['a value that is a number', { revision: 7, secrets: { A: { value: 1, version: 1 } } }, {}],
    ['a value with NUL', { revision: 7, secrets: { A: { value: 'canary\0', version: 1 } } }, {}],
    ['a name that is none', { revision: 7, secrets: { 'A\nB': { value: 'canary', version: 1 } } }, {}],
    ['a name with =', { revision: 7, secrets: { 'PATH=x': { value: 'canary', version: 1 } } }, {}],
  ])('%s, is refused, and nothing of it is shown', async (_, body, reply) => {
    const { team } = await teamAnswering(body, reply);
    const error = team.read(scope);
    await expect(error).rejects.toMatchObject({ code: 'failed' });
    await expect(error).rejects.toThrow('is not a secrets server');
    await expect(error).rejects.not.toThrow(/canary/);
  });
});

describe('a name', () => {
  it('is one part of the path, whatever it holds', async () => {
    const { server, team } = await teamAnswering({});
    await team.removePrincipal('a+b%2e@example.com');
    expect(server.asked[0]!.line).toBe('DELETE /v1/principals/a%2Bb%252e%40example.com');
  });

  it.each(['', '.', '..'])('%j is no id, and is not sent', async (id) => {
    const { server, team } = await teamAnswering({});
    await expect(team.removeGrant(id)).rejects.toMatchObject({ code: 'not_found' });
    expect(server.asked).toEqual([]);
  });

  const refused: Record<string, (team: HttpTeam, wrong: string) => Promise<unknown>> = {
    'of a secret, for its history': (team, wrong) => team.history(scope, wrong),
    'of a secret, for a version': (team, wrong) => team.readVersion(scope, wrong, 1),
    'of a secret, for its events': (team, wrong) => team.listAudit({ secret: wrong }),
    'of a project, to read': (team, wrong) => team.read({ ...scope, project: wrong }),
    'of a project, to list': (team, wrong) => team.listEnvironments(wrong),
    'of a project, to rename': (team, wrong) => team.renameProject(wrong, 'x'),
    'of a project, to delete': (team, wrong) => team.deleteProject(wrong),
    'of a project, for its events': (team, wrong) => team.listAudit({ project: wrong }),
    'of a project, for an environment': (team, wrong) => team.createEnvironment({ ...scope, project: wrong }),
    'of an environment, to read': (team, wrong) => team.readUnless({ ...scope, environment: wrong }, 'tag'),
    'of an environment, to write': (team, wrong) => team.write({ ...scope, environment: wrong }, []),
    'of an environment, to compare': (team, wrong) =>
      team.compareEnvironments({ ...scope, environment: wrong }, 'x'),
    'of an environment, for its events': (team, wrong) => team.listAudit({ environment: wrong }),
    'of a member, for a role': (team, wrong) => team.setRole(wrong, 'admin'),
    'of a member, to remove': (team, wrong) => team.removePrincipal(wrong),
    'of a member, for a group': (team, wrong) => team.addToGroup('ops', wrong),
    'of a member, for their events': (team, wrong) => team.listAudit({ principal: wrong }),
    'of a group, to add': (team, wrong) => team.addToGroup(wrong, 'mira'),
    'of a group, to remove': (team, wrong) => team.removeFromGroup(wrong, 'mira'),
  };
  it.each(Object.entries(refused))('%s, that cannot be one is not sent', async (_, ask) => {
    const { server, team } = await teamAnswering({});
    for (const wrong of ['sk-live-PASTED!VALUE', 'a b', '', '..', 'a/../b?c#d', 'é', 'a\n'])
      await expect(ask(team, wrong), wrong).rejects.toMatchObject({ code: 'invalid' });
    expect(server.asked).toEqual([]);
  });

  it('of a secret that cannot be one is not shown either', async () => {
    const { team } = await teamAnswering({});
    await expect(team.history(scope, 'sk-live-PASTED!VALUE')).rejects.not.toThrow(/PASTED/);
  });

  it('that cannot be one is asked for without standing in the address', async () => {
    const { server, team } = await teamAnswering({ revision: 7, secrets: {} });
    await team.read(scope, ['A', 'sk-live-PASTED!VALUE']);
    expect(server.asked[0]!.line).toBe('POST /v1/projects/web/environments/development/secrets/read');
  });

  it('that hijacks, or is that of whoever runs the server, can be asked for', async () => {
    const { server, team } = await teamAnswering({ versions: [], events: [] });
    await team.history(scope, 'LD_PRELOAD');
    await team.listAudit({ principal: 'operator', secret: 'SECRETS_URL' });
    expect(server.asked.length).toBe(2);
  });
});

it('a write carries values, intent and the revision that it was made for', async () => {
  const { server, team } = await teamAnswering({ revision: 8, secrets: [{ name: 'A', version: 3 }] });
  const changes = [{ name: 'A', value: new Secret('new'), expect: 2 }];
  await team.write(scope, changes, { intent: 'rotate', revision: 7 });
  expect(server.asked[0]).toMatchObject({
    line: 'PATCH /v1/projects/web/environments/development/secrets',
    headers: { 'if-match': '"7"', 'content-type': 'application/json' },
  });
  expect(JSON.parse(server.asked[0]!.body)).toEqual({
    changes: [{ name: 'A', value: 'new', expect: 2 }],
    intent: 'rotate',
  });
});

describe('an event of the audit trail', () => {
  const event = {
    seq: 7,
    at: '2026-01-31T12:00:00.000Z',
    actor: 'mira',
    action: 'secrets.read',
    ...scope,
    token: 'id-of-token',
    origin: { address: '::1', toldHost: 'laptop', toldProgram: 'secrets run', request: 'id-of-request' },
    secrets: { API_KEY: 2, DB_URL: 1 },
    detail: { revision: 3, nested: { a: [1, null] } },
  };

  it('arrives with where it came from, its token and its secrets', async () => {
    const { team } = await teamAnswering({ events: [event], next: 'cursor-2' });
    expect(await team.listAudit({})).toEqual({ events: [event], next: 'cursor-2' });
  });

  it('may lack what does not concern it', async () => {
    const bare = { seq: 1, at: event.at, actor: 'operator', action: 'vault.create', detail: {} };
    const part = { ...bare, origin: { address: '::1' }, secrets: {} };
    const { team } = await teamAnswering({ events: [bare, part] });
    expect(await team.listAudit({})).toEqual({ events: [bare, part] });
  });

  it.each([
    ['secrets without versions', { secrets: { API_KEY: '2' } }],
    ['a secret that is no name', { secrets: { 'A B': 2 } }],
    ['an origin that is a text', { origin: '::1' }],
    ['a number for a token', { token: 7 }],
    ['no detail', { detail: undefined }],
  ])('with %s is refused', async (_, wrong) => {
    const { team } = await teamAnswering({ events: [{ ...event, ...wrong }] });
    await expect(team.listAudit({})).rejects.toMatchObject({ code: 'failed' });
  });

  it('is asked for by every filter that there is', async () => {
    const { server, team } = await teamAnswering({ events: [] });
    const asked = {
      secret: 'A',
      principal: 'mira+1@example.com',
      ...scope,
      action: 'secrets',
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-02-01T00:00:00.000Z',
      cursor: 'c',
      limit: 7,
    };
    await team.listAudit(asked);
    const [way, query] = server.asked[0]!.line.split('?');
    expect(way).toBe('GET /v1/audit');
    expect(Object.fromEntries(new URLSearchParams(query))).toEqual({ ...asked, limit: '7' });
  });
});

it('a code is exchanged without a token', async () => {
  const answer = { token: 'sct_x', name: 'olga', role: 'admin', expiresAt: '2030-01-01T00:00:00.000Z' };
  const { server } = await teamAnswering(answer, { status: 201 });
  const enrolled = await enrol(connection(server.origin), new Secret('CODE'));
  expect(enrolled.token.reveal()).toBe('sct_x');
  expect(server.asked[0]!.headers.authorization).toBeUndefined();
  expect(JSON.parse(server.asked[0]!.body)).toEqual({ code: 'CODE' });
});

it('the clock of a server is that of its answer', async () => {
  const { server } = await teamAnswering({}, { headers: { date: 'Tue, 01 Jan 2030 00:00:00 GMT' } });
  expect(await serverTime(connection(server.origin))).toEqual(new Date('2030-01-01T00:00:00Z'));
});
