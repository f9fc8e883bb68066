import { describe, expect, it } from 'vitest';
import { admin, freshServer } from './fresh-server.ts';

const development = '/v1/projects/web/environments/development';
const secrets = `${development}/secrets`;

describe('the routes', () => {
  it('answer each as the OpenAPI document promises, and all of it is tried', async () => {
    const { ask, promised, vault, app } = await freshServer();
    const send = async (status: number, ...request: Parameters<typeof ask>) => {
      const answer = await ask(...request);
      expect(
        `${request.slice(0, 2).join(' ')} ${answer.status} ${answer.status < 400 ? '' : answer.text}`,
      ).toBe(`${request.slice(0, 2).join(' ')} ${status} `);
      return answer;
    };
    await send(200, 'GET', '/v1/health');
    await send(200, 'GET', '/v1/ready');
    await send(200, 'GET', '/v1/metrics');
    expect((await send(200, 'GET', '/v1/whoami')).body).toMatchObject({ name: admin, role: 'admin' });

    await send(201, 'POST', '/v1/projects', { name: 'api' });
    await send(200, 'GET', '/v1/projects');
    await send(204, 'PATCH', '/v1/projects/api', { name: 'back' });
    await send(204, 'POST', '/v1/projects/back/environments', { name: 'preview' });
    await send(200, 'GET', '/v1/projects/back/environments');
    await send(204, 'PATCH', '/v1/projects/back/environments/preview', { name: 'review' });
    await send(204, 'DELETE', '/v1/projects/back/environments/review');
    await send(204, 'DELETE', '/v1/projects/back');

    const changes = [
      { name: 'A', value: 'canary-1' },
      { name: 'B', value: '' },
    ];
    const written = await send(200, 'PATCH', secrets, { changes });
    expect(written.body).toEqual({
      revision: 1,
      secrets: [
        { name: 'A', version: 1 },
        { name: 'B', version: 1 },
      ],
    });
    const read = await send(200, 'GET', secrets);
    const both = { A: { value: 'canary-1', version: 1 }, B: { value: '', version: 1 } };
    expect(read.body).toEqual({ revision: 1, secrets: both });
    const etag = String(read.headers.etag);
    expect((await send(304, 'GET', secrets, undefined, { 'if-none-match': etag })).headers.etag).toBe(etag);
    expect((await send(200, 'GET', `${secrets}?names=B,C`)).body.secrets).toEqual({ B: both.B });
    expect((await send(200, 'GET', `${secrets}?names=`)).body.secrets).toEqual({});
    expect((await send(200, 'POST', `${secrets}/read`, { names: ['A'] })).body.secrets).toEqual({
      A: both.A,
    });
    await send(200, 'PATCH', secrets, { changes: [{ name: 'A', value: 'canary-2' }] }, { 'if-match': etag });
    await send(200, 'GET', secrets, undefined, { 'if-none-match': etag });
    await send(200, 'GET', `${development}/names`);
    const versions = await send(200, 'GET', `${secrets}/A/versions`);
    expect(versions.body.versions).toMatchObject([{ version: 2 }, { version: 1 }]);
    expect((await send(200, 'GET', `${secrets}/A/versions/1`)).body).toEqual({ value: 'canary-1' });
    expect(
      (await send(200, 'POST', `${development}/compare`, { to: 'staging' })).body.differences,
    ).toHaveLength(2);
    await send(200, 'POST', `${development}/copy`, { to: 'staging', overwrite: true });
    await send(204, 'POST', `${secrets}/delete`, { names: ['B'] });

    const invited = await send(201, 'POST', '/v1/invitations', { name: 'mira@example.com', groups: ['ops'] });
    const enrolled = await send(201, 'POST', '/v1/enrolments', { code: invited.body.code });
    expect(enrolled.body).toMatchObject({ name: 'mira@example.com', token: expect.stringMatching(/^sct_/) });
    await send(200, 'GET', '/v1/principals');
    await send(204, 'PATCH', '/v1/principals/mira@example.com', { role: 'admin' });
    await send(204, 'PUT', '/v1/groups/leads/principals/mira%40example.com');
    expect((await send(200, 'GET', '/v1/groups')).body.groups).toHaveLength(2);
    await send(204, 'DELETE', '/v1/groups/leads/principals/mira@example.com');

    const reach = { project: 'web', environment: 'production', names: 'STRIPE_*' };
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const to = { principal: 'mira@example.com' };
    const grant = await send(201, 'POST', '/v1/grants', { to, permission: 'read', ...reach, expiresAt });
    await send(200, 'GET', '/v1/grants');
    await send(204, 'DELETE', `/v1/grants/${grant.body.id}`);
    const account = {
      account: 'ci-web',
      grants: [{ permission: 'read', ...reach }],
      ttl: 3600,
      ranges: ['10.0.0.0/8'],
    };
    const created = await send(201, 'POST', '/v1/tokens', account);
    await send(200, 'GET', '/v1/tokens');
    await send(204, 'DELETE', `/v1/tokens/${created.body.id}`);
    await send(204, 'DELETE', '/v1/principals/mira@example.com');

    expect((await send(200, 'GET', '/v1/audit?limit=5&secret=A')).body.events).not.toEqual([]);
    const page = await send(200, 'GET', '/v1/audit?limit=1');
    await send(200, 'GET', `/v1/audit?limit=1&cursor=${page.body.next}`);
    expect((await send(200, 'GET', '/v1/audit/verify')).body).toMatchObject({ whole: true });
    expect(promised.successes.filter((success) => !promised.seen.has(success))).toEqual([]);
    expect(vault.id).not.toBe('');
    expect((await app.fastify.inject('/v1/openapi.json')).json()).toEqual(app.fastify.swagger());
  });

  it('without a token are closed, but for those that say so', async () => {
    const { app, promised } = await freshServer();
    const open = new Set(['/v1/health', '/v1/ready', '/v1/metrics', '/v1/enrolments']);
    const document = app.fastify.swagger() as { paths: Record<string, Record<string, unknown>> };
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const method of Object.keys(operations)) {
        const url = path.replaceAll(/\{\w+\}/g, 'x');
        const answer = await app.fastify.inject({ method: method.toUpperCase() as 'GET', url });
        expect(`${method} ${path} ${answer.statusCode === 401}`).toBe(`${method} ${path} ${!open.has(path)}`);
        const contentType = String(answer.headers['content-type']);
        promised.check({
          method: method.toUpperCase(),
          url,
          status: answer.statusCode,
          contentType,
          body: answer.body,
        });
      }
    }
  });

  it('tell a stale writer who changed what', async () => {
    const { ask } = await freshServer();
    await ask('PATCH', secrets, { changes: [{ name: 'A', value: 'one' }] });
    await ask('PATCH', secrets, { changes: [{ name: 'A', value: 'two' }] });
    const late = { changes: [{ name: 'A', value: 'three' }] };
    const answer = await ask('PATCH', secrets, late, { 'if-match': '"1"' });
    expect(answer).toMatchObject({ status: 412, body: { code: 'stale', status: 412 } });
    expect(answer.text).toContain(admin);
    for (const odd of ['*', 'W/"1"', '1', '"x"'])
      expect(await ask('PATCH', secrets, late, { 'if-match': odd })).toMatchObject({ status: 400 });
    expect((await ask('GET', secrets)).body.secrets.A.value).toBe('two');
  });

  it('carry the headers that keep values out of caches and frames', async () => {
    const plain = await freshServer();
    const { headers } = await plain.ask('GET', secrets);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
    const names = Object.keys(headers);
    expect(names.filter((name) => /^(access-control|server|x-powered|strict)/.test(name))).toEqual([]);
    const secure = await freshServer({ tls: true });
    expect((await secure.ask('GET', secrets)).headers['strict-transport-security']).toBe('max-age=31536000');
    const missing = await secure.app.fastify.inject('/nowhere');
    expect(missing.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect(missing.headers['strict-transport-security']).toBe('max-age=31536000');
    expect(missing.json()).toMatchObject({ code: 'not_found', status: 404 });
  });

  it('say that the server is not ready while it ends', async () => {
    const { ask, app } = await freshServer();
    expect((await ask('GET', '/v1/ready')).status).toBe(200);
    app.drain();
    expect((await ask('GET', '/v1/ready')).status).toBe(503);
    expect((await ask('GET', '/v1/health')).status).toBe(200);
  });

  it('give measurements to this machine, and elsewhere to a token alone', async () => {
    const { app, ask, token } = await freshServer();
    await ask('GET', `${secrets}?names=CANARY_NAME`);
    const get = (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
      app.fastify.inject({ url: '/v1/metrics', headers, remoteAddress });
    expect((await get({})).statusCode).toBe(200);
    expect((await get({ 'x-forwarded-for': '127.0.0.1' })).statusCode).toBe(401);
    expect((await get({}, '203.0.113.7')).statusCode).toBe(401);
    const { body, statusCode } = await get({ authorization: `Bearer ${token}` }, '203.0.113.7');
    expect(statusCode).toBe(200);
    const route = 'route="/v1/projects/:project/environments/:environment/secrets"';
    expect(body).toContain(`secrets_http_requests_total{method="GET",${route},status="200"} 1`);
    expect(body).toMatch(/secrets_http_request_duration_seconds_count\{/);
    expect(body).toMatch(/secrets_http_requests_in_flight 1\n/);
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).not.toMatch(/development|CANARY_NAME|olga|web/);
  });

  it('behind a proxy give measurements to a token alone: a proxy may write no header', async () => {
    const { app, ask } = await freshServer({ behindProxy: true });
    expect((await app.fastify.inject('/v1/metrics')).statusCode).toBe(401);
    expect((await ask('GET', '/v1/metrics')).status).toBe(200);
  });

  it('tell how many lines of the log were dropped', async () => {
    const { ask } = await freshServer({ dropped: 7 });
    for (let i = 0; i < 2; i++)
      expect((await ask('GET', '/v1/metrics')).text).toMatch(/^secrets_log_lines_dropped_total 7$/m);
  });
});
