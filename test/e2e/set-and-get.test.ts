import { describe, expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';
import { enter, terminal } from './harness/terminal.ts';

const pem = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQ/+=\n'.repeat(30)}-----END PRIVATE KEY-----\n`;

describe('set and get', () => {
  it.each([
    ['a word', 'word'],
    ['a final newline', 'line\n'],
    ['two final newlines', 'line\n\n'],
    ['CRLF', 'one\r\ntwo\r\n'],
    ['a PEM key', pem],
    ['emoji and a BOM', '\uFEFF🦀 grüße 👩‍👩‍👧'],
    ['quotes and dollars', `'"\`$HOME\\n`],
    ['blanks alone', ' \t '],
    ['one newline', '\n'],
    ['nothing', ''],
    ['JSON', '{"a": [1, "\\u0000"]}'],
  ])('%s from a file comes back byte for byte', async (_, value) => {
    const box = await sandbox().init();
    await box.ok(['set', 'A', '--from-file', box.write('value', value)]);
    expect(await box.ok(['get', 'A'])).toBe(value);
    expect(await box.json(['get', 'A'])).toEqual({ name: 'A', value, version: 1 });
    expect(await box.ok(['run', '--', 'sh', '-c', 'printf %s "$A"'])).toBe(value);
  });

  it.each([
    ['value', 'value'],
    ['value\n', 'value'],
    ['value\r\n', 'value'],
    ['value\n\n', 'value\n'],
    ['a\nb\n', 'a\nb'],
    ['\n', ''],
    [' value ', ' value '],
  ])('a pipe with %j is the value %j', async (input, value) => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input });
    expect(await box.ok(['get', 'A'])).toBe(value);
  });

  it('NAME=VALUE works and warns, without the value; NAME= is the empty value', async () => {
    const box = await sandbox().init();
    const { status, stderr } = await box.run(['set', `A=${box.canary('canary=with=equals')}`, 'B=']);
    expect(status).toBe(0);
    expect(stderr).toContain(`warning: the value of "A" went through the command line`);
    expect(stderr).toContain('hint: give it at the prompt: secrets set A');
    expect(await box.ok(['get', 'A'])).toBe('canary=with=equals');
    expect(await box.ok(['get', 'B'])).toBe('');
  });

  it('several at once are one revision, and --json tells the versions', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'B=1']);
    expect(await box.json(['set', 'A=1', 'B=2'])).toEqual({
      revision: 2,
      secrets: [
        { name: 'A', version: 1 },
        { name: 'B', version: 2 },
      ],
      project: 'web',
      environment: 'development',
    });
    expect(await box.json(['list'])).toMatchObject({ revision: 2 });
  });

  it('at the hidden prompt nothing of the value is shown', async () => {
    const box = await sandbox().init();
    const term = terminal(box, ['set', 'A']);
    await term.shows('Value of A');
    // Ctrl-T would show it, if the prompt were the library's own.
    term.type('\x14');
    term.type(`${box.canary('canary-typed')}${enter}`);
    const { status, screen } = await term.ends();
    expect(status).toBe(0);
    expect(screen).toContain('set A in web/development (version 1)');
    expect(term.raw()).not.toMatch(/canary|\*/);
    expect(await box.ok(['get', 'A'])).toBe('canary-typed');
  });

  it('at the hidden prompt each of several is asked for', async () => {
    const box = await sandbox().init();
    const term = terminal(box, ['set', 'A', 'B']);
    await term.shows('Value of A');
    term.type(`one${enter}`);
    await term.shows('Value of B');
    term.type(`two${enter}`);
    expect((await term.ends()).status).toBe(0);
    expect(await box.ok(['get', 'A'])).toBe('one');
    expect(await box.ok(['get', 'B'])).toBe('two');
  });

  it('environments and projects are apart', async () => {
    const box = await sandbox().init();
    await box.ok(['project', 'create', 'api']);
    await box.ok(['set', 'A'], { input: 'here' });
    await box.ok(['set', 'A', '--env', 'production'], { input: 'in production' });
    await box.ok(['set', 'A', '-p', 'api', '-e', 'staging'], { input: 'of api' });
    expect(await box.ok(['get', 'A'])).toBe('here');
    expect(await box.ok(['get', 'A', '-e', 'production'])).toBe('in production');
    expect(await box.ok(['get', 'A'], { env: { SECRETS_ENV: 'production' } })).toBe('in production');
    expect(await box.ok(['get', 'A', '-p', 'api', '-e', 'staging'])).toBe('of api');
    expect((await box.run(['get', 'A', '-p', 'api'])).status).toBe(3);
  });

  it('a name that is like one of JavaScript is a name', async () => {
    const box = await sandbox().init();
    for (const name of ['__proto__', 'constructor', 'toString', '_', 'a']) {
      await box.ok(['set', name], { input: `value of ${name}` });
      expect(await box.ok(['get', name])).toBe(`value of ${name}`);
    }
    expect(await box.ok(['run', '--', 'printenv', 'constructor'])).toBe('value of constructor\n');
    expect(await box.ok(['run', '--', 'printenv', '__proto__'])).toBe('value of __proto__\n');
    await box.ok(['pull']);
    expect(box.read('.env').match(/=/g)).toHaveLength(5);
  });
});
