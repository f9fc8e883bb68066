import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { node, type Sandbox, sandbox } from './harness/sandbox.ts';

async function filled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('API_KEY', 'canary-for-the-child');
  return box;
}

/** A program that prints its arguments and one variable as JSON. */
const show = 'console.log(JSON.stringify([process.argv.slice(1), process.env.API_KEY]))';

describe('run', () => {
  it('hands every argument over byte for byte', async () => {
    const box = await filled();
    const words = [
      '',
      ' ',
      'a b',
      '$HOME',
      '`id`',
      'line\nbreak',
      '--',
      '-x',
      '--env',
      'ü🦀',
      "'",
      '"',
      '*',
      '\\',
      '\t',
    ];
    const { stdout } = await box.run(['run', '--', node, '-e', show, '--', ...words]);
    expect(JSON.parse(stdout)).toEqual([words, 'canary-for-the-child']);
  });

  it('takes its own options before the program, and none behind it', async () => {
    const box = await filled();
    await box.ok(['set', 'API_KEY', '--env', 'staging'], { input: 'staged' });
    expect(await box.ok(['run', '--env', 'staging', 'printenv', 'API_KEY'])).toBe('staged\n');
    expect(await box.ok(['run', '-e', 'staging', '--', 'printenv', 'API_KEY'])).toBe('staged\n');
    expect(await box.ok(['run', 'echo', '--env', 'staging', '-q', '--help'])).toBe(
      '--env staging -q --help\n',
    );
    expect(await box.ok(['run', '--', 'echo', '--', 'x'])).toBe('-- x\n');
  });

  it('gives its own name to the program as it was typed', async () => {
    const box = await filled();
    expect(await box.ok(['run', '--', 'sh', '-c', 'echo $0'])).toBe('sh\n');
    expect(await box.ok(['run', '--', 'cat', '/proc/self/cmdline'])).toBe('cat\0/proc/self/cmdline\0');
  });

  it('passes values of every kind', async () => {
    const box = await filled();
    const values = ['', ' ', '$HOME', '\'"`\\', 'one\ntwo\r\n', 'ü🦀', '=', 'x'.repeat(60_000)];
    for (const [i, value] of values.entries())
      await box.ok(['set', `V${i}`, '--from-file', box.write('value', value)]);
    const script = 'console.log(JSON.stringify(process.argv.slice(1).map((name) => process.env[name])))';
    const names = values.map((_, i) => `V${i}`);
    expect(JSON.parse(await box.ok(['run', '--', node, '-e', script, '--', ...names]))).toEqual(values);
  });

  it('prints nothing of its own', async () => {
    const box = await filled();
    expect(await box.run(['run', '--', 'true'])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await box.run(['run', '--', 'sh', '-c', 'echo out; echo err >&2'])).toEqual({
      status: 0,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('writes no file, not even in the temporary folder', async () => {
    const box = await filled();
    const temporary = join(box.root, 'tmp');
    mkdirSync(temporary);
    const before = box.snapshot();
    await box.ok(['run', '--', 'true'], { env: { TMPDIR: temporary } });
    expect(box.snapshot()).toEqual(before);
  });

  it('passes ten megabytes through, both ways', async () => {
    const box = await filled();
    const { stdout } = await box.shell(
      'head -c 10000000 /dev/urandom > big; secrets run -- cat < big | cmp - big && echo same',
    );
    expect(stdout).toBe('same\n');
  });

  it('passes stdin, and does not read a byte of it itself', async () => {
    const box = await filled();
    const { stdout } = await box.shell('printf "one\\ntwo\\n" | { secrets run -- head -c 4; cat; }');
    expect(stdout).toBe('one\ntwo\n');
    expect((await box.shell('secrets run -- cat <&-')).status).not.toBe(125);
  });

  it('passes descriptor 3', async () => {
    const box = await filled();
    box.write('three', 'three\n');
    expect((await box.shell('secrets run -- sh -c "cat <&3" 3< three')).stdout).toBe('three\n');
  });

  it('passes process substitution, and no descriptor of ours', async () => {
    const box = await filled();
    const { stdout } = await box.shell('secrets run -- cat <(echo one) <(echo two)', {
      shell: ['bash', '-c'],
    });
    expect(stdout).toBe('one\ntwo\n');
    const plain = await box.shell('ls /proc/self/fd');
    expect((await box.shell('secrets run -- ls /proc/self/fd')).stdout).toBe(plain.stdout);
  });

  it('becomes the program: the same process, and none of ours beside it', async () => {
    const box = await filled();
    const { stdout } = await box.shell('sh -c \'echo $$; exec secrets run -- sh -c "echo \\$\\$"\'');
    const [ours, theirs] = stdout.trim().split('\n');
    expect(theirs).toBe(ours);
  });

  it('keeps the folder, the umask and the limits', async () => {
    const box = await filled();
    const script =
      'umask 027; ulimit -S -n 512; mkdir sub; cd sub; secrets run -- sh -c "pwd; umask; ulimit -n"';
    expect((await box.shell(script, { shell: ['bash', '-c'] })).stdout).toMatch(
      new RegExp(`^${box.path('sub')}\n0027\n\\d+\n$`),
    );
  });

  it('starts from the environment it was given: nothing is lost, and only secrets are added', async () => {
    const box = await filled();
    const env = { EMPTY: '', ODD: 'a=b\nc', 'dotted.name': '1' };
    const plain = await box.shell('env -0', { env });
    const ran = await box.shell('secrets run -- env -0', { env });
    const list = (text: string): string[] =>
      text
        .split('\0')
        .filter((one) => !/^(_|SHLVL|PWD|OLDPWD)=/.test(one))
        .toSorted();
    expect(list(ran.stdout)).toEqual([...list(plain.stdout), 'API_KEY=canary-for-the-child'].toSorted());
  });

  it('secrets win over variables that are set already', async () => {
    const box = await filled();
    expect(await box.ok(['run', '--', 'printenv', 'API_KEY'], { env: { API_KEY: 'ambient' } })).toBe(
      'canary-for-the-child\n',
    );
  });

  it('our own master key and token never reach the program', async () => {
    const box = sandbox();
    const key = box.canary((await box.ok(['key', 'generate'])).trim());
    const env = { SECRETS_MASTER_KEY: key, SECRETS_TOKEN: box.canary('sct_canary-token') };
    await box.ok(['init', '--project', 'web'], { env });
    await box.ok(['set', 'API_KEY'], { env, input: 'x' });
    const printed = await box.ok(['run', '--', 'env'], { env });
    expect(printed).toContain('API_KEY=x');
    expect(printed).not.toContain('SECRETS_MASTER_KEY');
    expect(printed).not.toContain('SECRETS_TOKEN');
    expect(printed).not.toContain(key);
  });

  it('an environment without secrets runs the program all the same', async () => {
    const box = await sandbox().init();
    expect(await box.ok(['run', '--', 'echo', 'x'])).toBe('x\n');
  });

  it('from a folder below the link file', async () => {
    const box = await filled();
    await box.shell('mkdir -p a/b');
    expect(await box.ok(['run', '--', 'printenv', 'API_KEY'], { cwd: box.path('a/b') })).toContain('canary');
  });

  it('more than one environment can carry: 125, and says so', async () => {
    const box = await filled();
    const large = Array.from({ length: 120 }, (_, i) => `LARGE_${i}=${'x'.repeat(65_000)}\n`).join('');
    await box.ok(['import', box.write('large.env', large)]);
    const stderr = await box.fails(125, ['run', '--', 'true']);
    expect(stderr).toContain('could not be started');
    expect(stderr).toContain('hint:');
  });

  it('two megabytes of secrets reach the program', async () => {
    const box = await filled();
    const large = Array.from({ length: 32 }, (_, i) => `LARGE_${i}=${'x'.repeat(60_000)}\n`).join('');
    await box.ok(['import', box.write('large.env', large)]);
    const script = 'env | grep -c ^LARGE_; exit 5';
    expect(await box.run(['run', '--', 'sh', '-c', script])).toMatchObject({ status: 5, stdout: '32\n' });
  });
});
