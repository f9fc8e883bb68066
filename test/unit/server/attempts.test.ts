import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newToken } from '../../../src/crypto/token.ts';
import { freshServer, type FreshServer } from './fresh-server.ts';

function asker({ app }: FreshServer) {
  return async (token: string, remoteAddress = '203.0.113.7') => {
    const headers = { authorization: `Bearer ${token}` };
    return app.fastify.inject({ url: '/v1/whoami', headers, remoteAddress });
  };
}

const unknown = (): string => newToken().reveal();

/** A token that nobody issued, with the first characters of one that somebody did. */
function tokenLike(prefix: string): string {
  const body = prefix.slice(4) + unknown().slice(8, 47);
  const sum = createHash('sha256').update(Buffer.from(body, 'base64url')).digest().subarray(0, 3);
  // The last character of 43 has two bits that count for nothing: the checksum is over the bytes.
  return `sct_${body}${sum.toString('base64url')}`;
}

describe('failed authentication', () => {
  it('is limited by address: after 20 within a minute, one a second is looked up', async () => {
    const server = await freshServer();
    const ask = asker(server);
    for (let i = 0; i < 21; i++) expect((await ask(unknown())).statusCode).toBe(401);
    const over = await ask(unknown());
    expect([over.statusCode, over.json().code]).toEqual([429, 'rate_limited']);
    expect(over.headers['retry-after']).toBe('1');
    expect((await ask(unknown(), '203.0.113.8')).statusCode).toBe(401);
    server.clock.ms += 60_000;
    expect((await ask(unknown())).statusCode).toBe(401);
  });

  it('counts what cannot be a token, too, and none at all does not', async () => {
    const server = await freshServer();
    const ask = asker(server);
    for (let i = 0; i < 30; i++)
      expect(
        (await server.app.fastify.inject({ url: '/v1/whoami', remoteAddress: '203.0.113.7' })).statusCode,
      ).toBe(401);
    for (let i = 0; i < 20; i++) expect((await ask(`sct_${'x'.repeat(47)}`)).statusCode).toBe(401);
    expect((await ask('sct_short')).statusCode).toBe(429);
  });

  it('is limited by the prefix of the token, from wherever it comes', async () => {
    const server = await freshServer();
    const ask = asker(server);
    const token = unknown();
    for (let i = 0; i < 10; i++) expect((await ask(token, `198.51.100.${i}`)).statusCode).toBe(401);
    expect((await ask(token, '198.51.100.99')).statusCode).toBe(401);
    expect((await ask(token, '198.51.100.99')).statusCode).toBe(429);
    expect((await ask(unknown(), '198.51.100.99')).statusCode).toBe(401);
  });

  it('counts a network of IPv6 as one', async () => {
    const ask = asker(await freshServer());
    for (let i = 0; i < 20; i++) expect((await ask(unknown(), `2001:db8:0:1::${i}`)).statusCode).toBe(401);
    await ask(unknown(), '2001:db8:0:1::20');
    expect((await ask(unknown(), '2001:db8::1:ffff:0:0:1')).statusCode).toBe(429);
    expect((await ask(unknown(), '2001:db8:0:2::1')).statusCode).toBe(401);
  });

  it('shuts nobody out whose token was just accepted, and everybody else', async () => {
    const server = await freshServer();
    const ask = asker(server);
    expect((await ask(server.token)).statusCode).toBe(200);
    for (let i = 0; i < 21; i++) await ask(unknown());
    expect((await ask(unknown())).statusCode).toBe(429);
    expect((await ask(server.token)).statusCode).toBe(200);
  });

  it('lets a good token in that was never seen, whoever floods its address or its prefix', async () => {
    const server = await freshServer();
    const ask = asker(server);
    const [home, attacker] = ['203.0.113.7', '198.51.100.1'];
    const samePrefix = (): string => tokenLike(server.token.slice(0, 8));
    for (let i = 0; i < 30; i++) await ask(samePrefix(), attacker);
    expect((await ask(samePrefix(), attacker)).statusCode).toBe(429);
    // The token is not known to this process yet: it was enrolled past it.
    expect((await ask(server.token, home)).statusCode).toBe(200);

    const crowded = await freshServer();
    const askThere = asker(crowded);
    for (let i = 0; i < 30; i++) await askThere(unknown(), home);
    expect((await askThere(crowded.token, home)).statusCode).toBe(429);
    crowded.clock.ms += 1000;
    expect((await askThere(crowded.token, home)).statusCode).toBe(200);
  });

  it('over a limit is looked up ten times a second over all addresses, and no more', async () => {
    const server = await freshServer();
    const ask = asker(server);
    const token = unknown();
    for (let i = 0; i < 10; i++) await ask(token, `198.51.100.${i}`);
    const statuses = async (): Promise<number[]> => {
      const answers = [];
      for (let i = 0; i < 15; i++) answers.push((await ask(token, `192.0.2.${i}`)).statusCode);
      return answers;
    };
    const tenOfThem = [...Array.from({ length: 10 }, () => 401), ...Array.from({ length: 5 }, () => 429)];
    expect(await statuses()).toEqual(tenOfThem);
    server.clock.ms += 1000;
    expect(await statuses()).toEqual(tenOfThem);
    server.clock.ms -= 3_600_000;
    expect(await statuses()).toEqual(tenOfThem);
  });

  it('of a token that was revoked meanwhile ends its passing', async () => {
    const server = await freshServer();
    const ask = asker(server);
    const reach = { project: '*', environment: '*', names: '*', permission: 'read' };
    const made = await server.ask('POST', '/v1/tokens', {
      account: 'ci',
      grants: [reach],
      ttl: 3600,
      ranges: [],
    });
    expect((await ask(made.body.token)).statusCode).toBe(200);
    await server.ask('DELETE', `/v1/tokens/${made.body.id}`);
    for (let i = 0; i < 21; i++) await ask(unknown());
    // It still passes the limit once, and is then no better than any other.
    expect((await ask(made.body.token)).statusCode).toBe(401);
    expect((await ask(made.body.token)).statusCode).toBe(429);
  });

  it('a clock that jumps back shuts nobody out for longer', async () => {
    const server = await freshServer();
    const ask = asker(server);
    for (let i = 0; i < 21; i++) await ask('sct_short');
    server.clock.ms -= 3_600_000;
    const wait = Number((await ask('sct_short')).headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
  });
});

describe('enrolment codes', () => {
  const enrol = ({ app }: FreshServer, code: string, remoteAddress = '203.0.113.7') =>
    app.fastify.inject({ method: 'POST', url: '/v1/enrolments', payload: { code }, remoteAddress });

  it('may be tried ten times a minute from one address', async () => {
    const server = await freshServer();
    for (let i = 0; i < 10; i++)
      expect((await enrol(server, `0000${i}-00000-00000-00000`)).statusCode).toBe(401);
    const over = await enrol(server, '7K2QM-XW9RT-0AB3C-HJ4ND');
    expect(over.statusCode).toBe(429);
    expect(over.body).not.toContain('7K2QM');
    server.clock.ms += 60_000;
    expect((await enrol(server, '7K2QM-XW9RT-0AB3C-HJ4ND')).statusCode).toBe(401);
  });

  it('may be tried a hundred times a minute over all addresses', async () => {
    const server = await freshServer();
    for (let i = 0; i < 100; i++)
      expect((await enrol(server, '7K2QM-XW9RT-0AB3C-HJ4ND', `198.51.100.${i}`)).statusCode).toBe(401);
    expect((await enrol(server, '7K2QM-XW9RT-0AB3C-HJ4ND', '192.0.2.1')).statusCode).toBe(429);
  });

  it('that are good do not count', async () => {
    const server = await freshServer();
    for (let i = 0; i < 12; i++) {
      const { body } = await server.ask('POST', '/v1/invitations', { name: `m${i}@example.com` });
      expect((await enrol(server, body.code)).statusCode).toBe(201);
      expect((await enrol(server, body.code, `198.51.100.${i}`)).json().code).toBe('code_refused');
    }
  });
});
