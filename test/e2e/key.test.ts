import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { enter, terminal } from './harness/terminal.ts';

const phrase = 'correct horse battery staple';

async function backedUp(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('A', 'canary-backed-up');
  box.canary(phrase, 'phrase');
  box.write('phrase', `${phrase}\n`);
  await box.ok(['key', 'export', 'backup.json', '--passphrase-file', 'phrase']);
  return box;
}

/** The vault file and the backup of another user, on a machine that has no key. */
function newMachine(from: Sandbox): Sandbox {
  const box = sandbox();
  mkdirSync(dirname(box.vault), { recursive: true, mode: 0o700 });
  copyFileSync(from.vault, box.vault);
  for (const name of ['backup.json', 'phrase', 'secrets.config.json'])
    copyFileSync(from.path(name), box.path(name));
  return box;
}

describe('key', () => {
  it('export and import bring a vault to a new machine', async () => {
    const old = await backedUp();
    expect(old.mode(old.path('backup.json'))).toBe('600');
    const box = newMachine(old);
    expect(
      (await box.run(['get', 'A'], { env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none' } })).status,
    ).toBe(5);
    await box.ok(['key', 'import', 'backup.json', '--passphrase-file', 'phrase']);
    expect(await box.ok(['get', 'A'])).toBe('canary-backed-up');
    expect(box.mode(`${box.vault}.key`)).toBe('600');
    expect(await box.ok(['doctor'])).toContain('whole');
  });

  it('import with a wrong passphrase, or of a changed file: key_wrong, and no key is kept', async () => {
    const box = newMachine(await backedUp());
    box.write('wrong', 'not the passphrase\n');
    expect(await box.fails(4, ['key', 'import', 'backup.json', '--passphrase-file', 'wrong'])).toContain(
      'does not open',
    );
    const backup = JSON.parse(box.read('backup.json')) as { sealed: string };
    const sealed = Buffer.from(backup.sealed, 'base64');
    sealed[20]! ^= 1;
    box.write('changed.json', JSON.stringify({ ...backup, sealed: sealed.toString('base64') }));
    expect(await box.errorCode(['key', 'import', 'changed.json', '--passphrase-file', 'phrase'])).toBe(
      'key_wrong',
    );
    expect(box.files().filter((file) => file.endsWith('.key'))).toEqual([]);
  });

  it('import of a backup of another vault is refused, and the key here stays', async () => {
    const [one, other] = [await backedUp(), await backedUp()];
    copyFileSync(other.path('backup.json'), one.path('other.json'));
    expect(await one.fails(4, ['key', 'import', 'other.json', '--passphrase-file', 'phrase'])).toContain(
      'is the backup of another vault',
    );
    expect(await one.ok(['get', 'A'])).toBe('canary-backed-up');
  });

  it.each([
    ['text', 'garbage'],
    ['other JSON', '{"format":"other"}'],
    ['a demand for too much memory', undefined],
  ])('import of %s is refused at once', async (_, text) => {
    const box = await backedUp();
    box.write('x.json', text ?? box.read('backup.json').replace(/"N": \d+/, '"N": 1073741824'));
    const stderr = await box.fails(2, ['key', 'import', 'x.json', '--passphrase-file', 'phrase']);
    expect(stderr).toMatch(/is not a key backup|too much memory/);
  });

  it('export never replaces a file', async () => {
    const box = await backedUp();
    const before = box.read('backup.json');
    expect(await box.fails(6, ['key', 'export', 'backup.json', '--passphrase-file', 'phrase'])).toContain(
      'is there already; it was not touched',
    );
    expect(box.read('backup.json')).toBe(before);
  });

  it('export refuses a passphrase that is short, and writes nothing', async () => {
    const box = await sandbox().init();
    box.write('short', 'eleven char\n');
    expect(await box.fails(2, ['key', 'export', 'b.json', '--passphrase-file', 'short'])).toContain(
      '12 characters',
    );
    expect(box.exists('b.json')).toBe(false);
  });

  it.each([
    ['the same', phrase, 0],
    ['another', 'something else entirely', 2],
  ])('export asks twice on a terminal: %s the second time', async (_, second, status) => {
    const box = await sandbox().init();
    const term = terminal(box, ['key', 'export', 'b.json']);
    await term.shows('Passphrase for the backup');
    term.type(`${phrase}${enter}`);
    await term.shows('The same again');
    term.type(`${second}${enter}`);
    expect((await term.ends()).status).toBe(status);
    expect(term.raw()).not.toContain('horse');
    expect(box.exists('b.json')).toBe(status === 0);
  });

  it('import asks on a terminal, and the passphrase is not shown', async () => {
    const box = newMachine(await backedUp());
    const term = terminal(box, ['key', 'import', 'backup.json']);
    await term.shows('Passphrase of the backup');
    term.type(`${phrase}${enter}`);
    expect((await term.ends()).status).toBe(0);
    expect(term.raw()).not.toContain('horse');
    expect(await box.ok(['get', 'A'])).toBe('canary-backed-up');
  });

  it('generate prints a new key each time and keeps none', async () => {
    const box = sandbox();
    const keys = [await box.ok(['key', 'generate']), await box.ok(['key', 'generate'])];
    expect(keys[0]).not.toBe(keys[1]);
    for (const key of keys) box.canary(key.trim());
    expect(box.files().filter((file) => file.includes('vault'))).toEqual([]);
  });
});
