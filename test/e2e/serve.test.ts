import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { describe, expect, it, vi } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { newCertificate, type TeamServer, teamServer } from './harness/server.ts';
import { ctrlC, terminal } from './harness/terminal.ts';

/** An operator with a master key in a variable. */
async function operator(): Promise<Sandbox> {
  const box = sandbox();
  box.env.SECRETS_MASTER_KEY = box.canary((await box.ok(['key', 'generate'])).trim());
  return box;
}

const serve = (...args: string[]): string[] => ['serve', ...args];
const any = ['--listen', '127.0.0.1:0'];

describe('a command line that cannot be', () => {
  const wrong: [what: string, args: string[], told: string][] = [
    ['no address', ['--listen', 'here'], '"here" is not an address to listen on'],
    ['an address without a port', ['--listen', '127.0.0.1'], 'is not an address to listen on'],
    ['a port without an address', ['--listen', ':7700'], 'is not an address to listen on'],
    ['a port that is none', ['--listen', '127.0.0.1:65536'], 'is not an address to listen on'],
    ['a URL', ['--listen', 'http://127.0.0.1:7700'], 'write --listen 127.0.0.1:7700'],
    ['a certificate alone', [...any, '--tls-cert', 'c.pem'], '--tls-cert and --tls-key go together'],
    ['a key alone', [...any, '--tls-key', 'k.pem'], '--tls-cert and --tls-key go together'],
    ['all of IPv4 without TLS', ['--listen', '0.0.0.0:0'], 'can be reached from elsewhere, so it needs TLS'],
    ['all of IPv6 without TLS', ['--listen', '[::]:0'], '--behind-proxy'],
    ['a name without TLS', ['--listen', 'secrets.example.com:0'], '--tls-cert FILE --tls-key FILE'],
    ['a place that is none', [...any, '--master-key', 'key.txt'], 'does not say where the master key is'],
    ['no certificate there', [...any, '--tls-cert', 'c', '--tls-key', 'k'], 'cannot read the certificate'],
  ];
  it.each(wrong)('%s: status 2, and no vault is made', async (_, args, told) => {
    const box = await operator();
    expect(await box.fails(2, serve(...args))).toContain(told);
    expect(box.files().filter((file) => /server\.db/.test(file))).toEqual([]);
  });

  it('no master key: status 4, how to make one, and no vault is made', async () => {
    const box = sandbox();
    const told = await box.fails(4, serve(...any));
    expect(told).toContain('SECRETS_MASTER_KEY is not set');
    expect(told).toContain('secrets key generate');
    expect(box.files().filter((file) => /server\.db/.test(file))).toEqual([]);
  });

  it('a port that is taken: status 1, and the server there goes on', async () => {
    const [box, server] = [await operator(), await teamServer()];
    const told = await box.fails(1, serve('--listen', new URL(server.url).host));
    expect(told).toContain('it is in use');
    expect((await server.http().ask('GET', '/v1/health')).status).toBe(200);
  });

  it('the key of another vault: status 4', async () => {
    const [box, server] = [await operator(), await teamServer()];
    const told = await box.fails(4, serve(...any, '--database', server.database));
    expect(told).toContain('none of these is the master key of this vault');
  });
});

it('behind a proxy it may listen everywhere without TLS', async () => {
  const server = await teamServer({ listen: '0.0.0.0:0', args: ['--behind-proxy'] });
  expect(server.url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
});

describe('the first start', () => {
  it('prints a code and how to use it; the next one a new code, until there is an admin', async () => {
    const server = await teamServer({ args: ['--public-url', 'https://secrets.example.com'] });
    const first = server.code;
    expect(server.told).toContain('secrets login https://secrets.example.com\n');
    await server.restart();
    const second = server.code;
    expect(second).not.toBe(first);
    const replaced = { code: first, name: 'olga' };
    const refused = await server.http().ask('POST', '/v1/enrolments', replaced);
    expect(refused).toMatchObject({ status: 401, body: { code: 'code_refused' } });
    await server.enrol(second, 'olga');
    await server.restart();
    expect(server.told.match(/no member yet/g)).toHaveLength(2);
  });

  it('keeps the vault for the operator alone', async () => {
    const box = await operator();
    const term = terminal(box, serve(...any));
    await term.shows('listening on');
    const kept = box.files().filter((file) => /server\.db/.test(file));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.map((file) => box.mode(file))).toEqual(kept.map(() => '600'));
    term.type(ctrlC);
    expect((await term.ends()).status).toBe(0);
  });
});

