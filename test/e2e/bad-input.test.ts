import { mkdirSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';

it.each([
  ['a slash', 'a/b', 'a/b'],
  ['a quote', "it's", "it's"],
  ['an emoji', 'rocket🚀', 'rocket🚀'],
  ['a newline', 'a\nb', String.raw`a\u{a}b`],
  ['an escape', 'a\x1b[31mb', String.raw`a\u{1b}[31mb`],
  ['65 characters', 'a'.repeat(65), `${'a'.repeat(63)}…`],
  ['nothing', '', '""'],
  ['dots that leave', '../x', '../x'],
])('a project or environment named with %s is refused, and shown on one line', async (_, name, shown) => {
  const box = await sandbox().init();
  for (const args of [
    ['project', 'create', name],
    ['project', 'rename', 'web', name],
    ['env', 'create', name],
  ]) {
    const stderr = await box.fails(2, args);
    expect(stderr.split('\n')[0]).toContain(shown);
    expect(stderr).toContain('at most 64 characters');
  }
  expect(await box.json(['project', 'list'])).toMatchObject([{ name: 'web' }]);
});

it('a project of 64 characters is taken', async () => {
  const box = sandbox();
  await box.ok(['init', '--project', 'a'.repeat(64)]);
  await box.ok(['set', 'A'], { input: 'x' });
  expect(await box.ok(['get', 'A'])).toBe('x');
});

it('a link file with a project name that cannot be is refused, and no word of it is shown', async () => {
  const box = await sandbox().init();
  box.write('secrets.config.json', JSON.stringify({ project: 'a\nb' }));
  expect(await box.fails(2, ['list'])).toMatch(
    /^secrets: error: \S+:1: "project" should be a name of [^\n]*\n$/,
  );
});

it.each([
  ['NUL', Buffer.from('a\0b'), 'NUL byte'],
  ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xfe]), 'not valid UTF-8'],
  ['a lone surrogate', Buffer.from([0xed, 0xa0, 0x80]), 'not valid UTF-8'],
  ['64 KiB and one byte', Buffer.alloc(65_537, 'x'), 'is 65537 bytes; the limit is 65536'],
])('a value with %s is refused on stdin and from a file, and nothing is written', async (_, bytes, what) => {
  const box = await sandbox().init();
  const file = box.write('value', bytes);
  expect(await box.fails(2, ['set', 'A'], { input: bytes })).toContain(what);
  expect(await box.fails(2, ['set', 'A', '--from-file', file])).toContain(what);
  expect(await box.json(['list'])).toMatchObject({ secrets: [], revision: 0 });
});

it('a value of 64 KiB is taken, in ASCII and in emoji', async () => {
  const box = await sandbox().init();
  for (const value of ['x'.repeat(65_536), '🦀'.repeat(16_384)]) {
    await box.ok(['set', 'A'], { input: value });
    expect((await box.ok(['get', 'A'])) === value).toBe(true);
    expect((await box.ok(['run', '--', 'sh', '-c', 'printf %s "$A"'])) === value).toBe(true);
  }
});

it.each([
  ['256 characters', 'A'.repeat(256)],
  ['a digit first', '1A'],
  ['a dash', 'A-B'],
  ['a space', 'A B'],
  ['a dot', 'a.b'],
  ['an umlaut', 'SCHLÜSSEL'],
  ['nothing', ''],
])('a secret named with %s is refused', async (_, name) => {
  const box = await sandbox().init();
  expect(await box.fails(2, ['set', name], { input: 'x' })).toContain('is not a name for a secret');
  expect(await box.json(['list'])).toMatchObject({ secrets: [] });
});

it('a name of 255 characters is taken', async () => {
  const box = await sandbox().init();
  const name = 'A'.repeat(255);
  await box.ok(['set', name], { input: 'x' });
  expect(await box.ok(['get', name])).toBe('x');
});

it('of several secrets none is written when one is bad', async () => {
  const box = await sandbox().init();
  await box.fails(2, ['set', 'GOOD=1', `LARGE=${'x'.repeat(65_537)}`]);
  await box.fails(2, ['set', 'GOOD=1', 'B-AD=2']);
  await box.fails(2, ['set', 'GOOD=1', 'GOOD=2']);
  expect(await box.json(['list'])).toMatchObject({ secrets: [] });
});

