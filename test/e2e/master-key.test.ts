import { chmodSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('A', 'canary-locked-away');
  return box;
}

/** Without a keychain to fall back on, which the test machine may have. */
const noKeychain = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };

describe('the master key', () => {
  it('in SECRETS_MASTER_KEY, of another vault: key_wrong, no value, and nothing is written', async () => {
    const box = await filled();
    const key = box.canary((await box.ok(['key', 'generate'])).trim());
    const env = { SECRETS_MASTER_KEY: key };
    for (const command of [['get', 'A'], ['set', 'A=x'], ['pull'], ['rotate', 'A', '--generate']])
      expect(await box.errorCode(command, { env }), command.join(' ')).toBe('key_wrong');
    expect(await box.fails(4, ['get', 'A'], { env })).toContain('unset SECRETS_MASTER_KEY');
    expect(await box.fails(125, ['run', '--', 'true'], { env })).toContain('not the one this vault');
    expect(await box.ok(['get', 'A'])).toBe('canary-locked-away');
    expect(box.exists('.env')).toBe(false);
  });

  it.each([
    ['blanks', '  '],
    ['a word', 'canary-not-a-key'],
    ['cut short', 'cut'],
    ['with a typo', 'typo'],
  ])('in SECRETS_MASTER_KEY, %s: is refused and never shown', async (kind, given) => {
    const box = await filled();
    const real = (await box.ok(['key', 'generate'])).trim();
    const cut = real.slice(0, -5);
    const typo = real.slice(0, 20) + (real[20] === 'a' ? 'b' : 'a') + real.slice(21);
    const key = { 'cut short': cut, 'with a typo': typo }[kind] ?? given;
    if (key.trim() !== '') box.canary(key);
    const env = { SECRETS_MASTER_KEY: key };
    expect(await box.fails(2, ['get', 'A'], { env })).toContain('SECRETS_MASTER_KEY');
    expect(await box.fails(125, ['run', '--', 'true'], { env })).toContain('SECRETS_MASTER_KEY');
  });

  it('in SECRETS_MASTER_KEY, empty: counts as not set', async () => {
    const box = await filled();
    const env = { SECRETS_MASTER_KEY: '' };
    expect(await box.ok(['get', 'A'], { env })).toBe('canary-locked-away');
    expect(await box.json(['status'], { env })).toMatchObject({ keyStorage: 'file' });
  });

  it('in SECRETS_MASTER_KEY, malformed: init makes no vault', async () => {
    const box = sandbox();
    const env = { SECRETS_MASTER_KEY: box.canary('canary-not-a-key') };
    await box.fails(2, ['init', '--project', 'web'], { env });
    expect(box.files().filter((file) => file.includes('vault.db'))).toEqual([]);
    await box.init();
  });

  it('in a file that others can read: is refused, with the cure', async () => {
    const box = await filled();
    for (const mode of [0o644, 0o640, 0o604]) {
      chmodSync(`${box.vault}.key`, mode);
      const stderr = await box.fails(2, ['get', 'A']);
      expect(stderr).toContain(`hint: take it back: chmod 600 ${box.vault}.key`);
    }
    chmodSync(`${box.vault}.key`, 0o600);
    expect(await box.ok(['get', 'A'])).toBe('canary-locked-away');
  });

  it('in a file with something else in it: is refused and never shown', async () => {
    const box = await filled();
    const text = box.canary('canary-scribble', '.key');
    writeFileSync(`${box.vault}.key`, text);
    await box.fails(2, ['get', 'A']);
    expect((await box.run(['doctor'])).status).toBe(1);
  });

  it('gone: says that no keychain answers, what to do, and list still works', async () => {
    const box = await filled();
    renameSync(`${box.vault}.key`, `${box.root}/kept`);
    const stderr = await box.fails(5, ['get', 'A'], { env: noKeychain });
    expect(stderr).toContain('secrets: hint:');
    expect(await box.ok(['list'], { env: noKeychain })).toContain('A');
    expect((await box.run(['set', 'B=x'], { env: noKeychain })).status).toBe(5);
    renameSync(`${box.root}/kept`, `${box.vault}.key`);
    expect(await box.ok(['get', 'A'])).toBe('canary-locked-away');
  });

  it('gone, and brought in the variable: works', async () => {
    const box = await filled();
    const key = box.canary(readFileSync(`${box.vault}.key`, 'utf8').trim(), 'kept');
    renameSync(`${box.vault}.key`, `${box.root}/kept`);
    const env = { ...noKeychain, SECRETS_MASTER_KEY: key };
    expect(await box.ok(['get', 'A'], { env })).toBe('canary-locked-away');
  });

  it('by consent in a file: the file is 0600 in a folder 0700, and status and doctor say so', async () => {
    const box = await filled();
    expect(box.mode(`${box.vault}.key`)).toBe('600');
    expect(box.mode(box.vault)).toBe('600');
    expect(box.mode(dirname(box.vault))).toBe('700');
    expect(await box.ok(['status'])).toContain('(insecure)');
    expect(await box.ok(['doctor'])).toMatch(/warning {2}master key .*plain file/);
  });
});
