import { describe, expect, it } from 'vitest';
import { resolvePaths } from '../../../src/config/paths.ts';

const noHome = (): string => {
  throw new Error('nobody should ask for the home folder');
};

describe('the paths', () => {
  it('are those of XDG below HOME', () => {
    expect(resolvePaths({ HOME: '/h' }, 'linux', noHome)).toEqual({
      vault: '/h/.local/share/team-secrets/vault.db',
      keyFile: '/h/.local/share/team-secrets/vault.db.key',
      settings: '/h/.config/team-secrets/settings.json',
      tokenFile: '/h/.config/team-secrets/tokens.json',
      state: '/h/.local/state/team-secrets',
      cache: '/h/.cache/team-secrets',
    });
  });

  it('are the same on macOS', () => {
    expect(resolvePaths({ HOME: '/h' }, 'darwin', noHome)).toEqual(
      resolvePaths({ HOME: '/h' }, 'linux', noHome),
    );
  });

  it('follow the XDG variables, and then need no home', () => {
    const env = { XDG_DATA_HOME: '/d', XDG_CONFIG_HOME: '/f', XDG_STATE_HOME: '/s', XDG_CACHE_HOME: '/c' };
    expect(resolvePaths(env, 'linux', noHome)).toEqual({
      vault: '/d/team-secrets/vault.db',
      keyFile: '/d/team-secrets/vault.db.key',
      settings: '/f/team-secrets/settings.json',
      tokenFile: '/f/team-secrets/tokens.json',
      state: '/s/team-secrets',
      cache: '/c/team-secrets',
    });
  });

  it('pass over XDG variables that are relative or empty, as the specification says', () => {
    const plain = resolvePaths({ HOME: '/h' }, 'linux', noHome);
    for (const odd of ['', 'relative', './here', '~/x'])
      expect(
        resolvePaths(
          { HOME: '/h', XDG_DATA_HOME: odd, XDG_STATE_HOME: odd, XDG_CACHE_HOME: odd },
          'linux',
          noHome,
        ),
      ).toEqual(plain);
  });

  it('take SECRETS_VAULT, with the key file beside it', () => {
    const { vault, keyFile } = resolvePaths({ HOME: '/h', SECRETS_VAULT: '/v/team.db' }, 'linux', noHome);
    expect([vault, keyFile]).toEqual(['/v/team.db', '/v/team.db.key']);
    expect(resolvePaths({ HOME: '/h', SECRETS_VAULT: '' }, 'linux', noHome).vault).toMatch(/^\/h\//);
  });

  it('ask the system for the home folder where HOME does not tell', () => {
    for (const env of [{}, { HOME: '' }])
      expect(resolvePaths(env, 'linux', () => '/from/passwd').cache).toBe('/from/passwd/.cache/team-secrets');
  });

  it('are none where there is no home at all', () => {
    for (const home of ['', 'relative'])
      expect(() => resolvePaths({}, 'linux', () => home)).toThrow(
        expect.objectContaining({ code: 'failed', hints: [expect.stringContaining('HOME') as string] }),
      );
    expect(() => resolvePaths({ HOME: 'relative' }, 'linux', noHome)).toThrow(
      expect.objectContaining({ code: 'failed' }),
    );
  });
});
