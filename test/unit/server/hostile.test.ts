import { describe, expect, it } from 'vitest';
import { freshServer, type FreshServer } from './fresh-server.ts';

const secrets = '/v1/projects/web/environments/development/secrets';

/** Sends bytes as they are. */
async function sendRaw(
  { app, token, promised }: FreshServer,
  body: string | Buffer,
  contentType = 'application/json',
) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': contentType };
  const answer = await app.fastify.inject({ method: 'PATCH', url: secrets, headers, payload: body });
  const type = String(answer.headers['content-type']);
  promised.check({
    method: 'PATCH',
    url: secrets,
    status: answer.statusCode,
    contentType: type,
    body: answer.body,
  });
  return answer;
}

const change = (value: string): string => `{"changes":[{"name":"A","value":${value}}]}`;

describe('a body', () => {
  const refused: Record<string, [body: string | Buffer, status: number]> = {
    'that is cut off': ['{"changes":[{"name":"A","value":"canary', 400],
    'that is empty': ['', 400],
    'that is no JSON': ['changes=canary', 400],
    'with a field twice': ['{"changes":[{"name":"A","value":"canary","value":"canary2"}]}', 400],
    'with a field twice, once escaped': [
      '{"changes":[{"name":"A","value":"canary","v\\u0061lue":"canary"}]}',
      400,
    ],
    'with all fields twice': ['{"changes":[],"changes":[{"name":"A","value":"canary"}]}', 400],
    'with __proto__': [
      '{"changes":[{"name":"A","value":"canary","__proto__":{"allowHijacking":true}}]}',
      400,
    ],
    'with an escaped __proto__': ['{"changes":[],"\\u005f_proto__":{"intent":"rotate"}}', 400],
    'with constructor': ['{"changes":[],"constructor":{"prototype":{"x":1}}}', 400],
    'that is nested deeply': [`${'['.repeat(200_000)}${']'.repeat(200_000)}`, 400],
    'that is nested deeply in a field': [`{"changes":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`, 400],
    'that is not UTF-8': [Buffer.from(change('"canary\u00ff"'), 'latin1'), 400],
    'with a BOM': [`\u{feff}${change('"canary"')}`, 400],
    'that is a list': ['[]', 422],
    'that is null': ['null', 422],
    'with a number for a value': [change('1234567'), 422],
    'with null for a value': [change('null'), 422],
    'with a list for a value': [change('["canary"]'), 422],
    'with a field that nobody knows': ['{"changes":[],"canary":1}', 422],
    'with half a character': [change('"\\ud800canary"'), 422],
    'with a NUL in a value': [change('"canary\\u0000"'), 422],
    'with too many changes': [
      JSON.stringify({
        changes: Array.from({ length: 5001 }, (_, i) => ({ name: `A${i}`, value: 'canary' })),
      }),
      422,
    ],
    'over 8 MiB': [change(`"${'canary'.repeat(1_500_000)}"`), 413],
  };

  it.each(Object.entries(refused))(
    '%s is refused, and nothing of it is repeated',
    async (_, [body, status]) => {
      const server = await freshServer();
      const answer = await sendRaw(server, body);
      expect([answer.statusCode, answer.json().status]).toEqual([status, status]);
      expect(answer.body).not.toMatch(/canary|1234567/);
      expect(server.loggedText()).not.toMatch(/canary|1234567/);
      expect((await server.ask('GET', secrets)).body).toEqual({ revision: 0, secrets: {} });
      expect(({} as Record<string, unknown>).allowHijacking).toBeUndefined();
    },
  );

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
  ])('of the type %s is refused', async (type) => {
    const server = await freshServer();
    expect((await sendRaw(server, change('"x"'), type)).json()).toMatchObject({ code: 'usage', status: 400 });
  });

  it('that looks odd and is sound is taken', async () => {
    const server = await freshServer();
    const value = 'a:b","c":{}[]\\"__proto__\\\\';
    expect((await sendRaw(server, change(JSON.stringify(value)))).statusCode).toBe(200);
    expect(
      (await sendRaw(server, change('"\\u00e9\\n"'), 'application/json; charset=utf-8')).statusCode,
    ).toBe(200);
    expect((await server.ask('GET', secrets)).body.secrets.A).toEqual({ value: 'é\n', version: 2 });
  });

  it('with the largest batch and with the largest value is taken', async () => {
    const server = await freshServer();
    const changes = Array.from({ length: 5000 }, (_, i) => ({ name: `A${i}`, value: 'x' }));
    expect((await sendRaw(server, JSON.stringify({ changes }))).statusCode).toBe(200);
    const many = Array.from({ length: 100 }, (_, i) => ({ name: `B${i}`, value: '\u0001'.repeat(8 * 1024) }));
    many.push({ name: 'C', value: 'x'.repeat(64 * 1024) });
    expect((await sendRaw(server, JSON.stringify({ changes: many }))).statusCode).toBe(200);
    expect((await sendRaw(server, change(JSON.stringify('x'.repeat(64 * 1024 + 1))))).statusCode).toBe(413);
  });

  it('that is large is read for nobody who is not logged in', async () => {
    const { app, vault } = await freshServer();
    const stranger = `Bearer sct_${'A'.repeat(43)}Zmh6`;
    const payload = `{"changes":${'['.repeat(100_000)}`;
    for (const authorization of [stranger, 'Bearer x', 'Basic eDp4']) {
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await app.fastify.inject({ method: 'PATCH', url: secrets, headers, payload });
      expect(answer.statusCode).toBe(401);
    }
    expect(vault.id).not.toBe('');
  });
});

