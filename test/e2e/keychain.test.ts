import { describe, expect, it } from 'vitest';
import { desktop } from './harness/desktop.ts';
import { missingForKeyring } from './harness/keyring.ts';
import { lacking } from './harness/needs.ts';

const missing = lacking(await missingForKeyring());

describe.skipIf(missing)(`the keychain ${missing ? `(${missing})` : ''}`, () => {
  it('keeps the master key, and no file does', async () => {
    const { box } = await desktop();
    await box.init();
    await box.set('API_KEY', 'canary-in-keychain');
    expect(await box.ok(['get', 'API_KEY'])).toBe('canary-in-keychain');
    expect(box.files().filter((file) => file.endsWith('.key'))).toEqual([]);
    expect(JSON.parse(await box.ok(['status', '--json']))).toMatchObject({ keyStorage: 'keychain' });
  });

  it('locked: says so, and nothing is lost', async () => {
    const { box, keyring } = await desktop();
    await box.init();
    await box.set('API_KEY', 'canary-behind-lock');
    await keyring.lock();
    const result = await box.run(['get', 'API_KEY']);
    expect(result).toMatchObject({ status: 5, stdout: '' });
    expect(result.stderr).toContain('the keychain is locked');
    expect(await box.ok(['list'])).toContain('API_KEY');
  });

  it('slow: gives up within seconds, and says so', async () => {
    const { box, keyring } = await desktop();
    await box.init();
    await box.set('API_KEY', 'canary-behind-ice');
    keyring.freeze();
    const result = await box.run(['get', 'API_KEY']);
    expect(result).toMatchObject({ status: 5, stdout: '' });
    expect(result.stderr).toContain('did not answer within 3 s');
    keyring.thaw();
    expect(await box.ok(['get', 'API_KEY'])).toBe('canary-behind-ice');
  });

  it('absent, with a bus and without: says so, and leaves no vault behind', async () => {
    const { box } = await desktop({ provider: false });
    for (const env of [{}, { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: undefined }]) {
      const result = await box.run(['init', '--project', 'web'], { env });
      expect(result.status).toBe(5);
      expect(result.stderr).toContain('no keychain answers here');
      expect(result.stderr).toContain('--insecure-storage');
      expect(box.files().filter((file) => file.includes('vault.db'))).toEqual([]);
    }
  });

  it('a set variable comes before a broken keychain', async () => {
    const { box } = await desktop({ provider: false });
    const key = (await box.ok(['key', 'generate'])).trim();
    const env = { SECRETS_MASTER_KEY: box.canary(key) };
    await box.ok(['init', '--project', 'web'], { env });
    await box.ok(['set', 'A'], { env, input: box.canary('canary-by-variable') });
    expect(await box.ok(['get', 'A'], { env })).toBe('canary-by-variable');
    expect((await box.run(['get', 'A'])).status).toBe(5);
  });
});
