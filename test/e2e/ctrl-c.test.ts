import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { ctrlC, enter, terminal } from './harness/terminal.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.ok(['set', 'A'], { input: 'first' });
  return box;
}

/** Each kind of prompt, and what it shows. */
const prompts: [kind: string, command: string, shows: string][] = [
  ['a hidden value', 'secrets set B', 'Value of B'],
  ['a hidden value of rotate', 'secrets rotate A', 'Value of A'],
  ['a name to confirm', 'secrets delete A', 'Type A to confirm'],
  ['a passphrase', 'secrets key export backup', 'Passphrase for the backup'],
  ['a question', 'secrets import change.env', 'Write to web/development?'],
  ['a text', 'cd new && secrets init', 'Name of the project'],
];

describe('Ctrl-C', () => {
  it.each(prompts)(
    'at %s: status 130, nothing changed, and the terminal is as before',
    async (_, command, shows) => {
      const box = await filled();
      box.write('change.env', 'A=second\n');
      if (command.includes('init')) await box.shell('mkdir new; mv secrets.config.json kept');
      const term = terminal(box, ['-i'], { file: 'sh', env: { PS1: 'ready> ' } });
      await term.shows('ready> ');
      term.type(`stty -a > ~/before; ${command}${enter}`);
      await term.shows(shows);
      term.type('typed-at-prompt');
      term.type(ctrlC);
      await term.shows(/interrupted; nothing was changed\n[^]*ready> /);
      term.type(`echo "status=$?"; stty -a > ~/after; cmp ~/before ~/after && echo "terminal=same"${enter}`);
      await term.shows(/^status=130\nterminal=same\n/m);
      term.type(`exit${enter}`);
      const { screen } = await term.ends();
      if (/value|passphrase/i.test(shows)) expect(screen).not.toContain('typed-at-prompt');
      if (command.includes('init')) await box.shell('mv kept secrets.config.json');
      expect(await box.json(['list'])).toMatchObject({ secrets: [{ name: 'A', version: 1 }] });
      expect(box.exists('backup')).toBe(false);
      expect(box.exists('new/secrets.config.json')).toBe(false);
    },
  );

  it('at the second prompt of two secrets: neither is set', async () => {
    const box = await filled();
    const term = terminal(box, ['set', 'B', 'C']);
    await term.shows('Value of B');
    term.type(`typed${enter}`);
    await term.shows('Value of C');
    term.type(ctrlC);
    expect(await term.ends()).toMatchObject({ status: 130 });
    expect(await box.json(['list'])).toMatchObject({ secrets: [{ name: 'A' }] });
  });

  it('under run: goes to the program, once', async () => {
    const box = await filled();
    const script = `trap 'echo interrupted once; exit 7' INT; echo waiting; while :; do read -r line; done`;
    const term = terminal(box, ['run', '--', 'sh', '-c', script]);
    await term.shows('waiting');
    term.type(ctrlC);
    const { status, screen } = await term.ends();
    expect(status).toBe(7);
    expect(screen.match(/interrupted once/g)).toHaveLength(1);
  });

  it('an end of input at a prompt: status 130 or 2, and nothing changed', async () => {
    const box = await filled();
    const term = terminal(box, ['set', 'B']);
    await term.shows('Value of B');
    term.type('\x04');
    term.type(ctrlC);
    expect([2, 130]).toContain((await term.ends()).status);
    expect(await box.json(['list'])).toMatchObject({ secrets: [{ name: 'A' }] });
  });
});
