import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { digest, type Sandbox, sandbox } from './harness/sandbox.ts';

/** Every command that opens the vault, in a form that needs no more than a name. */
const commands = [
  ['get', 'A'],
  ['list'],
  ['set', 'B=new'],
  ['pull', '-'],
  ['history', 'A'],
  ['status'],
  ['run', '--', 'true'],
];

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('A', 'canary-before-damage');
  return box;
}

describe('a damaged vault', () => {
  it('cut short anywhere: says so, prints no value, and is not touched', async () => {
    const box = await filled();
    const whole = readFileSync(box.vault);
    const pages = Array.from({ length: Math.floor(whole.length / 4096) }, (_, page) => page * 4096);
    const cuts = [1, 15, 16, 99, 100, 511, 512, 1000, 4095, 4097, ...pages.slice(1)];
    for (const cut of new Set(cuts)) {
      writeFileSync(box.vault, whole.subarray(0, cut));
      const result = await box.run(['get', 'A', '--json']);
      expect(result, `cut at ${cut}`).toMatchObject({ status: 1, stdout: '' });
      expect(result.stderr, `cut at ${cut}`).toContain('"vault_damaged"');
      expect(readFileSync(box.vault).equals(whole.subarray(0, cut)), `cut at ${cut}`).toBe(true);
    }
    writeFileSync(box.vault, whole);
    expect(await box.ok(['get', 'A'])).toBe('canary-before-damage');
  });

  it('cut short within its last page: says so too', async () => {
    const box = await filled();
    const whole = readFileSync(box.vault);
    for (const bytes of [1, 100, 2000, 4095]) {
      writeFileSync(box.vault, whole.subarray(0, -bytes));
      expect(await box.errorCode(['get', 'A']), `${bytes} bytes cut off`).toBe('vault_damaged');
    }
  });

  it('cut short: every command says so with a hint, and none writes to it', async () => {
    const box = await filled();
    writeFileSync(box.vault, readFileSync(box.vault).subarray(0, 8192));
    const before = digest(box.vault);
    for (const command of commands) {
      const stderr = await box.fails(command[0] === 'run' ? 125 : 1, command);
      expect(stderr).toContain('damaged or cut short');
      expect(stderr).toContain('secrets: hint:');
    }
    expect(digest(box.vault)).toBe(before);
  });

  it.each([
    ['garbage', Buffer.alloc(40_000, 'garbage! ')],
    [
      'a magic number and garbage',
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(9000, 0xff)]),
    ],
    ['a text of ten bytes', Buffer.from('not vault\n')],
  ])('%s in its place: is not taken for a vault, nor overwritten', async (_, bytes) => {
    const box = await filled();
    writeFileSync(box.vault, bytes);
    for (const command of [['get', 'A'], ['set', 'A=x'], ['init']]) {
      expect(await box.errorCode(command), command.join(' ')).toBe('vault_damaged');
    }
    expect(readFileSync(box.vault).equals(bytes)).toBe(true);
  });

  it("another program's database in its place: is not taken for a vault, nor changed", async () => {
    const box = await filled();
    rmSync(box.vault);
    const other = new DatabaseSync(box.vault);
    other.exec("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('https://example.org')");
    other.close();
    const before = digest(box.vault);
    for (const command of [...commands, ['init'], ['project', 'create', 'x']]) {
      const stderr = await box.fails(command[0] === 'run' ? 125 : 1, command);
      expect(stderr).toContain('a database, but not a vault');
    }
    expect(digest(box.vault)).toBe(before);
  });

  it('a folder in its place: is not taken for a vault', async () => {
    const box = sandbox();
    const env = { SECRETS_VAULT: box.project };
    expect(await box.errorCode(['project', 'list'], { env })).toBe('vault_damaged');
  });

  it('an empty file in its place: is not taken for a vault, and when it is gone init makes one', async () => {
    const box = await filled();
    writeFileSync(box.vault, '');
    for (const command of [['get', 'A'], ['set', 'A=x'], ['init']])
      expect(await box.errorCode(command), command.join(' ')).toBe('vault_damaged');
    rmSync(box.vault);
    await box.ok(['init']);
    await box.ok(['set', 'A'], { input: 'again' });
    expect(await box.ok(['get', 'A'])).toBe('again');
  });

  it('a vault from the future: is refused by every command, and not a byte of it changes', async () => {
    const box = await filled();
    const db = new DatabaseSync(box.vault);
    db.exec("UPDATE meta SET value = '99' WHERE key = 'schema_version'; PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    const before = digest(box.vault);
    for (const command of [...commands, ['init'], ['rotate', 'A', '--generate'], ['delete', 'A', '--yes']]) {
      const stderr = await box.fails(command[0] === 'run' ? 125 : 1, command);
      expect(stderr).toContain('has schema 99; this program knows');
      expect(stderr).toContain('npm install');
    }
    expect(digest(box.vault)).toBe(before);
  });

  it('one changed byte in a sealed value: that value does not open, pull writes nothing, and doctor names it', async () => {
    const box = await filled();
    const db = new DatabaseSync(box.vault);
    const row = db.prepare("SELECT sealed FROM secrets WHERE name = 'A'").get() as { sealed: Uint8Array };
    row.sealed[20]! ^= 1;
    db.prepare("UPDATE secrets SET sealed = ? WHERE name = 'A'").run(row.sealed);
    db.close();
    const stderr = await box.fails(1, ['get', 'A']);
    expect(stderr).toContain('does not open');
    expect(await box.errorCode(['pull'])).toBe('vault_damaged');
    expect(box.exists('.env')).toBe(false);
    const { status, stdout } = await box.run(['doctor']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed .*\bA\b/m);
  });

  it('an edited audit event: doctor names it and fails', async () => {
    const box = await filled();
    const db = new DatabaseSync(box.vault);
    db.exec("UPDATE audit_events SET actor = 'somebody else' WHERE seq = 2");
    db.close();
    const { status, stdout } = await box.run(['doctor']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/failed {3}audit trail\s+broken at event 2: an event was edited\n\s+→ \S/);
  });
});
