import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { missingForMounts, SmallDisk } from './harness/mounts.ts';
import { lacking, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

const missing = lacking(missingForMounts());
const large = 'v'.repeat(60_000);

/** A vault on a disk of its own. */
async function onSmallDisk(): Promise<{ box: Sandbox; disk: SmallDisk }> {
  const box = sandbox();
  const disk = new SmallDisk(box, join(box.root, 'disk'));
  const vault = join(disk.folder, 'vault.db');
  Object.assign(box.env, { SECRETS_VAULT: vault });
  await box.init();
  await box.set('A', 'canary-before-full');
  return { box, disk };
}

describe.skipIf(missing)(titled('a full disk', missing), () => {
  it('under the vault: set fails with disk_full, old values are whole, and go on when there is space', async () => {
    const { box, disk } = await onSmallDisk();
    disk.fill();
    expect(await box.errorCode(['set', 'B', '--from-file', box.write('large', large)])).toBe('disk_full');
    disk.free();
    expect(await box.ok(['get', 'A'])).toBe('canary-before-full');
    expect(await box.json(['list'])).toMatchObject({ secrets: [{ name: 'A', version: 1 }] });
    await box.ok(['set', 'B', '--from-file', box.path('large')]);
    expect(await box.ok(['doctor'])).toContain('whole');
  });

  it('under the vault: import writes all or nothing', async () => {
    const { box, disk } = await onSmallDisk();
    const lines = Array.from({ length: 60 }, (_, i) => `NAME_${i}=${large}\n`).join('');
    disk.fill(256 * 1024);
    expect(await box.errorCode(['import', box.write('many.env', lines)])).toBe('disk_full');
    disk.free();
    expect(await box.json(['list'])).toMatchObject({ secrets: [{ name: 'A' }] });
    expect(await box.ok(['doctor'])).toContain('whole');
  });

  it('from the start: init fails with disk_full, and works when there is space', async () => {
    const box = sandbox();
    const disk = new SmallDisk(box, join(box.root, 'disk'));
    Object.assign(box.env, { SECRETS_VAULT: join(disk.folder, 'vault.db') });
    disk.fill();
    expect(await box.errorCode(['init', '--project', 'web'])).toBe('disk_full');
    disk.free();
    await box.init();
    await box.set('A', 'canary-after-full');
    expect(await box.ok(['get', 'A'])).toBe('canary-after-full');
  });

  it('under .env: pull fails with disk_full, and the old .env is whole', async () => {
    const box = await sandbox().init();
    const disk = new SmallDisk(box, box.path('here'));
    await box.set('A', 'canary-in-old-env', '.env');
    await box.ok(['pull', 'here/.env']);
    const before = box.read('here/.env');
    await box.ok(['set', 'LARGE', '--from-file', box.write('large', large)]);
    disk.fill();
    expect(await box.errorCode(['pull', 'here/.env'])).toBe('disk_full');
    expect(box.read('here/.env')).toBe(before);
    disk.free();
    await box.ok(['pull', 'here/.env']);
    expect(box.read('here/.env')).toContain('LARGE=');
    expect(box.files().filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it('under the state folder: pull says so, and the next one works', async () => {
    const box = sandbox();
    const disk = new SmallDisk(box, join(box.root, 'state'));
    Object.assign(box.env, { XDG_STATE_HOME: disk.folder });
    await box.init();
    await box.set('A', 'canary-without-memory', '.env');
    disk.fill();
    expect(await box.errorCode(['pull'])).toBe('disk_full');
    disk.free();
    await box.ok(['set', 'A'], { input: box.canary('canary-in-the-second', '.env') });
    await box.ok(['pull']);
    expect(box.read('.env')).toBe('# web/development, written by secrets pull\nA=canary-in-the-second\n');
  });

  it('as stdout: the status is not 0', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-to-dev-full');
    for (const command of ['get A', 'list', 'pull -', 'status', 'list --json', 'completion bash', '--help'])
      expect((await box.shell(`secrets ${command} > /dev/full`)).status, command).not.toBe(0);
  });
});

describe.skipIf(missing)(titled('a read-only disk', missing), () => {
  it('under the vault: every command says vault_read_only, and the vault is whole afterwards', async () => {
    const { box, disk } = await onSmallDisk();
    disk.readOnly();
    for (const command of [['set', 'B=x'], ['get', 'A'], ['pull'], ['rotate', 'A', '--generate']])
      expect(await box.errorCode(command), command.join(' ')).toBe('vault_read_only');
    expect(box.exists('.env')).toBe(false);
    disk.writable();
    expect(await box.ok(['get', 'A'])).toBe('canary-before-full');
  });

  it('under .env: pull fails, says that it is read-only, and the old .env is whole', async () => {
    const box = await sandbox().init();
    const disk = new SmallDisk(box, box.path('here'));
    writeFileSync(join(disk.folder, '.env'), 'MINE=1\n');
    await box.set('A', 'canary-not-written');
    disk.readOnly();
    expect(await box.fails(1, ['pull', 'here/.env'])).toContain('the file system is read-only');
    expect(box.read('here/.env')).toBe('MINE=1\n');
  });
});
