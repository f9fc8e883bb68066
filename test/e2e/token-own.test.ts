import { expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { teamServer, type TeamServer } from './harness/server.ts';
import { terminal } from './harness/terminal.ts';

interface Token {
  readonly id: string;
  readonly toldHost?: string;
}

/** Its first admin, logged in. */
async function loggedIn(server: TeamServer): Promise<Sandbox> {
  const box = sandbox();
  await box.ok(['login', server.url, '--code', '-', '--name', 'olga@example.com'], {
    input: server.code,
  });
  return box;
}

const tokens = (box: Sandbox): Promise<Token[]> => box.json<Token[]>(['token', 'list']);

it('the token in use is revoked with --yes, or after a question, and one has to log in again', async () => {
  const server = await teamServer();
  const box = await loggedIn(server);
  const [own] = await tokens(box);
  const made = await box.json<Token & { token: string }>([
    ...['token', 'create', 'ci', '--read', '*', '--ttl', '1h'],
  ]);
  server.canary(box.canary(made.token));
  const both = ['token', 'revoke', own!.id, made.id];
  expect(await box.fails(2, both)).toContain('--yes');
  expect(await tokens(box)).toHaveLength(2);

  const asked = terminal(box, both);
  await asked.shows('you will have to log in again');
  asked.type('n\r');
  expect((await asked.ends()).status).toBe(130);
  expect(await tokens(box)).toHaveLength(2);

  const { status, stdout, stderr } = await box.run([...both, '--yes', '--json']);
  expect({ status, stdout: JSON.parse(stdout) as unknown }).toEqual({
    status: 0,
    stdout: { revoked: [own!.id, made.id] },
  });
  expect(JSON.parse(stderr)).toEqual({
    warning: {
      message: 'the token that was in use here is revoked',
      hints: [`log in again: secrets login ${server.url}`],
    },
  });
  expect(await box.fails(4, ['whoami'])).toContain('secrets login');
});

it('token list names the machine as it named itself', async () => {
  const server = await teamServer();
  const box = await loggedIn(server);
  const [own] = await tokens(box);
  expect(own!.toldHost).toMatch(/\S/);
  expect(await box.ok(['token', 'list'])).toMatch(
    new RegExp(String.raw`^${own!.id} .* ${own!.toldHost!} +-\n$`),
  );
  const { screen } = await terminal(box, ['token', 'list']).ends();
  expect(screen).toContain('HOST, AS TOLD');
});

it('member list tells who is invited, and who has logged in', async () => {
  const server = await teamServer();
  const box = await loggedIn(server);
  server.canary(box.canary((await box.ok(['member', 'invite', 'mira@example.com'])).trim()));
  const listed = await box.ok(['member', 'list']);
  expect(listed).toMatch(/^olga@example\.com +admin .* valid$/m);
  expect(listed).toMatch(/^mira@example\.com +member .* invited until \d{4}-\d\d-\d\d \d\d:\d\d$/m);
});
