import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacking, titled } from './harness/needs.ts';
import { digest, sandbox } from './harness/sandbox.ts';

/** Tests may run as root, whom no mode keeps from writing: the immutable flag does. */
function missingForImmutable(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'secrets-immutable-'));
  writeFileSync(join(folder, 'probe'), '');
  const { status } = spawnSync('chattr', ['+i', join(folder, 'probe')]);
  if (status === 0) execFileSync('chattr', ['-i', join(folder, 'probe')]);
  rmSync(folder, { recursive: true });
  return status === 0 ? undefined : 'chattr +i does not work here';
}

const missing = lacking(missingForImmutable());

describe.skipIf(missing)(titled('a vault that cannot be written', missing), () => {
  it('says vault_read_only for reading and writing, and what to do; nothing is lost', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-immutable');
    const before = digest(box.vault);
    execFileSync('chattr', ['+i', box.vault]);
    box.onClose(() => execFileSync('chattr', ['-i', box.vault]));
    for (const command of [
      ['set', 'B=x'],
      ['get', 'A'],
      ['delete', 'A', '--yes'],
    ])
      expect(await box.errorCode(command), command.join(' ')).toBe('vault_read_only');
    expect(await box.fails(1, ['set', 'B=x'])).toContain('hint: give yourself back the right to write');
    expect(await box.fails(125, ['run', '--', 'echo', 'started'])).toContain('cannot be written');
    execFileSync('chattr', ['-i', box.vault]);
    expect(digest(box.vault)).toBe(before);
    expect(await box.ok(['get', 'A'])).toBe('canary-immutable');
  });
});
