import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { newCertificate, type TeamServer, teamServer } from './harness/server.ts';
import { enter, terminal } from './harness/terminal.ts';

const admin = ['--code', '-', '--name', 'olga@example.com'];

async function login(box: Sandbox, url: string, code: string, ...more: string[]): Promise<void> {
  await box.ok(['login', url, ...admin, ...more], { input: code });
}

const config = (box: Sandbox, file: string): string => join(box.home, '.config/team-secrets', file);

function tokenOf(box: Sandbox, url: string): string {
  return (JSON.parse(readFileSync(config(box, 'tokens.json'), 'utf8')) as Record<string, string>)[url]!;
}

/** How an admin's tokens are told, by the server itself. */
async function principalsOfTokens(server: TeamServer, token: string): Promise<string[]> {
  const { status, body } = await server.http(token).ask('GET', '/v1/tokens');
  expect(status).toBe(200);
  return (body as { tokens: { principal: string }[] }).tokens.map(({ principal }) => principal);
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that takes connections and says nothing. */
async function silentServer(): Promise<string> {
  return listening(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
      onTestFinished(() => void socket.destroy());
    }),
  );
}

interface Between {
  /** Called when the server behind has answered, before the client hears of it. */
  readonly answered?: (line: string) => void;
  /** The clock that the client is told. */
  readonly date?: string;
}

/** Stands between a client and a server, and hands everything on. */
async function between(server: TeamServer, { answered, date }: Between): Promise<string> {
  const front = createHttpServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const [method, path] = [request.method ?? '', request.url ?? ''];
      const { authorization, 'content-type': type } = request.headers;
      const headers = { ...(authorization && { authorization }), ...(type && { 'content-type': type }) };
      const body = parts.length > 0 ? Buffer.concat(parts) : undefined;
      void server
        .http()
        .ask(method, path, body, headers)
        .then((answer) => {
          answered?.(`${method} ${path}`);
          const kind = answer.headers['content-type'];
          response.writeHead(answer.status, { ...(kind && { 'content-type': kind }), ...(date && { date }) });
          response.end(answer.text);
        });
    });
  });
  return listening(front);
}

describe('--ca-file', () => {
  async function underTls(): Promise<{ box: Sandbox; server: TeamServer; cert: string }> {
    const box = sandbox();
    const tls = newCertificate(box.root, 'own');
    return { box, server: await teamServer({ tls }), cert: tls.cert };
  }

  it('is the cure that is told for a certificate that is self-signed, and is kept with the login', async () => {
    const { box, server, cert } = await underTls();
    const told = await box.fails(5, ['login', server.url, ...admin], { input: server.code });
    expect(told).toContain(`the certificate of ${server.url} is signed by itself alone`);
    expect(told).toContain('--ca-file FILE, or SECRETS_CA_FILE');
    // As it is seen from the folder of the login; it holds from anywhere.
    await login(box, server.url, server.code, '--ca-file', '../own.pem');
    expect(await box.json(['whoami'], { cwd: box.home })).toMatchObject({ name: 'olga@example.com' });
    rmSync(cert);
    expect(await box.fails(2, ['whoami'])).toContain('cannot read the CA file');
  });

  it('may be a variable, which an option goes before', async () => {
    const { box, server, cert } = await underTls();
    const SECRETS_CA_FILE = cert;
    await box.ok(['login', server.url, ...admin], { input: server.code, env: { SECRETS_CA_FILE } });
    const ci = sandbox({ SECRETS_URL: server.url, SECRETS_TOKEN: tokenOf(box, server.url) });
    expect(await ci.errorCode(['whoami'])).toBe('server_untrusted');
    expect(await ci.json(['whoami'], { env: { SECRETS_CA_FILE } })).toMatchObject({ role: 'admin' });
    const other = newCertificate(ci.root, 'other').cert;
    const env = { SECRETS_CA_FILE };
    expect(await ci.errorCode(['whoami', '--ca-file', other], { env })).toBe('server_untrusted');
  });

  it('that holds no certificate is refused', async () => {
    const { box, server } = await underTls();
    const file = box.write('ca.pem', 'hello');
    const told = await box.fails(2, ['login', server.url, ...admin, '--ca-file', file], { input: 'x' });
    expect(told).toContain('does not hold certificates');
  });
});

