import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { teamServer } from './harness/server.ts';
import { terminal } from './harness/terminal.ts';

/** An admin of a server with the project `web`, and grants to a group that nobody is in. */
async function granted(): Promise<{ box: Sandbox; id: string }> {
  const [box, server] = [sandbox(), await teamServer()];
  await box.ok(['login', server.url, '--code', '-', '--name', 'olga@example.com'], { input: server.code });
  await box.ok(['init', '--project', 'web']);
  const [grant] = await box.json<{ id: string }[]>(['grant', 'add', 'group:ops', 'read', 'web/production']);
  await box.ok(['grant', 'add', 'group:other', 'write', 'web/staging']);
  await box.ok(['grant', 'add', 'group:ops', 'write', 'web', 'OLD_*', '--expires', '7d']);
  return { box, id: grant!.id };
}

it('a group that has grants and nobody in it is among the groups', async () => {
  const { box } = await granted();
  const empty = (name: string) => ({ name, principals: [] });
  expect(await box.json(['group', 'list'])).toEqual([empty('ops'), empty('other')]);
  expect(await box.ok(['group', 'list'])).toBe('ops    -\nother  -\n');
});

it('whoever puts somebody into a group is told what comes with it', async () => {
  const { box, id } = await granted();
  const { status, screen } = await terminal(box, ['group', 'add', 'ops', 'olga@example.com']).ends();
  expect(status).toBe(0);
  expect(screen).toContain(
    `olga@example.com is in ops now\nwith it comes: read * in web/production (${id})\n`,
  );
  expect(screen).toMatch(/^with it comes: write OLD_\* in web until \S+ \S+ \(\w+\)$/m);
  expect(screen).not.toContain('staging');
  expect(await box.json(['group', 'list'])).toEqual([
    { name: 'ops', principals: ['olga@example.com'] },
    { name: 'other', principals: [] },
  ]);
});

it('what cannot be a name reaches no log of a server', async () => {
  const [box, server] = [sandbox(), await teamServer()];
  await box.ok(['login', server.url, '--code', '-', '--name', 'olga@example.com'], { input: server.code });
  await box.ok(['init', '--project', 'web']);
  const pasted = server.canary('sk-live-PASTED!VALUE');
  const before = (await server.requests()).length;
  for (const args of [
    ['history', pasted],
    ['member', 'remove', pasted, '--yes'],
    ['group', 'remove', pasted, 'olga@example.com'],
    ['list', '--env', pasted],
    ['list', '--project', pasted],
    ['audit', '--secret', pasted],
  ])
    expect(await box.errorCode(args), args.join(' ')).toBe('invalid');
  expect((await server.requests()).length).toBe(before);
  expect((await box.run(['history', pasted])).stderr).not.toContain(pasted);
});
