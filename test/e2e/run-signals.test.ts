import { describe, expect, it } from 'vitest';
import { node, type Sandbox, sandbox } from './harness/sandbox.ts';
import { ctrlC, enter, terminal } from './harness/terminal.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('API_KEY', 'canary-for-the-child');
  return box;
}

describe('signals and run', () => {
  it('a reader that closes early ends the program quietly', async () => {
    const box = await filled();
    const { stdout, stderr } = await box.shell('secrets run -- yes | head -1; secrets run -- yes | true');
    expect({ stdout, stderr }).toEqual({ stdout: 'y\n', stderr: '' });
  });

  it('no signal is ignored or blocked that was not before', async () => {
    const box = await filled();
    const look = 'grep -E "^Sig(Ign|Blk)" /proc/self/status';
    expect((await box.shell(`secrets run -- ${look}`)).stdout).toBe((await box.shell(look)).stdout);
  });

  it('a signal to us is a signal to the program', async () => {
    const box = await filled();
    box.write(
      'child',
      `#!/bin/bash\ntrap 'echo got it; exit 3' TERM\necho ready\nwhile :; do sleep 0.01; done\n`,
      0o755,
    );
    const script = `mkfifo pipe; secrets run -- ./child > pipe & exec 4< pipe
read -r ready <&4; kill -TERM $!; wait $!; echo "$ready $?"; cat <&4`;
    expect((await box.shell(script, { shell: ['bash', '-c'] })).stdout).toBe('ready 3\ngot it\n');
  });
});

describe('run on a terminal', () => {
  it('the program has the terminal on all three, and its size', async () => {
    const box = await filled();
    const script = 'test -t 0 && test -t 1 && test -t 2 && tty && stty size';
    const term = terminal(box, ['run', '--', 'sh', '-c', script]);
    const { status, screen } = await term.ends();
    expect(status).toBe(0);
    expect(screen).toMatch(/^\/dev\/pts\/\d+\n40 120\n$/);
  });

  it('what is typed goes to the program, and prompts of it work', async () => {
    const box = await filled();
    const term = terminal(box, [
      'run',
      '--',
      'sh',
      '-c',
      'stty -echo; printf "name? "; read n; echo "hello $n"',
    ]);
    await term.shows('name? ');
    term.type(`you${enter}`);
    await term.shows('hello you');
    expect((await term.ends()).status).toBe(0);
  });

  it('Ctrl-C reaches the program once; without a handler it dies of it', async () => {
    const box = await filled();
    const term = terminal(box, ['run', '--', 'sh', '-c', 'echo ready; exec sleep 1000']);
    await term.shows('ready');
    term.type(ctrlC);
    expect(await term.ends()).toMatchObject({ signal: 2 });
  });

  it('Ctrl-C at a program that handles it: once, and it goes on to its own end', async () => {
    const box = await filled();
    const script =
      "process.on('SIGINT', () => { console.log('caught'); setImmediate(() => process.exit(9)); }); console.log('ready'); setInterval(() => {}, 1000)";
    const term = terminal(box, ['run', '--', node, '-e', script]);
    await term.shows('ready');
    term.type(ctrlC);
    const { status, screen } = await term.ends();
    expect(status).toBe(9);
    expect(screen.match(/caught/g)).toHaveLength(1);
  });

  it('Ctrl-Z stops it, and fg brings it back', async () => {
    const box = await filled();
    const term = terminal(box, ['--norc', '--noprofile', '-i'], { file: 'bash', env: { PS1: 'prompt> ' } });
    await term.shows('prompt> ');
    term.type(`secrets run -- sh -c 'echo ready; read line; echo "got $line"'${enter}`);
    await term.shows(/^ready$/m);
    term.type('\x1a');
    await term.shows(/Stopped[^]*prompt> /);
    term.type(`fg${enter}`);
    await term.shows(/secrets run/);
    term.type(`again${enter}`);
    await term.shows('got again');
    term.type(`exit${enter}`);
    expect((await term.ends()).status).toBe(0);
  });
});