describe('invite', () => {
  const invite = (server: TeamServer, ...args: string[]) =>
    [['serve', 'invite', ...args], { env: server.env }] as const;

  it('makes an admin while the server runs, and stands in the audit trail', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const code = (await box.ok(...invite(server, 'olga'))).trim();
    await box.ok(['login', server.url, '--code', '-'], { input: code });
    expect(await box.json(['whoami'])).toMatchObject({ name: 'olga', role: 'admin' });
    expect(await box.json(['audit', '--action', 'member'])).toEqual([
      expect.objectContaining({ action: 'member.enrol', actor: 'olga' }),
      expect.objectContaining({ action: 'member.invite', actor: 'operator' }),
    ]);
  });

  it('brings an admin back who has lost every token', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    await server.admin('olga');
    const told = await box.json<{ code: string }>(...invite(server, 'olga'));
    expect(told).toMatchObject({ name: 'olga', role: 'admin', expiresAt: expect.any(String) as string });
    await box.ok(['login', server.url, '--code', '-'], { input: told.code });
    expect(await box.json(['member', 'list'])).toMatchObject([{ name: 'olga' }]);
  });

  it('makes no admin of a member, nor of a name that is none', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const admin = await server.admin('olga');
    await admin.ask('POST', '/v1/invitations', { name: 'mira' });
    expect(await box.errorCode(...invite(server, 'mira'))).toBe('conflict');
    expect(await box.errorCode(...invite(server, 'a b'))).toBe('invalid');
  });

  it('makes no vault', async () => {
    const box = await operator();
    expect(await box.errorCode(['serve', 'invite', 'olga'])).toBe('no_vault');
    expect(box.files().filter((file) => /server\.db/.test(file))).toEqual([]);
  });
});

describe('the end', () => {
  it('by SIGTERM is status 0, and the address is free', async () => {
    const server = await teamServer();
    await server.admin();
    expect(await server.stop()).toEqual({ status: 0, signal: null });
    await server.start();
    expect((await server.http().ask('GET', '/v1/health')).status).toBe(200);
  });

  it('by Ctrl-C is status 0', async () => {
    const box = await operator();
    const term = terminal(box, serve(...any));
    await term.shows('listening on');
    term.type(ctrlC);
    expect(await term.ends()).toMatchObject({ status: 0, signal: 0 });
  });
});

describe('SIGHUP', () => {
  const shown = async ({ url }: TeamServer): Promise<string> => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerCertificate();
    socket.destroy();
    return fingerprint256;
  };
  const hangUp = async (server: TeamServer, answer: string): Promise<void> => {
    process.kill(server.pid, 'SIGHUP');
    await vi.waitFor(() => expect(server.told).toContain(answer), { timeout: 10_000 });
  };

  it('takes a new certificate; a broken one changes nothing', async () => {
    const box = sandbox();
    const [tls, next] = [newCertificate(box.root, 'first'), newCertificate(box.root, 'second')];
    const fingerprints = [tls, next].map(
      ({ cert }) => new X509Certificate(readFileSync(cert)).fingerprint256,
    );
    const server = await teamServer({ tls });
    expect(server.url).toMatch(/^https:/);
    expect(await shown(server)).toBe(fingerprints[0]);
    // The certificate of one pair with the key of the other.
    copyFileSync(next.cert, tls.cert);
    await hangUp(server, 'the certificate was not changed: the certificate and its key cannot be used');
    expect(await shown(server)).toBe(fingerprints[0]);
    copyFileSync(next.key, tls.key);
    await hangUp(server, 'took the certificate anew');
    expect(await shown(server)).toBe(fingerprints[1]);
    writeFileSync(tls.cert, '');
    const before = server.told.split('was not changed').length;
    process.kill(server.pid, 'SIGHUP');
    await vi.waitFor(() => expect(server.told.split('was not changed').length).toBe(before + 1), {
      timeout: 10_000,
    });
    expect(await shown(server)).toBe(fingerprints[1]);
  });

  it('without TLS does not end the server', async () => {
    const server = await teamServer();
    process.kill(server.pid, 'SIGHUP');
    expect((await server.http().ask('GET', '/v1/health')).status).toBe(200);
    expect(await server.stop()).toEqual({ status: 0, signal: null });
  });
});
