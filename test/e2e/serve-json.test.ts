import { expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';
import { newKeyFile, teamServer } from './harness/server.ts';

it('backup, restore and rekey print JSON with --json', async () => {
  const box = sandbox();
  const server = await teamServer();
  await server.admin();
  const [file, target] = [box.path('backup.db'), box.path('new.db')];
  expect(await box.json(['serve', 'backup', file], { env: server.env })).toEqual({ written: file });
  const restored = { ...server.env, SECRETS_DATABASE: target };
  expect(await box.json(['serve', 'restore', file], { env: restored })).toEqual({
    restored: file,
    admins: ['olga@example.com'],
    members: 0,
  });
  const next = newKeyFile(box.root, 'next.key');
  expect(await box.json(['serve', 'rekey', '--new-master-key', next], { env: restored })).toEqual({
    projects: 0,
  });
});

it('a missing key of a vault that is there is not answered with how to make a new one', async () => {
  const box = sandbox();
  const server = await teamServer();
  const { SECRETS_MASTER_KEY: _, ...env } = server.env;
  const stderr = await box.fails(4, ['serve', 'invite', 'olga@example.com'], { env });
  expect(stderr).toContain('say where the key of this vault is: --master-key');
  expect(stderr).not.toContain('key generate');
});
