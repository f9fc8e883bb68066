import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lackingPrograms, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { newCertificate, type TeamServer, teamServer } from './harness/server.ts';
import { error, shows } from './harness/user.ts';

/** Somebody else's server: what it was asked, and an answer to everything. */
interface Foreign {
  readonly url: string;
  readonly asked: IncomingMessage[];
}

async function foreign(answer: { status: number; location?: string } = { status: 200 }): Promise<Foreign> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    const { status, location } = answer;
    const headers = { 'content-type': 'application/json', ...(location === undefined ? {} : { location }) };
    response.writeHead(status, headers).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A user who is logged in at a server of ours, with a project. */
async function loggedIn(server: TeamServer): Promise<Sandbox> {
  const box = sandbox();
  await box.ok(['login', server.url, '--code', '-', '--name', 'olga@example.com'], { input: server.code });
  await box.ok(['init', '--project', 'web']);
  return box;
}

const commands = [
  ['list'],
  ['get', 'A'],
  ['pull'],
  ['run', '--', 'true'],
  ['whoami'],
  ['status'],
  ['doctor'],
  ['logout'],
  ['login', '--code', '-'],
  ['member', 'list'],
  ['set', 'A=x'],
];

describe('a link file that names a foreign server', () => {
  it('brings it no token, whatever is run', async () => {
    const [server, other] = [await teamServer(), await foreign()];
    const box = await loggedIn(server);
    for (const named of [other.url, other.url.replace('127.0.0.1', 'localhost')]) {
      box.write('secrets.config.json', JSON.stringify({ project: 'web', server: named }));
      for (const args of commands) {
        const { status, stdout } = await box.run(args, { input: 'x' });
        expect(status, args.join(' ')).not.toBe(0);
        if (args[0] !== 'doctor') expect(stdout).toBe('');
      }
      await shows(box, ['list'], {
        status: 4,
        stderr: error(
          `no token for ${named} (named by ${box.path('secrets.config.json')})`,
          `secrets login ${named}`,
        ),
      });
    }
    expect(other.asked.map(({ headers }) => headers.authorization)).toEqual(other.asked.map(() => undefined));
    expect(other.asked.map(({ headers }) => JSON.stringify(headers)).join('\n')).not.toContain('sct_');
    box.write('secrets.config.json', JSON.stringify({ project: 'web', server: server.url }));
    await shows(box, ['list'], {});
  });

  it('gets no token of a variable either', async () => {
    const [server, other] = [await teamServer(), await foreign()];
    const admin = await server.admin();
    const box = sandbox({ SECRETS_TOKEN: admin.token });
    box.write('secrets.config.json', JSON.stringify({ project: 'web', server: other.url }));
    for (const args of commands) expect((await box.run(args, { input: 'x' })).status).not.toBe(0);
    expect(other.asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i to another origin is not followed', async (status) => {
    const target = await foreign();
    const moved = await foreign({ status, location: `${target.url}/v1/whoami` });
    const token = (await (await teamServer()).admin()).token!;
    const box = sandbox({ SECRETS_URL: moved.url, SECRETS_TOKEN: token });
    await shows(box, ['whoami'], {
      status: 1,
      stderr: error(
        `${moved.url} sends us on to ${target.url}; your token does not go there`,
        `if the server has moved, log in there: secrets login ${target.url}`,
      ),
    });
    expect(moved.asked.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`]);
    expect(target.asked).toEqual([]);
  });

  it('does not lead from an address without a scheme to another host', async () => {
    const target = await foreign();
    const moved = await foreign({ status: 302, location: target.url.replace('http:', '') });
    const token = (await (await teamServer()).admin()).token!;
    const box = sandbox({ SECRETS_URL: moved.url, SECRETS_TOKEN: token });
    for (const args of [['whoami'], ['list', '--project', 'web'], ['set', 'A=x', '--project', 'web']])
      await box.fails(1, args);
    expect(target.asked).toEqual([]);
  });
});

const openssl = lackingPrograms('openssl');

describe.skipIf(openssl)(titled('a certificate', openssl), () => {
  it('that is signed by itself is refused, with the cure, and nothing is sent; --ca-file takes it', async () => {
    const box = sandbox();
    const tls = newCertificate(box.root, 'self');
    const server = await teamServer({ tls });
    const login = ['login', server.url, '--code', '-', '--name', 'olga@example.com'];
    const refused = {
      status: 5,
      stderr: error(
        `the certificate of ${server.url} is signed by itself alone`,
        'if it is yours, trust the certificate or its authority: --ca-file FILE, or SECRETS_CA_FILE',
        'if you did not expect this, somebody may stand between you and the server: ask who runs it',
      ),
    };
    const code = { input: server.code };
    await shows(box, login, refused, code);
    await box.ok([...login, '--ca-file', tls.cert], code);
    await box.ok(['whoami', '--ca-file', tls.cert]);
    expect(await box.json(['whoami'], { env: { SECRETS_CA_FILE: tls.cert } })).toMatchObject({
      server: server.url,
    });
    expect(server.logged.filter(({ status }) => status !== 200 && status !== 201)).toEqual([]);
  });

  it('for another host, or of another authority, is refused with the CA file, too', async () => {
    const box = sandbox();
    const [tls, other] = [newCertificate(box.root, 'self'), newCertificate(box.root, 'other')];
    const server = await teamServer({ tls, listen: '127.0.0.2:0' });
    const login = ['login', server.url, '--code', '-', '--ca-file'];
    const wrongHost = await box.fails(5, [...login, tls.cert], { input: server.code });
    expect(wrongHost).toContain('is for another host name');
    const wrongAuthority = await box.fails(5, [...login, other.cert], { input: server.code });
    expect(wrongAuthority).toContain('is signed by itself alone');
  });

  it('is asked for: HTTP to another machine is refused before anything is sent', async () => {
    const box = sandbox();
    const told = await box.fails(2, ['login', 'http://secrets.example.com', '--code', '-'], { input: 'x' });
    expect(told).toContain('https://');
  });
});
