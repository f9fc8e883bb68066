import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

/** What a pull does beside lines that are the user's: no shell that sources the file runs or loses anything by it. */

async function withSecrets(secrets: Readonly<Record<string, string>>): Promise<Sandbox> {
  const box = await sandbox().init();
  for (const [name, value] of Object.entries(secrets)) await box.ok(['set', name], { input: value });
  return box;
}

/** The shells that are here, and `sh` in any case. */
const shells = ['sh', 'bash', 'dash', 'zsh'].filter(
  (name) => name === 'sh' || existsSync(`/usr/bin/${name}`),
);

describe('a line of the user’s that shells see the end of elsewhere', () => {
  it.each([
    ['X="${X:-"a} " "', '"}"'],
    ['X="$(echo ")" "', '`")`'],
    [`X="\${HOME#'}"`, '`}"`'],
  ])('%s: nothing is written behind it, and nothing runs', async (line, closing) => {
    const box = await withSecrets({ B: 'one', C: 'two' });
    box.write('.env', `${line}\n`);
    await box.ok(['pull', '--for', 'shell']);
    box.write('.env', `${box.read('.env')}# don't edit\n`);
    await box.ok(['set', 'B'], { input: '$(touch RAN)' });
    await box.ok(['set', 'C'], { input: closing });
    const before = box.read('.env');
    expect(await box.fails(2, ['pull', '--for', 'shell'])).toContain('line 1 of ".env" leaves a quote open');
    expect(box.read('.env')).toBe(before);
    for (const name of shells) await box.shell('. ./.env', { shell: [name, '-c'] });
    expect(box.exists('RAN')).toBe(false);
  });

  it('does not stand in the way where all see the same end', async () => {
    const box = await withSecrets({ B: 'a b' });
    box.write('.env', 'X="$(basename "$PWD")-${USER:-me}"\n');
    await box.ok(['pull', '--for', 'shell', '--strict']);
    for (const name of shells)
      expect(await box.shell('. ./.env; printf %s "$B"', { shell: [name, '-c'] })).toMatchObject({
        stdout: 'a b',
      });
  });
});

it('what was deleted in the vault is not taken out behind a backslash that would join the next line', async () => {
  const box = await withSecrets({ A: 'x', C: 'z' });
  await box.ok(['pull', '--for', 'shell']);
  box.write('.env', box.read('.env').replace('A=x', 'WINPATH=C:\\dir\\\nA=x'));
  await box.ok(['delete', 'A', '--yes']);
  expect(await box.fails(2, ['pull', '--for', 'shell'])).toContain('line 2 of ".env" ends in a backslash');
  expect((await box.shell('. ./.env; printf %s "$C"')).stdout).toBe('z');
});

it('a file that only docker may read says so where its lines are only updated, too', async () => {
  const box = await withSecrets({ A: 'a $(touch RAN)' });
  box.write('.env', 'A=old\n');
  await box.ok(['pull', '--for', 'docker', '--theirs']);
  expect(box.read('.env')).toMatch(/^A=a \$\(touch RAN\)\n\n# web\/development, .*a shell that sources it/);
  await box.ok(['pull', '--for', 'docker', '--check']);
});

describe('a line that holds more than name and value', () => {
  it.each([
    ['shell', 'A=old\r\n', 'val', 'end the lines of .env in LF alone'],
    ['shell', '\uFEFFA=old\n', 'val', 'take the byte order mark out of .env'],
    ['shell', 'export A=old\n', 'x{a,b}', 'leave nothing but name and value on the line: A'],
    ['systemd', 'A=old # mine\n', 'val', 'leave nothing but name and value on the line: A'],
  ])('%s: who misreads %j is told, and --strict refuses it', async (reader, existing, value, cure) => {
    const box = await withSecrets({ A: value });
    box.write('.env', existing);
    const strict = await box.fails(6, ['pull', '--for', reader, '--theirs', '--strict']);
    expect(strict).toMatch(/would see something else in \.env for A; nothing was written/);
    expect(strict).toContain(`hint: ${cure}\n`);
    expect(box.read('.env')).toBe(existing);
    const { status, stderr } = await box.run(['pull', '--for', reader, '--theirs']);
    expect([status, box.read('.env')]).toEqual([0, existing.replace('old', value)]);
    expect(stderr).toMatch(/warning: .* will see something else in \.env for A\n/);
    expect(stderr).toContain(`hint: ${cure}\n`);
    await box.fails(6, ['pull', '--for', reader, '--strict']);
    await box.ok(['pull', '--for', 'dotenv', '--strict']);
  });
});
