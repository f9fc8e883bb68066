import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forgetServer, readSettings, rememberServer, serverIn } from '../../../src/config/settings.ts';
import { tempFolder } from '../temp-folder.ts';

const [a, b] = ['https://a.example', 'https://b.example'];

describe('the settings', () => {
  it('are empty where there is no file', () => {
    expect(readSettings(join(tempFolder(), 'settings.json'))).toEqual({ servers: {} });
  });

  it('know each login, and the last one as the default', () => {
    const file = join(tempFolder(), 'below', 'settings.json');
    rememberServer(file, a, { storage: 'keychain', name: 'olga', caFile: '/ca.pem' });
    rememberServer(file, b, { storage: 'file', name: 'olga', insecureHttp: true });
    expect(readSettings(file).default).toBe(b);
    expect(serverIn(readSettings(file), a)).toEqual({ storage: 'keychain', name: 'olga', caFile: '/ca.pem' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keep the default, or none, where a login is not to be it', () => {
    const file = join(tempFolder(), 'settings.json');
    rememberServer(file, a, { storage: 'file', name: 'olga' }, { asDefault: false });
    expect(readSettings(file)).toEqual({ servers: { [a]: { storage: 'file', name: 'olga' } } });
    rememberServer(file, b, { storage: 'file', name: 'olga' });
    rememberServer(file, a, { storage: 'keychain', name: 'olga' }, { asDefault: false });
    expect(readSettings(file).default).toBe(b);
    expect(serverIn(readSettings(file), a)?.storage).toBe('keychain');
  });

  it('forget a login, and the default with it', () => {
    const file = join(tempFolder(), 'settings.json');
    rememberServer(file, a, { storage: 'keychain', name: 'olga' });
    rememberServer(file, b, { storage: 'keychain', name: 'olga' });
    forgetServer(file, a);
    expect(readSettings(file)).toEqual({
      default: b,
      servers: { [b]: { storage: 'keychain', name: 'olga' } },
    });
    forgetServer(file, b);
    expect(readSettings(file)).toEqual({ servers: {} });
  });

  it('know no server by the name of a property that every object has', () => {
    expect(serverIn({ servers: {} }, 'constructor')).toBeUndefined();
  });

  it.each([
    '',
    '{',
    '[]',
    '{}',
    '{"servers":[]}',
    '{"servers":{"https://a.example/path":{"storage":"file","name":"x"}}}',
    '{"servers":{"https://a.example":{"storage":"cloud","name":"x"}}}',
    '{"servers":{},"default":"http://user:pw@a.example"}',
  ])('are refused when they are damaged: %s', (text) => {
    const file = join(tempFolder(), 'settings.json');
    writeFileSync(file, text);
    expect(() => readSettings(file)).toThrow('is damaged');
  });
});