describe('--timeout', () => {
  async function waiting(env: Record<string, string> = {}): Promise<Sandbox> {
    const [box, server] = [sandbox(), await teamServer()];
    await login(box, server.url, server.code);
    const SECRETS_TOKEN = tokenOf(box, server.url);
    return sandbox({ SECRETS_URL: await silentServer(), SECRETS_TOKEN, ...env });
  }

  it('ends the wait for a server that does not answer', async () => {
    const box = await waiting();
    const told = await box.fails(5, ['whoami', '--timeout', '0.3']);
    expect(told).toContain(`${box.env.SECRETS_URL} did not answer within 0.3 s`);
    expect(told).toContain('to wait longer: --timeout SECONDS, or SECRETS_TIMEOUT');
    expect((await box.run(['run', '--project', 'web', '--timeout', '0.3', '--', 'true'])).status).toBe(125);
  });

  it('may be a variable, which the option goes before', async () => {
    const box = await waiting({ SECRETS_TIMEOUT: '0.4' });
    expect(await box.fails(5, ['whoami'])).toContain('did not answer within 0.4 s');
    expect(await box.fails(5, ['whoami', '--timeout', '0.2'])).toContain('did not answer within 0.2 s');
  });

  it('is a number of seconds', async () => {
    const box = await waiting();
    for (const seconds of ['0', '-1', 'soon', '1e3', '3601', '10s'])
      expect(await box.fails(2, ['whoami', `--timeout=${seconds}`])).toContain('a timeout is a number');
    const env = { SECRETS_TIMEOUT: 'soon' };
    expect(await box.fails(2, ['whoami'], { env })).toContain('a timeout is a number');
  });
});

describe('--insecure-http', () => {
  // 0.0.0.0 leads to this machine, and is no loopback address for us.
  const open = (): Promise<TeamServer> => teamServer({ listen: '0.0.0.0:0', args: ['--behind-proxy'] });

  it('is the consent that is told, without which nothing is sent, and is kept with the login', async () => {
    const [box, server] = [sandbox(), await open()];
    const told = await box.fails(2, ['login', server.url, ...admin], { input: server.code });
    expect(told).toContain(`${server.url} is not encrypted`);
    expect(told).toContain('--insecure-http');
    expect(await server.requests()).toEqual([]);
    await login(box, server.url, server.code, '--insecure-http');
    expect(await box.json(['whoami'])).toMatchObject({ role: 'admin' });
  });

  it('may be a variable, and is for one login alone', async () => {
    const [box, server, other] = [sandbox(), await open(), await open()];
    const env = { SECRETS_INSECURE_HTTP: '1' };
    await box.ok(['login', server.url, ...admin], { input: server.code, env });
    expect(await box.errorCode(['login', other.url, ...admin], { input: other.code })).toBe('invalid');
    const ci = sandbox({ SECRETS_URL: server.url, SECRETS_TOKEN: tokenOf(box, server.url) });
    for (const value of [undefined, '', '0', 'no'])
      expect(await ci.errorCode(['whoami'], { env: { SECRETS_INSECURE_HTTP: value } })).toBe('invalid');
    expect(await ci.json(['whoami'], { env })).toMatchObject({ role: 'admin' });
  });
});

describe('login at a terminal', () => {
  it('asks for the code, which is not shown, and for a name where the code has none', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const term = terminal(box, ['login', server.url]);
    await term.shows(`Enrolment code for ${server.url}`);
    term.type(server.code + enter);
    await term.shows('Your e-mail address');
    term.type(`olga@example.com${enter}`);
    await term.shows(`logged in to ${server.url} as olga@example.com (admin)`);
    const { status, screen } = await term.ends();
    expect(status).toBe(0);
    expect(screen).not.toContain(server.code);
    expect(await box.json(['whoami'])).toMatchObject({ name: 'olga@example.com' });
  });

  it('does not ask where the server does not answer', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    await server.kill();
    const { status, screen } = await terminal(box, ['login', server.url]).ends();
    expect(status).toBe(5);
    expect(screen).toContain(`cannot reach ${server.url}: nothing listens there`);
    expect(screen).not.toContain('Enrolment code');
  });
});

