import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lackingPrograms, titled } from './harness/needs.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { type Terminal, terminal } from './harness/terminal.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('DATABASE_URL', 'canary-never-completed');
  await box.set('DATABASE_POOL', 'canary-neither');
  box.write('notes.txt', '');
  return box;
}

/** What each shell is asked: the line up to the cursor, and what it must offer. */
const questions: [line: string, offers: string[]][] = [
  ['secrets ro', ['rotate']],
  ['secrets get DATA', ['DATABASE_URL', 'DATABASE_POOL']],
  ['secrets env d', ['delete', 'diff']],
  ['secrets get --env pro', ['production']],
  ['secrets list --project w', ['web']],
  ['secrets rotate --gen', ['--generate']],
  ['secrets completion z', ['zsh']],
];

const noBash = lackingPrograms('bash');
describe.skipIf(noBash)(titled('completion in bash', noBash), () => {
  const ask = async (box: Sandbox, line: string): Promise<string[]> => {
    const script = `eval "$(secrets completion bash)"; COMP_WORDS=(${line.endsWith(' ') ? `${line}''` : line})
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _secrets; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = await box.shell(script, { shell: ['bash', '--norc', '-c'] });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.split('\n').filter((one) => one !== '');
  };

  it.each(questions)('%s', async (line, offers) => {
    expect((await ask(await filled(), line)).toSorted()).toEqual(offers.toSorted());
  });

  it('TAB itself, on a terminal', async () => {
    const box = await filled();
    const term = terminal(box, ['--norc', '--noprofile', '-i'], { file: 'bash', env: { PS1: 'prompt> ' } });
    await term.shows('prompt> ');
    term.type('eval "$(secrets completion bash)"; bind "set bell-style none"; echo loa""ded\r');
    await term.shows('loaded');
    term.type('secrets history DATABASE_U\t');
    await term.shows('DATABASE_URL ');
    term.type('\r');
    await term.shows(/^v1 .*current$/m);
    term.type('cat not\t');
    await term.shows('notes.txt ');
    term.type('\x15exit\r');
    await term.ends();
  });

  it.each([
    ['secrets member remove mir', 'secrets member remove mira@example.com '],
    ['secrets member remove mira@', 'secrets member remove mira@example.com '],
    ['secrets member remove mira@exa', 'secrets member remove mira@example.com '],
    ['secrets grant add mira@example.com wri', 'secrets grant add mira@example.com write '],
    ['secrets grant add group:', 'secrets grant add group:ops '],
    ['secrets grant add group:o', 'secrets grant add group:ops '],
    ['secrets get --env=prod', 'secrets get --env=production '],
    ['secrets get --env=production DATABASE_L', 'secrets get --env=production DATABASE_LIVE '],
  ])('TAB behind a word that bash takes for several: %s', async (line, whole) => {
    const box = await filled();
    box.canary((await box.ok(['member', 'invite', 'mira@example.com', '--group', 'ops'])).trim());
    await box.ok(['set', 'DATABASE_LIVE', '--env', 'production'], { input: 'x' });
    const term = terminal(box, ['--norc', '--noprofile', '-i'], { file: 'bash', env: { PS1: 'prompt> ' } });
    await term.shows('prompt> ');
    term.type('eval "$(secrets completion bash)"; bind "set bell-style none"; echo loa""ded\r');
    await term.shows(/^loaded\nprompt> $/m);
    // What bash makes of the line is told by echo, put before it: the screen alone may show what was rubbed out.
    term.type(`${line}\t.\x01echo \r`);
    await term.shows(new RegExp(`[\\r\\n]${whole}\\.\\n`));
    term.type('exit\r');
    await term.ends();
  });
});

/** At its prompt, with the script evaluated. */
async function zsh(box: Sandbox): Promise<Terminal> {
  const lines = 'PS1="prompt> "; autoload -U compinit; compinit -u\neval "$(secrets completion zsh)"\n';
  writeFileSync(join(box.home, '.zshrc'), lines);
  const term = terminal(box, ['-i'], { file: 'zsh' });
  await term.shows('prompt> ');
  return term;
}

const noZsh = lackingPrograms('zsh');
describe.skipIf(noZsh)(titled('completion in zsh', noZsh), () => {
  it('the script is evaluated without a word, and TAB completes', async () => {
    const box = await filled();
    const term = await zsh(box);
    for (const [line, whole] of [
      ['secrets rota', 'secrets rotate '],
      ['secrets get DATABASE_U', 'secrets get DATABASE_URL '],
      ['secrets get --env prod', 'secrets get --env production '],
    ]) {
      term.type(`${line}\t`);
      await term.shows(whole!.slice(line!.length).trim());
      term.type('\x15');
    }
    term.type('echo not\t\r');
    await term.shows('notes.txt');
    term.type('exit\r');
    expect((await term.ends()).screen).not.toContain('command not found');
  });

  it('candidates are offered with what they are', async () => {
    const box = await filled();
    const term = await zsh(box);
    term.type('secrets env d\t\t');
    await term.shows(/delete +-- delete an environment/);
    term.type('\x15exit\r');
    await term.ends();
  });
});

const noFish = lackingPrograms('fish');
describe.skipIf(noFish)(titled('completion in fish', noFish), () => {
  const ask = async (box: Sandbox, line: string): Promise<string[]> => {
    mkdirSync(join(box.home, '.config/fish'), { recursive: true });
    const script = `secrets completion fish | source; complete -C '${line}'`;
    const { status, stdout, stderr } = await box.shell(script, { shell: ['fish', '--no-config', '-c'] });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout
      .split('\n')
      .filter((one) => one !== '')
      .map((one) => one.split('\t')[0]!);
  };

  it.each(questions)('%s', async (line, offers) => {
    expect((await ask(await filled(), line)).toSorted()).toEqual(offers.toSorted());
  });

  it('files, where a file belongs', async () => {
    expect(await ask(await filled(), 'secrets import no')).toContain('notes.txt');
  });
});

describe('complete', () => {
  it('never prints a value, whatever is asked', async () => {
    const box = await filled();
    const asked = [
      [''],
      ['get', ''],
      ['get', 'canary'],
      ['set', ''],
      ['run', '--', ''],
      ['get', 'DATABASE_URL', ''],
      ['pull', ''],
      ['--'],
      ['history', 'D'],
    ];
    for (const words of asked) expect(await box.ok(['complete', '--', ...words])).not.toContain('canary');
  });

  it('offers nothing, quietly, where there is no vault, no project, or no key', async () => {
    const box = sandbox();
    for (const words of [
      ['get', ''],
      ['get', '--project', ''],
      ['nope', ''],
      ['get', '--env', 'x'],
    ])
      expect(await box.run(['complete', '--', ...words])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(box.files().filter((file) => file.includes('vault'))).toEqual([]);
    await box.init();
    await box.ok(['set', 'A'], { input: 'x' });
    const env = { SECRETS_MASTER_KEY: 'no key' };
    expect(await box.ok(['complete', '--', 'get', ''], { env })).toContain('A');
  });

  it('offers the names of the environment that the line names', async () => {
    const box = await filled();
    await box.ok(['set', 'ONLY_STAGING', '--env', 'staging'], { input: 'x' });
    for (const option of [['--env', 'staging'], ['--env=staging'], ['-e', 'staging']])
      expect(await box.ok(['complete', '--', 'get', ...option, ''])).toBe('ONLY_STAGING\tversion 1\n');
  });

  it('is not shown in help, and offers every command that is', async () => {
    const box = sandbox();
    const help = await box.ok(['--help']);
    expect(help).not.toMatch(/^ {2}complete /m);
    const offered = (await box.ok(['complete', '--', ''])).split('\n').map((line) => line.split('\t')[0]);
    for (const [, name] of help.slice(help.indexOf('Commands:')).matchAll(/^ {2}([a-z]+) /gm))
      if (name !== 'help') expect(offered).toContain(name);
  });

  it('powershell has a script too', async () => {
    expect(await sandbox().ok(['completion', 'powershell'])).toContain('Register-ArgumentCompleter');
  });
});
