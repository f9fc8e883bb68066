import { expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';

it.each([
  [['lst'], 'unknown command "lst"', 'did you mean list?', 'usage: secrets [options] [command]'],
  [['env', 'lst'], 'unknown command "lst"', 'list', 'usage: secrets env [options] [command]'],
  [['get', 'A', '--jsno'], 'unknown option "--jsno"', 'did you mean --json?', 'usage: secrets get '],
  [['get'], 'missing required argument "name"', '', 'usage: secrets get [options] <name>'],
  [['env', 'create'], 'missing required argument', '', 'usage: secrets env create [options] <name>'],
  [['get', 'A', '--version'], '--version', '', 'usage: secrets get '],
  [['get', 'A', '--version', 'two'], '--version wants a number', '', 'usage: secrets get '],
  [['list', 'extra'], 'too many words: 0 expected, 1 given', '', 'usage: secrets list '],
  [['ls'], 'unknown command "ls"', 'did you mean list?', 'usage: secrets [options] [command]'],
  [['rm', 'A'], 'unknown command "rm"', 'did you mean delete?', 'usage: secrets [options] [command]'],
  [['unset', 'A'], 'unknown command "unset"', 'did you mean delete?', 'usage: secrets [options] [command]'],
  [['rename', 'A', 'B'], 'unknown command "rename"', 'secrets get OLD | secrets set NEW', 'usage: secrets '],
  [['list', '--timeout', 'soon'], 'a timeout is a number of seconds', '--timeout 30', 'usage: secrets list '],
  [['list', '--timeout', '-1'], 'a timeout is a number of seconds', '--timeout 30', 'usage: secrets list '],
  [['env', 'list', '--timeout=0'], 'a timeout is a number', '--timeout 30', 'usage: secrets env list '],
  [['--timeout', 'soon', 'list'], 'a timeout is a number', '--timeout 30', 'usage: secrets list '],
  [['member', 'ls'], 'unknown command "ls"', 'did you mean list?', 'usage: secrets member '],
  [['group', 'rm', 'ops', 'x'], 'unknown command "rm"', 'did you mean remove?', 'usage: secrets group '],
  [['project', 'new', 'x'], 'unknown command "new"', 'did you mean create?', 'usage: secrets project '],
  [['completion'], 'missing required argument "shell"', 'bash, zsh, fish, powershell', 'usage: secrets comp'],
  [['completion', 'tcsh'], 'no completion for "tcsh"', 'bash, zsh, fish', 'usage: secrets completion '],
  [
    ['import', 'x', '--format', 'xml'],
    'no format named "xml"',
    'dotenv, json, yaml, toml',
    'usage: secrets import',
  ],
  [['rotate', 'A', '--length', '20'], '--length goes with --generate', '', 'usage: secrets rotate '],
  [['rotate', 'A', '--generate', '--from-file', 'f'], 'not both', '', 'usage: secrets rotate '],
  [['set', 'A', 'B', '--from-file', 'f'], 'holds one value', '', 'usage: secrets set '],
])('a wrong command line: %j ends with status 2 and the usage line', async (args, what, hint, usage) => {
  const box = await sandbox().init();
  const stderr = await box.fails(2, args);
  expect(stderr).toContain(what);
  expect(stderr).toContain(hint);
  expect(stderr.split('\n').at(-2)).toContain(usage);
});

it('what is said in place of renaming does it, to the last byte', async () => {
  const box = await sandbox().init();
  await box.ok(['set', 'OLD', '--from-file', box.write('value', 'one\ntwo\n')]);
  const told = await box.fails(2, ['rename', 'OLD', 'NEW']);
  const line = /secrets get OLD .*$/m.exec(told)![0].replace('delete OLD', 'delete OLD --yes');
  expect(await box.shell(line)).toMatchObject({ status: 0 });
  expect(await box.ok(['get', 'NEW'])).toBe('one\ntwo\n');
  await box.fails(3, ['get', 'OLD']);
});

it('a wrong command line of run ends with status 125', async () => {
  const box = await sandbox().init();
  for (const args of [
    ['run'],
    ['run', '--'],
    ['run', '--bogus', 'true'],
    ['run', '--env'],
    ['run', '--timeout', 'x', 'true'],
  ])
    expect(await box.fails(125, args)).toContain('usage: secrets run [options] <command...>');
});

it.each([
  ['secret', ['get', 'DATABSE_URL'], 'did you mean "DATABASE_URL"?'],
  ['secret', ['rotate', 'DATABSE_URL', '--generate'], 'did you mean "DATABASE_URL"?'],
  ['secret', ['history', 'database_url'], 'did you mean "DATABASE_URL"?'],
  ['secret', ['delete', 'DATABSE_URL', '--yes'], 'did you mean "DATABASE_URL"?'],
  ['secret', ['get', 'ZZZ'], 'see all names with `secrets list'],
  ['environment', ['list', '--env', 'prodction'], 'did you mean "production"?'],
  ['environment', ['list', '--env', 'prod'], 'did you mean "production"?'],
  ['environment', ['pull', '--env', 'zzz'], 'see all names with `secrets env list'],
  ['environment', ['env', 'diff', 'stagin', 'production'], 'did you mean "staging"?'],
  ['environment', ['env', 'copy', 'staging', 'zzz'], 'see all names with `secrets env list'],
  ['project', ['list', '--project', 'webb'], 'did you mean "web"?'],
  ['project', ['project', 'delete', 'zzz', '--yes'], 'see all names with `secrets project list'],
])('an unknown %s in %j ends with status 3 and what to type', async (kind, args, hint) => {
  const box = await sandbox().init();
  await box.ok(['set', 'DATABASE_URL'], { input: 'x' });
  const stderr = await box.fails(3, args);
  expect(stderr).toContain(`no ${kind} named "`);
  expect(stderr).toContain(hint);
});

it.each([[['whoami']], [['member', 'list']], [['project', 'list']], [['audit']]])(
  'without a vault and without a link, %j says how to log in to a server',
  async (args) => {
    const box = sandbox();
    const login = 'or log in to a server: secrets login URL';
    expect(await box.fails(3, args)).toContain(login);
    box.write('secrets.config.json', '{ "project": "web" }\n');
    expect(await box.fails(3, args)).not.toContain(login);
  },
);

it('the commands of a server without its vault say how to name it', async () => {
  const box = sandbox({ SECRETS_MASTER_KEY: undefined });
  for (const args of [
    ['backup', 'x'],
    ['invite', 'olga@example.com'],
    ['rekey', '--new-master-key', 'env:NEW'],
  ]) {
    const stderr = await box.fails(3, ['serve', ...args]);
    expect(stderr).toContain('--database PLACE, or SECRETS_DATABASE');
    expect(stderr).not.toContain('secrets init');
  }
});

it('help of a command that is not there is an error', async () => {
  const { status, stderr } = await sandbox().run(['help', 'nope']);
  expect(stderr).toContain('unknown command "nope"');
  expect(status).toBe(2);
});

it('help, -h, --help and version go to stdout with status 0, without a vault', async () => {
  const box = sandbox();
  for (const args of [[], ['help'], ['-h'], ['--help']]) expect(await box.ok(args)).toContain('Commands:');
  for (const args of [
    ['help', 'get'],
    ['get', '-h'],
    ['get', '--help'],
  ])
    expect(await box.ok(args)).toContain('Usage: secrets get [options] <name>');
  expect(await box.ok(['env', 'copy', '--help'])).toContain('Usage: secrets env copy');
  for (const args of [['-V'], ['--version']]) expect(await box.ok(args)).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('every command and every command of a group has help with an example', async () => {
  const box = sandbox();
  const names = (help: string): string[] =>
    [...help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
  for (const name of names(await box.ok(['--help'])).filter((one) => one !== 'help')) {
    const help = await box.ok([name, '--help']);
    if (!help.includes('\nCommands:')) expect(help, name).toContain('\nExamples:\n');
    else
      for (const inner of names(help))
        expect(await box.ok([name, inner, '--help'])).toContain('\nExamples:\n');
  }
});

it.each([
  ['behind a mistyped option', ['set', 'A', '--vlaue=hunter2-canary']],
  ['behind a mistyped option of the program', ['--token=hunter2-canary']],
  ['behind a mistyped option of a group', ['env', '--token=hunter2-canary', 'list']],
  ['behind a flag that takes none', ['list', '--json=hunter2-canary']],
  ['in the place of a name', ['set', 'hunter2-canary']],
  ['after the name, for set', ['set', 'A', 'hunter2-canary']],
  ['after the name, for set, where it could be a name', ['set', 'A', 'hunter2_canary']],
  ['after the name, for rotate', ['rotate', 'A', 'hunter2-canary']],
  ['after the name, for get', ['get', 'A', 'hunter2-canary']],
  ['after a wrong name', ['set', '1A=hunter2-canary']],
  ['for a name that cannot be', ['set', 'LD_PRELOAD=hunter2-canary']],
  ['for a name that is given twice', ['set', 'A=hunter2-canary', 'A=hunter2-canary']],
])('a value %s is never shown', async (_, args) => {
  const box = await sandbox().init();
  await box.ok(['set', 'A'], { input: 'x' });
  for (const more of [[], ['--json']]) {
    const { status, stdout, stderr } = await box.run([...args, ...more], { input: 'typed' });
    expect(status).toBe(2);
    expect(stdout + stderr).not.toMatch(/hunter2.canary/);
  }
});

it('names that are taken end with status 6', async () => {
  const box = await sandbox().init();
  expect(await box.fails(6, ['project', 'create', 'web'])).toContain(
    'there is a project named "web" already',
  );
  expect(await box.fails(6, ['env', 'create', 'staging'])).toContain('"staging" already');
  expect(await box.fails(6, ['env', 'rename', 'staging', 'production'])).toContain('"production" already');
  await box.ok(['project', 'create', 'other']);
  expect(await box.fails(6, ['project', 'rename', 'other', 'web'])).toContain('"web" already');
});

it('with --json an error is one line of JSON with code, message and hints', async () => {
  const box = await sandbox().init();
  const cases: [string, number, string[]][] = [
    ['usage', 2, ['lst', '--json']],
    ['usage', 2, ['get', 'A', '--jsno', '--json']],
    ['invalid', 2, ['project', 'create', 'a/b', '--json']],
    ['not_found', 3, ['get', 'NOPE', '--json']],
    ['conflict', 6, ['project', 'create', 'web', '--json']],
    ['no_vault', 3, ['list', '--json']],
  ];
  for (const [code, status, args] of cases) {
    const env = code === 'no_vault' ? { SECRETS_VAULT: `${box.root}/none.db` } : {};
    const result = await box.run(args, { env });
    expect(result).toMatchObject({ status, stdout: '' });
    const lines = result.stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    const { error } = JSON.parse(lines[0]!) as { error: Record<string, unknown> };
    expect(Object.keys(error)).toEqual(['code', 'message', 'hints']);
    expect(error.code).toBe(code);
    expect(error.hints).toBeInstanceOf(Array);
  }
});

it('--json behind -- belongs to the program of run', async () => {
  const box = await sandbox().init();
  const result = await box.run(['run', '--', 'nosuchprogram', '--json']);
  expect(result).toMatchObject({ status: 127, stdout: '' });
  expect(result.stderr).toMatch(/^secrets: error: "nosuchprogram" was not found/);
});