describe('login where one is logged in', () => {
  it('needs no code: the token is replaced, and the old one revoked', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    await login(box, server.url, server.code);
    const old = tokenOf(box, server.url);
    await box.ok(['login', server.url]);
    const fresh = tokenOf(box, server.url);
    expect(fresh).not.toBe(old);
    expect((await server.http(old).ask('GET', '/v1/whoami')).status).toBe(401);
    expect(await principalsOfTokens(server, fresh)).toEqual(['olga@example.com']);
  });

  it('asks for a code once the token was revoked', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    await login(box, server.url, server.code);
    const { body } = await server.http(tokenOf(box, server.url)).ask('GET', '/v1/whoami');
    await box.ok(['token', 'revoke', (body as { token: { id: string } }).token.id, '--yes']);
    expect(await box.fails(2, ['login', server.url])).toContain('give it on stdin: --code -');
  });
});

describe('a token that cannot be kept after all', () => {
  /** The admin of a server, and somebody else who logs in there while something happens to their folder. */
  async function loginWhile(happens: (box: Sandbox) => void) {
    const [owner, box, server] = [sandbox(), sandbox(), await teamServer()];
    await login(owner, server.url, server.code);
    const code = (await owner.ok(['member', 'invite', 'mira@example.com'])).trim();
    const answered = (line: string): void => {
      if (line === 'POST /v1/enrolments') happens(box);
    };
    const url = await between(server, { answered });
    const told = await box.run(['login', url, '--code', '-'], { input: code });
    return { box, told, tokens: await principalsOfTokens(server, tokenOf(owner, server.url)) };
  }

  it('because its folder is gone is revoked', async () => {
    const { told, tokens } = await loginWhile((box) => {
      renameSync(config(box, ''), config(box, '../moved'));
      writeFileSync(config(box, ''), '');
    });
    expect(told.status).toBe(1);
    expect(told.stderr).toContain('tokens.json": a part of the path is not a folder');
    expect(told.stderr).toContain('the new token was revoked; ask an admin for another code');
    expect(tokens).toEqual(['olga@example.com']);
  });

  it('because the settings cannot be written is revoked, and the user is not logged in', async () => {
    const { box, told, tokens } = await loginWhile((user) => mkdirSync(config(user, 'settings.json')));
    expect(told.status).not.toBe(0);
    expect(told.stderr).toContain('the new token was revoked; ask an admin for another code');
    expect(tokens).toEqual(['olga@example.com']);
    rmSync(config(box, 'settings.json'), { recursive: true });
    expect(await box.errorCode(['whoami'])).toBe('no_vault');
  });
});

it('doctor warns of a clock that differs from that of the server', async () => {
  const [box, server] = [sandbox(), await teamServer()];
  const url = await between(server, { date: 'Sat, 01 Jan 2000 00:00:00 GMT' });
  await login(box, url, server.code);
  const { stdout } = await box.run(['doctor', '--json']);
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({
      part: 'clock',
      state: 'warning',
      text: expect.stringMatching(/^differs from the server's by \d+ s$/) as string,
    }),
  );
  const env = { SECRETS_URL: server.url, SECRETS_TOKEN: tokenOf(box, url) };
  const right = await box.run(['doctor', '--json'], { env });
  expect(JSON.parse(right.stdout)).toContainEqual(expect.objectContaining({ part: 'clock', state: 'ok' }));
});

it('key export tells whoever works on a server that it is about the vault of this machine', async () => {
  const [box, server] = [sandbox(), await teamServer()];
  await box.init();
  await login(box, server.url, server.code);
  const passphrase = box.write('passphrase', box.canary('canary passphrase 1', 'project/passphrase'));
  const at = (file: string) => ['key', 'export', box.path(file), '--passphrase-file', passphrase];
  const told = `this is about the vault of this machine, not about ${server.url}`;
  const elsewhere = await box.run(at('a.json'), { cwd: box.home });
  expect(elsewhere).toMatchObject({ status: 0, stderr: expect.stringContaining(told) as string });
  const linked = await box.run(at('b.json'));
  expect(linked).toMatchObject({ status: 0, stderr: expect.not.stringContaining(told) as string });
});
