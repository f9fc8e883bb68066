import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lackingPrograms, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('API_KEY', 'canary-for-the-child');
  return box;
}

describe('the status of run', () => {
  it('is that of the program', async () => {
    const box = await filled();
    for (const status of [0, 1, 2, 3, 6, 42, 124, 125, 126, 127, 128, 130, 137, 254, 255])
      expect((await box.run(['run', '--', 'sh', '-c', `exit ${status}`])).status).toBe(status);
  });

  it('is death by the same signal, 128 + n for a shell', async () => {
    const box = await filled();
    for (const [signal, status] of Object.entries({
      HUP: 129,
      INT: 130,
      KILL: 137,
      SEGV: 139,
      PIPE: 141,
      TERM: 143,
    })) {
      const script = `secrets run -- sh -c 'kill -${signal} $$'; echo $?`;
      expect((await box.shell(script, { shell: ['bash', '-c'] })).stdout).toBe(`${status}\n`);
    }
  });

  const noPython = lackingPrograms('python3');
  it.skipIf(noPython)(
    titled('is the wait status of the program itself, for a parent that looks', noPython),
    async () => {
      const box = await filled();
      const script = `
import os, subprocess, sys
for end in ["kill -TERM $$", "kill -USR1 $$", "exit 9"]:
    print(subprocess.run(["secrets", "run", "--", "sh", "-c", end]).returncode)
p = subprocess.Popen(["secrets", "run", "--", "sleep", "1000"])
while b"sleep" not in open(f"/proc/{p.pid}/cmdline", "rb").read().split(b"\\0")[0]: pass
p.terminate()
print(p.wait())
`;
      const { stdout } = await box.shell(script, { shell: ['python3', '-c'] });
      expect(stdout).toBe('-15\n-10\n9\n-15\n');
    },
  );

  it('is 125 for a failure of ours, and the program was not started', async () => {
    const box = await filled();
    const program = ['--', 'touch', 'started'];
    await box.fails(125, ['run', '--project', 'nope', ...program]);
    await box.fails(125, ['run', '--env', 'nope', ...program]);
    await box.fails(125, ['run', ...program], { env: { SECRETS_VAULT: join(box.root, 'none.db') } });
    await box.fails(125, ['run', ...program], { env: { SECRETS_MASTER_KEY: 'no key' } });
    await box.fails(125, ['run', ...program], { cwd: box.home });
    expect(box.exists('started')).toBe(false);
  });

  it('is 126 for what cannot be executed, 127 for what is not there', async () => {
    const box = await filled();
    box.write('plain', 'echo x\n', 0o644);
    expect(await box.fails(126, ['run', '--', './plain'])).toContain('permission denied');
    expect(await box.fails(126, ['run', '--', '/tmp'])).toContain('is a folder');
    expect(await box.fails(127, ['run', '--', 'nosuchprogram'])).toContain('"nosuchprogram" was not found');
    expect(await box.fails(127, ['run', '--', './nosuchprogram'])).toContain('was not found');
    expect(await box.fails(127, ['run', '--', ''])).toContain('was not found');
    expect(await box.fails(127, ['run', '--', 'echo x'])).toContain("sh -c '…'");
    box.write('lost', '#!/no/such/interpreter\n', 0o755);
    expect(await box.fails(127, ['run', '--', './lost'])).toContain('/no/such/interpreter');
  });

  it('a script without #! is run by sh, and one with it by its interpreter', async () => {
    const box = await filled();
    box.write('bare', 'echo "$0 $1 $API_KEY"\n', 0o755);
    box.write('awk', '#!/usr/bin/env -S awk -f\nBEGIN { print ENVIRON["API_KEY"] }\n', 0o755);
    expect(await box.ok(['run', '--', './bare', 'x y'])).toMatch(/bare x y canary-for-the-child\n$/);
    expect(await box.ok(['run', '--', './awk'])).toBe('canary-for-the-child\n');
  });

  it('a file that the kernel does not take is our error, and no crash', async () => {
    const box = await filled();
    writeFileSync(box.path('broken'), Buffer.from('\x7fELF\0\0broken'), { mode: 0o755 });
    const { status, stderr } = await box.run(['run', '--', './broken']);
    expect([125, 126]).toContain(status);
    expect(stderr).toMatch(/^secrets: error: /);
    expect(stderr).not.toContain('    at ');
  });
});
