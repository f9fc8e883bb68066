import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { type TeamServer, teamServer } from './harness/server.ts';
import { enter, terminal } from './harness/terminal.ts';

const admin = ['--code', '-', '--name', 'olga@example.com'];

function link(box: Sandbox, server: string): void {
  box.write('secrets.config.json', JSON.stringify({ project: 'web', server }));
}

const config = (box: Sandbox, file: string): string => join(box.home, '.config/team-secrets', file);

function settings(box: Sandbox): { default?: string; servers: Record<string, unknown> } {
  const file = config(box, 'settings.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { servers: {} };
}

/** Somebody in a repository whose link file names a server where they have never logged in. */
async function newcomer(): Promise<{ box: Sandbox; server: TeamServer }> {
  const [box, server] = [sandbox(), await teamServer()];
  link(box, server.url);
  return { box, server };
}

describe('a server that only the link file names', () => {
  it('gets no code and no token from stdin; named, it does', async () => {
    const { box, server } = await newcomer();
    const token = (await server.admin()).token!;
    for (const given of [['--code', '-'], ['--token', '-'], []]) {
      const told = await box.fails(2, ['login', ...given], { input: token });
      expect(told).toContain(
        `${box.path('secrets.config.json')} names ${server.url}, where you have not logged in before`,
      );
      expect(told).toContain(`secrets login ${server.url}`);
    }
    expect((await server.requests()).filter((line) => line !== 'POST /v1/enrolments')).toEqual([]);
    await box.ok(['login', '--token', '-'], { input: token, env: { SECRETS_URL: server.url } });
    await box.ok(['login', server.url, '--token', '-'], { input: token });
  });

  it('is shown and asked about at a terminal, where enter is no', async () => {
    const { box, server } = await newcomer();
    const term = terminal(box, ['login']);
    await term.shows(`This repository names ${server.url}; log in there? (y/N)`);
    term.type(enter);
    const { status, screen } = await term.ends();
    expect(status).toBe(130);
    expect(screen).toContain('not logged in; nothing was sent');
    expect(screen).toContain(`secrets login ${server.url}`);
    expect(await server.requests()).toEqual([]);
  });

  it('is logged in to after a yes, and does not become the default', async () => {
    const { box, server } = await newcomer();
    const term = terminal(box, ['login', '--name', 'olga@example.com']);
    await term.shows('log in there?');
    term.type(`y${enter}`);
    await term.shows(`Enrolment code for ${server.url}`);
    term.type(server.code + enter);
    expect((await term.ends()).status).toBe(0);
    expect(Object.keys(settings(box).servers)).toEqual([server.url]);
    expect(settings(box).default).toBeUndefined();
    expect(await box.json(['whoami'])).toMatchObject({ server: server.url });
    await box.ok(['login', server.url]);
    expect(settings(box).default).toBe(server.url);
  });

  it('is not sent a token that lies there for it, while the settings do not know it', async () => {
    const { box, server } = await newcomer();
    await box.ok(['login', server.url, ...admin], { input: server.code });
    writeFileSync(config(box, 'settings.json'), '{"servers":{}}', { mode: 0o600 });
    const before = (await server.requests()).length;
    expect(await box.errorCode(['login'])).toBe('usage');
    expect((await server.requests()).length).toBe(before);
  });
});

describe('a server that the settings know', () => {
  async function known(): Promise<{ box: Sandbox; server: TeamServer; other: TeamServer }> {
    const { box, server } = await newcomer();
    await box.ok(['login', server.url, ...admin], { input: server.code });
    const other = await teamServer();
    await box.ok(['login', other.url, ...admin], { input: other.code });
    return { box, server, other };
  }

  it('is logged in to again by the link file, without a question, and the default stays', async () => {
    const { box, server, other } = await known();
    await box.ok(['login']);
    expect(settings(box).default).toBe(other.url);
    const code = (await box.ok(['member', 'invite', 'olga@example.com'])).trim();
    await box.ok(['login', '--code', '-'], { input: code });
    expect(settings(box)).toMatchObject({ default: other.url, servers: { [server.url]: {} } });
    await box.ok(['logout']);
    expect(Object.keys(settings(box).servers)).toEqual([other.url]);
  });
});
