import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { terminal } from './harness/terminal.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.ok(['set', 'DATABASE_URL'], { input: 'postgres://x' });
  return box;
}

describe('stdout', () => {
  it('closed early by its reader: quiet, and no stack', async () => {
    const box = await filled();
    const names = Array.from({ length: 3000 }, (_, i) => `A_LONG_NAME_FOR_A_SECRET_${i}=x\n`).join('');
    await box.ok(['import', box.write('many.env', names)]);
    for (const command of ['list', 'list --json', 'pull -', 'import many.env --dry-run']) {
      const { stdout, stderr } = await box.shell(`secrets ${command} | head -c 10`);
      expect(stdout, command).toHaveLength(10);
      expect(stderr, command).toBe('');
    }
  });

  // Node opens /dev/null in its place, so that nobody can tell it from a wish.
  it('closed from the start: nothing breaks', async () => {
    const box = await filled();
    for (const command of ['get DATABASE_URL', 'list', 'pull -', '--help', 'completion bash'])
      expect(await box.shell(`secrets ${command} >&-`), command).toMatchObject({ status: 0, stderr: '' });
    expect((await box.shell('secrets get NOPE >&-')).status).toBe(3);
  });

  it('closed from the start: what was only to be done is done', async () => {
    const box = await filled();
    expect(await box.shell('printf y | secrets set B >&-')).toMatchObject({ status: 0, stderr: '' });
    expect(await box.shell('secrets pull >&- 2>&-')).toMatchObject({ status: 0 });
    expect(box.read('.env')).toContain('B=y');
    expect(await box.ok(['get', 'B'])).toBe('y');
    // The descriptors 1 and 2 are free then: no file of ours may be opened on them and written to.
    expect(await box.ok(['doctor'])).toContain('sound');
  });

  it('closed together with stdin and stderr: the vault is not written into by an error', async () => {
    const box = await filled();
    await box.shell('secrets get NOPE <&- >&- 2>&-');
    await box.shell('secrets get DATABASE_URL <&- >&- 2>&-');
    await box.shell('secrets set C=1 <&- >&- 2>&-');
    expect(await box.ok(['doctor'])).toContain('sound');
    expect(await box.ok(['get', 'C'])).toBe('1');
  });

  it('full: the error is told on stderr, without a value', async () => {
    const box = await filled();
    await box.set('A', 'canary-for-dev-full');
    const { status, stderr } = await box.shell('secrets get A > /dev/full');
    expect(status).not.toBe(0);
    expect(stderr).toContain('ENOSPC');
  });

  it('has data alone: notes go to stderr, and only to a terminal', async () => {
    const box = await filled();
    for (const args of [['set', 'A'], ['pull'], ['env', 'create', 'x'], ['rotate', 'A', '--generate']])
      expect(await box.run(args, { input: 'x' }), args.join(' ')).toMatchObject({
        stdout: '',
        stderr: '',
        status: 0,
      });
  });
});

describe('on a terminal', () => {
  const colored = /\x1b\[3[0-9]m/; // eslint-disable-line no-control-regex -- colours are what is looked for

  it('errors are coloured; not with NO_COLOR, --no-color or TERM=dumb', async () => {
    const box = await filled();
    const shown = async (args: string[], env: Record<string, string> = {}): Promise<string> => {
      const term = terminal(box, args, { env });
      expect((await term.ends()).screen).toContain('secrets: error: no secret named "NOPE"');
      return term.raw();
    };
    expect(await shown(['get', 'NOPE'])).toMatch(colored);
    expect(await shown(['get', 'NOPE'], { NO_COLOR: '1' })).not.toMatch(colored);
    expect(await shown(['get', 'NOPE', '--no-color'])).not.toMatch(colored);
    expect(await shown(['get', 'NOPE'], { TERM: 'dumb' })).not.toMatch(colored);
  });

  it('a list has a heading, and a value ends with a newline; a pipe gets neither', async () => {
    const box = await filled();
    expect((await terminal(box, ['list']).ends()).screen).toMatch(
      /NAME +VERSION +UPDATED +BY\nDATABASE_URL +v1/,
    );
    expect(await box.ok(['list'])).toMatch(/^DATABASE_URL +v1 /);
    expect((await terminal(box, ['get', 'DATABASE_URL']).ends()).screen).toBe('postgres://x\n');
    expect(await box.ok(['get', 'DATABASE_URL'])).toBe('postgres://x');
  });

  it('what was done is told; not with --quiet, which lets data, warnings and errors through', async () => {
    const box = await filled();
    expect((await terminal(box, ['pull']).ends()).screen).toContain(
      'wrote 1 secret of web/development to .env',
    );
    expect((await terminal(box, ['pull', '--quiet']).ends()).screen).toBe('');
    expect((await terminal(box, ['set', 'B=1', '--quiet']).ends()).screen).toContain('warning:');
    expect((await terminal(box, ['get', 'NOPE', '-q']).ends()).screen).toContain('error:');
    expect((await terminal(box, ['get', 'B', '-q']).ends()).screen).toBe('1\n');
  });

  it('--json is indented for people, and on one line for a pipe', async () => {
    const box = await filled();
    expect((await terminal(box, ['env', 'list', '--json']).ends()).screen).toContain(
      '\n    "name": "staging"',
    );
    expect(await box.ok(['env', 'list', '--json'])).toMatch(/^\[.*\]\n$/);
  });
});
