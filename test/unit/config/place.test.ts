import { describe, expect, it } from 'vitest';
import { assertEncrypted, isLoopback, originIn, parseOrigin } from '../../../src/config/origin.ts';
import type { FoundLink } from '../../../src/config/link.ts';
import { type Place, resolvePlace } from '../../../src/config/place.ts';
import type { Settings } from '../../../src/config/settings.ts';

const none: Settings = { servers: {} };
const loggedIn: Settings = { default: 'https://settings.example', servers: {} };

function link(server?: string): FoundLink {
  const found = { project: 'web', path: '/repo/secrets.config.json', folder: '/repo' };
  return server === undefined ? found : { ...found, server };
}

function place(env: Record<string, string>, found?: FoundLink, settings = loggedIn): Place {
  return resolvePlace({ env, link: () => found, settings: () => settings });
}

describe('the place', () => {
  it('is what SECRETS_URL says, whatever else says otherwise', () => {
    const env = { SECRETS_URL: 'https://variable.example/' };
    expect(place(env, link('https://link.example'))).toEqual({
      kind: 'server',
      origin: 'https://variable.example',
      from: 'variable',
    });
  });

  it('else the server of the link file', () => {
    expect(place({}, link('https://link.example'))).toEqual({
      kind: 'server',
      origin: 'https://link.example',
      from: 'link file',
      link: '/repo/secrets.config.json',
    });
  });

  it('else, with a link file, the vault of this machine, although there was a login', () => {
    expect(place({}, link())).toEqual({ kind: 'embedded' });
  });

  it('else the server of the last login; without one, the vault of this machine', () => {
    expect(place({})).toEqual({ kind: 'server', origin: 'https://settings.example', from: 'settings' });
    expect(place({}, undefined, none)).toEqual({ kind: 'embedded' });
    expect(place({ SECRETS_URL: '' }, undefined, none)).toEqual({ kind: 'embedded' });
  });

  it('reads no settings where it need not', () => {
    const settings = (): never => {
      throw new Error('nobody should read the settings');
    };
    resolvePlace({ env: {}, link: () => link(), settings });
    resolvePlace({ env: { SECRETS_URL: 'https://a.example' }, link: () => undefined, settings });
  });

  it('is never a server that somebody else named for the token of a variable', () => {
    const env = { SECRETS_TOKEN: 'sct_x' };
    expect(() => place(env, link('https://link.example'))).toThrow(
      'SECRETS_TOKEN is set, but not the server that it is for; /repo/secrets.config.json names https://link.example',
    );
    expect(() => place(env)).toThrow('your settings name https://settings.example');
    expect(place(env, link())).toEqual({ kind: 'embedded' });
  });
});

describe('an origin', () => {
  it.each([
    ['https://secrets.example.com', 'https://secrets.example.com'],
    ['https://secrets.example.com/', 'https://secrets.example.com'],
    ['HTTPS://Secrets.Example.COM:443', 'https://secrets.example.com'],
    ['http://127.0.0.1:7700', 'http://127.0.0.1:7700'],
    ['https://[::1]:7700', 'https://[::1]:7700'],
  ])('is read from %s', (text, origin) => {
    expect(parseOrigin(text, 'it')).toBe(origin);
  });

  it.each([
    'secrets.example.com',
    'ftp://secrets.example.com',
    'https://',
    'https://a.example/path',
    'https://a.example/..',
    'https://a.example?x=1',
    'https://a.example/?',
    'https://a.example#x',
    'https://user@a.example',
    'https://user:url-password@a.example',
    'https://:@a.example',
    'https://a.example\\@b.example',
    'javascript:alert(1)',
    '',
  ])('is not %j, and what was typed is not repeated', (text) => {
    expect(originIn(text)).toBeUndefined();
    expect(() => parseOrigin(text, 'SECRETS_URL')).toThrow(/^SECRETS_URL is not the address of a server$/);
  });

  it('is plain only on this machine, or by consent', () => {
    for (const origin of ['http://localhost:1', 'http://127.0.0.1', 'http://127.9.9.9', 'http://[::1]:7'])
      expect(() => assertEncrypted(origin, false)).not.toThrow();
    for (const origin of ['http://127.0.0.1.example.com', 'http://10.0.0.1', 'http://localhost.example']) {
      expect(isLoopback(origin)).toBe(false);
      expect(() => assertEncrypted(origin, false)).toThrow('is not encrypted');
      expect(() => assertEncrypted(origin, true)).not.toThrow();
    }
  });
});