it('set without a terminal and without input says how to give a value', async () => {
  const box = await sandbox().init();
  const stderr = await box.fails(2, ['set', 'A']);
  expect(stderr).toContain('no value for "A"');
  expect(stderr).toContain('--from-file FILE');
  expect((await box.shell('secrets set A <&-')).status).toBe(2);
});

it('without a terminal nothing is asked: delete, import and init name the option', async () => {
  const box = await sandbox().init();
  await box.ok(['set', 'A'], { input: 'x' });
  expect(await box.fails(2, ['delete', 'A'])).toContain('--yes');
  expect(await box.fails(2, ['project', 'delete', 'web'])).toContain('--yes');
  expect(await box.fails(2, ['env', 'delete', 'staging'])).toContain('--yes');
  expect(await box.fails(2, ['key', 'export', 'backup'])).toContain('--passphrase-file');
  rmSync(box.path('secrets.config.json'));
  expect(await box.fails(2, ['init'])).toContain('--project NAME');
  expect(box.exists('backup')).toBe(false);
});

it('no link file: says where it looked and what to do; --project and SECRETS_PROJECT do without', async () => {
  const box = await sandbox().init();
  await box.ok(['set', 'A'], { input: 'x' });
  rmSync(box.path('secrets.config.json'));
  const stderr = await box.fails(2, ['get', 'A']);
  expect(stderr).toContain(`no project: there is no secrets.config.json in ${box.project}`);
  expect(stderr).toContain('secrets init');
  expect(await box.fails(125, ['run', '--', 'true'])).toContain('no project');
  expect(await box.ok(['get', 'A', '--project', 'web'])).toBe('x');
  expect(await box.ok(['get', 'A'], { env: { SECRETS_PROJECT: 'web' } })).toBe('x');
});

it.each([
  ['that is not JSON', '{ "project": "web",\n  oops }', ':2: not valid JSON'],
  ['that is empty', '', 'not valid JSON'],
  [
    'with a key that is not known',
    '{\n "project": "web",\n "enviroment": "x" }',
    ':3: unknown key "enviroment"',
  ],
  ['with a list in the place of an object', '[]', 'not an object'],
  ['without a project', '{}', '"project" is missing'],
  ['with a number for a name', '{\n"project": 1 }', ':2: "project" should be a name of letters'],
  ['with a wrong allow', '{ "project": "web", "allow": "PATH" }', '"allow" should be a list of names'],
  ['with __proto__', '{ "project": "web", "__proto__": {} }', 'unknown key "__proto__"'],
  ['that is not UTF-8', Buffer.from([0x7b, 0xff]), 'is not valid UTF-8'],
])('a link file %s is refused with file and line', async (_, text, what) => {
  const box = await sandbox().init();
  box.write('secrets.config.json', text);
  for (const args of [['list'], ['get', 'A'], ['pull'], ['init']]) {
    const stderr = await box.fails(2, args);
    expect(stderr).toContain('secrets.config.json');
    expect(stderr).toContain(what);
  }
  expect(await box.fails(125, ['run', '--', 'true'])).toContain(what);
});

it('a link file that is a folder is refused', async () => {
  const box = sandbox();
  mkdirSync(box.path('secrets.config.json'));
  expect(await box.fails(2, ['list'])).toContain('is not a plain file');
});

it('a file that is not there, or a folder, is named', async () => {
  const box = await sandbox().init();
  for (const args of [
    ['import', 'nowhere'],
    ['set', 'A', '--from-file', 'nowhere'],
    ['init', '--import', 'nowhere'],
  ])
    expect(await box.fails(2, args)).toContain('"nowhere": there is none');
  expect(await box.fails(2, ['import', '.'])).toContain('".": it is a folder');
});

it('the folder one stands in is gone: says what is missing, and --project does without', async () => {
  const box = await sandbox().init();
  await box.ok(['set', 'A'], { input: 'x' });
  mkdirSync(box.path('gone'));
  const inGone = (command: string): string =>
    `cd gone && rmdir ../gone && ${command}; status=$?; cd ..; mkdir gone; exit $status`;
  expect((await box.shell(inGone('secrets get A'))).status).toBe(2);
  expect(await box.shell(inGone('secrets get A --project web'))).toMatchObject({ status: 0, stdout: 'x' });
});
