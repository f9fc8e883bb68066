import { describe, expect, it } from 'vitest';
import { Secret } from '../../../src/secret.ts';
import { freshServer, origin } from './fresh-server.ts';

const secrets = '/v1/projects/web/environments/development/secrets';

describe('the log', () => {
  it('has one line a request, with what can be told of it', async () => {
    const { ask, app, token, logged } = await freshServer();
    await ask('GET', `${secrets}?names=CANARY_NAME`);
    await app.fastify.inject('/nowhere?canary=1');
    await expect.poll(() => logged().length).toBe(2);
    const [read, nowhere] = logged();
    // Without a socket, an answer never gets to its end.
    expect({ ...read, cut: undefined }).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      request: expect.stringMatching(/^[0-9a-f-]{36}$/),
      method: 'GET',
      route: '/v1/projects/:project/environments/:environment/secrets',
      path: secrets,
      status: 200,
      ms: expect.any(Number),
      address: '127.0.0.1',
      prefix: token.slice(0, 8),
      bytes: expect.any(Number),
      message: 'request',
    });
    expect(nowhere).toMatchObject({ route: 'none', path: '/nowhere', status: 404 });
  });

  it('never holds a value, a token, a code or a query', async () => {
    const { ask, app, token, loggedText, logged } = await freshServer();
    await ask('PATCH', secrets, { changes: [{ name: 'A', value: 'canary-value' }] });
    await ask('GET', `${secrets}?names=CANARY_NAME`);
    await ask('PATCH', secrets, { changes: [{ name: 'canary-value', value: 'canary-value' }] });
    const invited = await ask('POST', '/v1/invitations', { name: 'mira' });
    await ask('POST', '/v1/enrolments', { code: invited.body.code });
    await app.fastify.inject({ url: `/v1/tokens/${token}`, headers: { authorization: `Bearer ${token}x` } });
    await app.fastify.inject({ url: `/v1/${invited.body.code}` });
    await expect.poll(() => logged().length).toBe(7);
    expect(loggedText()).not.toMatch(/canary|CANARY/);
    expect(loggedText()).not.toContain(token);
    expect(loggedText()).not.toContain(invited.body.code);
  });

  it.each([
    ['escaped', (code: string) => code.replaceAll('-', '%2D')],
    ['escaped as a whole', escapedWhole],
    ['escaped twice', (code: string) => escapedWhole(code).replaceAll('%', '%25')],
    ['beside a broken escape', (code: string) => `%zz${escapedWhole(code)}%ff`],
    ['without dashes', (code: string) => code.replaceAll('-', '')],
    ['in lower case, with blanks', (code: string) => code.toLowerCase().replaceAll('-', '%20')],
    ['with blanks of another kind', (code: string) => code.replaceAll('-', '%C2%A0')],
    ['among words', (code: string) => `code%20${code.replaceAll('-', '+')}+is+mine`],
  ])('holds no token and no code that stands in a path %s', async (_, written) => {
    const { ask, app, token, logged } = await freshServer();
    const { code } = (await ask('POST', '/v1/invitations', { name: 'mira' })).body;
    const paths = [`/nowhere/${written(code)}`, `/nowhere/${written(token)}`];
    for (const url of [...paths, `/${'x'.repeat(290)}/${written(code)}`]) await app.fastify.inject({ url });
    await expect.poll(() => logged().length).toBe(4);
    const letters = (text: string): string => text.toUpperCase().replace(/[^A-Z0-9]/g, '');
    for (const { path } of logged().slice(1)) {
      // As somebody reads it who wants to know.
      let read = String(path);
      for (let i = 0; i < 4; i++) read = read.replace(/%([0-9a-f]{2})/gi, (__, hex: string) => unhex(hex));
      expect(letters(read)).not.toContain(letters(code).slice(0, 10));
      expect(read).not.toContain(token.slice(0, 12));
    }
  });

  it('of a request whose path cannot name anything has the route alone', async () => {
    const { ask, app, logged } = await freshServer();
    const odd = ['canary!value', 'canary%20value', 'canary%00', `canary${'x'.repeat(900)}`];
    for (const name of odd) {
      expect((await ask('GET', `${secrets}/${name}/versions`)).status).toBe(404);
      await app.fastify.inject(`${secrets}/${name}/versions`);
    }
    await ask('GET', `${secrets}/THERE/versions`);
    await expect.poll(() => logged().length).toBe(9);
    expect(logged().filter(({ path }) => String(path).includes('canary'))).toEqual([]);
    expect(logged()[0]!.route).toBe('/v1/projects/:project/environments/:environment/secrets/:name/versions');
    expect(logged()[8]!.path).toBe(`${secrets}/THERE/versions`);
  });

  it('and the audit trail take other people’s text as text', async () => {
    const { ask, logged } = await freshServer();
    const told = (text: string) => ({
      'secrets-client-host': encodeURIComponent(text),
      'secrets-client-program': encodeURIComponent(text),
      'user-agent': '"}{"level":"fatal"}',
    });
    const forged = 'host\r\n{"level":"info","status":200}\u001b[2J\u202e\u0000';
    await ask('GET', secrets, undefined, told(forged));
    await ask('GET', secrets, undefined, told('x'.repeat(500)));
    await ask('GET', secrets, undefined, { 'secrets-client-host': '%zz%', 'secrets-client-program': '' });
    const { events } = (await ask('GET', '/v1/audit?action=secrets.read&limit=3')).body;
    expect(events[2].origin.toldHost).toBe(
      'host\\u{d}\\u{a}{"level":"info","status":200}\\u{1b}[2J\\u{202e}\\u{0}',
    );
    expect(events[1].origin.toldProgram).toHaveLength(200);
    expect(events[0].origin).toEqual({ address: '127.0.0.1', toldHost: '%zz%', request: expect.any(String) });
    await expect.poll(() => logged().length).toBe(4);
  });

  it('tells of our own faults what the client is not told', async () => {
    const { ask, vault, logged, app } = await freshServer();
    await vault.store.close();
    const answer = await ask('GET', secrets);
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(answer.body.detail).toMatch(/^the server: /);
    expect(answer.text).not.toContain('server.db');
    await expect.poll(() => logged().length).toBe(2);
    expect(logged()[0]).toMatchObject({
      level: 'error',
      request: answer.headers['request-id'],
      message: 'failed',
    });
    expect((await app.fastify.inject('/v1/ready')).statusCode).toBe(503);
    expect((await app.fastify.inject('/v1/health')).statusCode).toBe(200);
  });

  it('behind a proxy has the address that the proxy wrote, and not what the client did', async () => {
    const proxied = await freshServer({ behindProxy: true });
    const forwarded = { 'x-forwarded-for': '10.0.0.1, 198.51.100.9' };
    await proxied.ask('GET', secrets, undefined, forwarded);
    const { events } = (await proxied.ask('GET', '/v1/audit?action=secrets.read&limit=1')).body;
    expect(events[0].origin.address).toBe('198.51.100.9');
    const direct = await freshServer();
    await direct.ask('GET', secrets, undefined, forwarded);
    await expect.poll(() => direct.logged().map(({ address }) => address)).toEqual(['127.0.0.1']);
    await direct.vault.withToken(new Secret(direct.token), origin).whoami();
  });
});

function escapedWhole(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

function unhex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
