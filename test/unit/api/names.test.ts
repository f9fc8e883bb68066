import { describe, expect, it } from 'vitest';
import {
  assertScopeName,
  assertSecretName,
  assertValue,
  isComputedByShells,
  isHijackingName,
  isSecretName,
  printable,
} from '../../../src/api/names.ts';
import { Secret } from '../../../src/secret.ts';
import { thrownBy } from '../thrown-by.ts';

describe('a name of a secret', () => {
  it('is letters, digits and _, not starting with a digit', () => {
    for (const name of ['A', 'a', '_', '_1', 'DATABASE_URL', 'camelCase', '__proto__', 'A'.repeat(255)])
      expect(isSecretName(name), name).toBe(true);
  });

  it('is nothing else', () => {
    const none = [
      '',
      '1A',
      'A-B',
      'A.B',
      'A B',
      'A=B',
      'É',
      'A\n',
      '\nA',
      'A\0',
      ' A',
      'A'.repeat(256),
      '🔑',
      'A$',
    ];
    for (const name of none) expect(isSecretName(name), JSON.stringify(name)).toBe(false);
  });

  it('is not echoed when it is none: it may be the value', () => {
    const error = thrownBy(() => assertSecretName('hunter2 in the wrong place'));
    expect(error.code).toBe('invalid');
    expect([error.message, ...error.hints].join()).not.toContain('hunter2');
  });
});

describe('a name that would hijack a child', () => {
  const hijacking =
    `LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_ANYTHING DYLD_INSERT_LIBRARIES DYLD_X NODE_OPTIONS BASH_ENV ENV PATH
    PYTHONSTARTUP PYTHONPATH PERL5OPT RUBYOPT GIT_SSH_COMMAND GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_3 BASH_FUNC_ls IFS
    PROMPT_COMMAND JAVA_TOOL_OPTIONS npm_config_script_shell EDITOR HOME SHELL
    NODE_TLS_REJECT_UNAUTHORIZED PYTHONHTTPSVERIFY GIT_SSL_CAINFO GIT_SSL_CAPATH GIT_SSL_CERT GIT_SSL_KEY
    PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE JULIA_LOAD_PATH DOCKER_HOST DOCKER_TLS_VERIFY KUBECONFIG`.split(
      /\s+/,
    );

  it('is known in any case', () => {
    for (const name of hijacking)
      for (const spelled of [
        name,
        name.toLowerCase(),
        name.toUpperCase(),
        name.slice(0, 1).toLowerCase() + name.slice(1),
      ])
        expect(isHijackingName(spelled), spelled).toBe(true);
  });

  it('is refused unless it is let through on purpose', () => {
    for (const name of hijacking) {
      expect(thrownBy(() => assertSecretName(name)).code, name).toBe('invalid');
      expect(() => assertSecretName(name, { allowHijacking: true })).not.toThrow();
    }
    expect(thrownBy(() => assertSecretName('LD_PRELOAD')).hints).toEqual([
      'if this repository does need it, name it in secrets.config.json: "allow": ["LD_PRELOAD"]',
    ]);
  });

  it('is one whose value a shell computes, as it is spelled', () => {
    for (const name of 'COLUMNS LINES SECONDS HISTSIZE SHLVL UID GID RANDOM KSHUID TMOUT'.split(' ')) {
      expect([isComputedByShells(name), isHijackingName(name)], name).toEqual([true, true]);
      expect(isHijackingName(name.toLowerCase()), name).toBe(false);
    }
  });

  it('is not just any name that looks like one', () => {
    const harmless =
      'PATHS MY_PATH OLD_PATH ENVIRONMENT NODE_ENV BUILD_LD GIT_TOKEN PYTHON JAVA BASH LDAP EDITOR_KEY PROMPT_KEY COLUMN PS5';
    for (const name of harmless.split(' ')) expect(isHijackingName(name), name).toBe(false);
  });

  it('stays bound to the form of a name even when it is let through', () => {
    expect(thrownBy(() => assertSecretName('LD PRELOAD', { allowHijacking: true })).code).toBe('invalid');
  });
});

describe('a value', () => {
  const limit = 64 * 1024;

  it('may be empty, long and of any text', () => {
    for (const text of ['', ' ', '\n', '\r\n', '\u0001\u001B', 'é🔑', '\uFFFD', '\uFEFF', 'x'.repeat(limit)])
      expect(() => assertValue('A', new Secret(text))).not.toThrow();
  });

  it('is counted in bytes, not in characters', () => {
    const keys = '🔑'.repeat(limit / 4);
    expect(() => assertValue('A', new Secret(keys))).not.toThrow();
    expect(thrownBy(() => assertValue('A', new Secret(`${keys}x`)))).toMatchObject({
      code: 'too_large',
      message: 'the value of "A" is 65537 bytes; the limit is 65536',
    });
    expect(thrownBy(() => assertValue('A', new Secret('x'.repeat(limit + 1)))).code).toBe('too_large');
  });

  it('holds no NUL', () => {
    for (const text of ['\0', 'a\0', '\0a', 'canary\0canary']) {
      const error = thrownBy(() => assertValue('A', new Secret(text)));
      expect(error.code).toBe('invalid');
      expect(error.message).not.toContain('canary');
    }
  });

  it('holds no lone surrogate', () => {
    for (const text of ['\uD83D', '\uDD11', 'canary\uDD11\uD83D', '\uD83Dx'])
      expect(thrownBy(() => assertValue('A', new Secret(text)))).toMatchObject({
        code: 'invalid',
        message: 'the value of "A" is not valid Unicode text',
      });
  });
});

describe('a name of a project or an environment', () => {
  it('is letters, digits, dots, dashes and underscores, starting with a letter or digit', () => {
    for (const name of ['a', '1', 'web', 'web-2', 'a.b_c', 'A'.repeat(64)])
      expect(() => assertScopeName('project', name), name).not.toThrow();
    for (const name of ['', '-', '-a', '.a', '_a', 'a/b', 'a b', 'a\n', 'é', 'A'.repeat(65), '..'])
      expect(thrownBy(() => assertScopeName('environment', name)).code, name).toBe('invalid');
  });

  it('is quoted in the error, fit for a terminal', () => {
    expect(thrownBy(() => assertScopeName('project', '\u001B[2J\n')).message).toBe(
      '"\\u{1b}[2J\\u{a}" cannot name a project',
    );
  });
});

describe('what was typed', () => {
  it('is printed without control characters, bidi marks and line ends', () => {
    for (const odd of ['\u001B', '\u0000', '\u0085', '\u202E', '\u2028', '\u2029', '\u200B', '\r', '\t'])
      expect(printable(`a${odd}b`)).toMatch(/^a\\u\{[0-9a-f]+\}b$/);
  });

  it('is cut to one line', () => {
    expect(printable('x'.repeat(64))).toBe('x'.repeat(64));
    expect(printable('x'.repeat(65))).toBe(`${'x'.repeat(63)}…`);
  });
});