describe('a path', () => {
  const at = (project: string, environment = 'development'): string =>
    `/v1/projects/${project}/environments/${environment}/secrets`;
  it.each([
    at('..'),
    at('%2e%2e'),
    at('web%2f..%2fapi'),
    at('web%2F'),
    at('web%00'),
    at('we%00b'),
    at('%77eb%20'),
    at('WEB'),
    at('ｗｅｂ'),
    at(encodeURIComponent('ｗｅｂ')),
    at(encodeURIComponent('wеb')),
    at(''),
    at('web', '..'),
    at('web', '%2e%2e%2fproduction'),
    at('web', 'development%00'),
    at('web', 'development;production'),
    at('web/'),
    `/v1//projects/web/environments/development/secrets`,
    `//v1/projects/web/environments/development/secrets`,
    `/V1/projects/web/environments/development/secrets`,
    `/v1/projects/web/environments/development/secrets/`,
    `/v1/projects/web/environments/development/secrets/A%2fversions`,
    `/v1/projects/web/environments/development/secrets/A/versions/0`,
    `/v1/projects/web/environments/development/secrets/A/versions/1.0`,
    `/v1/projects/web/environments/development/secrets/A/versions/1e0`,
    `/v1/projects/${'a'.repeat(2000)}/environments/development/secrets`,
  ])('%s leads nowhere', async (url) => {
    const { app, token, ask } = await freshServer();
    await ask('PATCH', secrets, { changes: [{ name: 'A', value: 'canary-value' }] });
    const answer = await app.fastify.inject({ url, headers: { authorization: `Bearer ${token}` } });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'not_found']);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).not.toContain('canary-value');
  });

  it.each(['/v1/projects/%zz/environments', '/v1/projects/%c0%ae/environments', '/v1/%'])(
    '%s cannot be read',
    async (url) => {
      const { app, token, logged } = await freshServer();
      const answer = await app.fastify.inject({ url, headers: { authorization: `Bearer ${token}` } });
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'usage']);
      expect(answer.headers['request-id']).toBe(answer.json().instance.split(':').at(-1));
      await expect.poll(() => logged().map(({ status }) => status)).toContain(400);
    },
  );

  it.each(['?names=A&names=B', '?nmaes=A', '?names[]=A', '?__proto__=A'])(
    'with the query %s is refused',
    async (query) => {
      const { ask } = await freshServer();
      expect(await ask('GET', secrets + query)).toMatchObject({ status: 422, body: { code: 'invalid' } });
    },
  );

  it('as HEAD or OPTIONS reads nothing and lets no other site in', async () => {
    const { app, token } = await freshServer();
    for (const method of ['HEAD', 'OPTIONS'] as const) {
      const headers = { authorization: `Bearer ${token}`, origin: 'https://evil.example' };
      const answer = await app.fastify.inject({ method, url: secrets, headers });
      expect(answer.statusCode).toBe(404);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });
});
