import { describe, expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';
import { enter, terminal } from './harness/terminal.ts';

describe('import', () => {
  it('reads dotenv: quotes, comments, export, lines, and leaves the file', async () => {
    const box = await sandbox().init();
    const text = `# top\nexport A=plain # why\nB='single $x'\nC="two\\nlines"\nD=\nE="real\nlines"\nF=a#b\n`;
    box.write('.env', text);
    const printed = await box.ok(['import', '.env']);
    expect(printed).toBe(['A', 'B', 'C', 'D', 'E', 'F'].map((name) => `new      ${name}\n`).join(''));
    const script = 'console.log(JSON.stringify([..."ABCDE"].map((n) => process.env[n])))';
    const read = JSON.parse(await box.ok(['run', '--', process.execPath, '-e', script])) as string[];
    expect(read).toEqual(['plain', 'single $x', 'two\nlines', '', 'real\nlines']);
    expect(box.read('.env')).toBe(text);
  });

  it('reads JSON and YAML by the name of the file, or as told', async () => {
    const box = await sandbox().init();
    await box.ok(['import', box.write('a.json', '{ "A": "x\\ny", "N": 5, "T": true }')]);
    await box.ok(['import', box.write('b.yaml', 'B: yes\nC: 0777\nD: |\n  one\n  two\nE: ""\n')]);
    await box.ok(['import', box.write('c.yml', 'Y: 1e3\n')]);
    await box.ok(['import', box.write('noname', '{"G": "g"}'), '--format', 'json']);
    const expected = {
      A: 'x\ny',
      N: '5',
      T: 'true',
      B: 'yes',
      C: '0777',
      D: 'one\ntwo\n',
      E: '',
      Y: '1e3',
      G: 'g',
    };
    for (const [name, value] of Object.entries(expected)) expect(await box.ok(['get', name])).toBe(value);
  });

  it('reads stdin', async () => {
    const box = await sandbox().init();
    await box.ok(['import', '-'], { input: 'A=1\nB=2\n' });
    await box.ok(['import', '-', '--format', 'yaml'], { input: 'C: "3"\n' });
    expect(await box.ok(['pull', '-'])).toBe('A=1\nB=2\nC=3\n');
  });

  it('--dry-run shows what is new, changed and the same, by name, and writes nothing', async () => {
    const box = await sandbox().init();
    for (const name of ['SAME', 'CHANGED']) await box.ok(['set', name], { input: 'value' });
    box.write('x.env', `SAME=value\nCHANGED=${box.canary('canary-changed', 'x.env')}\nNEW=1\n`);
    const before = await box.ok(['list', '--json']);
    expect(await box.ok(['import', 'x.env', '--dry-run'])).toBe(
      'new      NEW\nchanged  CHANGED\nsame     SAME\n',
    );
    expect(await box.json(['import', 'x.env', '-n'])).toEqual({
      added: ['NEW'],
      changed: ['CHANGED'],
      same: ['SAME'],
      written: false,
    });
    expect(await box.ok(['list', '--json'])).toBe(before);
  });

  it('what is changed wants --yes where nobody can be asked, and nothing is written without', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'old' });
    box.write('x.env', 'A=new\nB=new\n');
    const { status, stderr } = await box.run(['import', 'x.env']);
    expect(status).toBe(2);
    expect(stderr).toContain('--yes');
    expect(await box.json(['list'])).toMatchObject({ revision: 1 });
    await box.ok(['import', 'x.env', '--yes']);
    expect(await box.json(['list'])).toMatchObject({
      revision: 2,
      secrets: [{ version: 2 }, { version: 1 }],
    });
    expect(await box.ok(['get', 'A', '--version', '1'])).toBe('old');
  });

  it('--json says that it was written only when it was', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'old' });
    const { status, stdout } = await box.run(['import', box.write('x.env', 'A=new\n'), '--json']);
    expect(status).toBe(2);
    expect(stdout).not.toContain('"written":true');
    expect(await box.json(['import', 'x.env', '--yes'])).toMatchObject({ written: true });
  });

  it.each([
    ['y', 0, 'new'],
    ['n', 130, 'old'],
  ])('on a terminal what is changed is asked about: %s', async (answer, status, value) => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'old' });
    box.write('x.env', 'A=new\n');
    const term = terminal(box, ['import', 'x.env']);
    await term.shows('Write to web/development?');
    term.type(`${answer}${enter}`);
    expect((await term.ends()).status).toBe(status);
    expect(await box.ok(['get', 'A'])).toBe(value);
  });

  it('the same again writes nothing', async () => {
    const box = await sandbox().init();
    box.write('x.env', 'A=1\nB=2\n');
    await box.ok(['import', 'x.env']);
    expect(await box.ok(['import', 'x.env'])).toBe('same     A\nsame     B\n');
    expect(await box.json(['list'])).toMatchObject({ revision: 1 });
  });

  it('is one transaction: one bad value, and nothing is written', async () => {
    const box = await sandbox().init();
    box.write('x.env', `A=1\nLARGE=${'x'.repeat(65_537)}\n`);
    expect((await box.run(['import', 'x.env'])).stderr).toContain('"LARGE" is 65537 bytes');
    expect(await box.fails(2, ['import', box.write('y.env', 'A=1\nB.C=2\nD-E=3\n')])).toContain('B.C, D-E');
    expect(await box.json(['list'])).toMatchObject({ secrets: [], revision: 0 });
  });

  it('what is odd in a file is told with its line, and without its text', async () => {
    const box = await sandbox().init();
    box.write('x.env', 'A=1\ncanary in a line of its own\nA=2\n');
    box.canary('canary in a line', 'x.env');
    const { status, stderr } = await box.run(['import', 'x.env']);
    expect(status).toBe(0);
    expect(stderr).toContain('x.env:2: not understood, passed over');
    expect(stderr).toContain('"A" is there 2 times (lines 1, 3); the last counts');
    expect(await box.ok(['get', 'A'])).toBe('2');
  });

  it.each([
    ['broken.json', '{ "A": "canary-in-file", }', 'not valid JSON'],
    ['broken.yaml', 'A: "canary-in-file\nB: [', 'not valid YAML'],
    ['nested.json', '{ "A": { "B": "canary-in-file" } }', '"A" is an object; a secret is one text'],
    ['list.json', '["canary-in-file"]', 'does not hold names and values'],
    ['null.yaml', 'A:\n  - canary-in-file\n', '"A" is a list'],
  ])('%s is refused without its text', async (name, text, what) => {
    const box = await sandbox().init();
    box.canary('canary-in-file', name);
    expect(await box.fails(2, ['import', box.write(name, text)])).toContain(what);
  });

  it('2,000 lines are one revision', async () => {
    const box = await sandbox().init();
    const names = Array.from({ length: 2000 }, (_, i) => `NAME_${i}`);
    await box.ok(['import', box.write('x.env', names.map((name) => `${name}=${name}\n`).join(''))]);
    const { revision, secrets } = await box.json<{ revision: number; secrets: unknown[] }>(['list']);
    expect([revision, secrets.length]).toEqual([1, 2000]);
  });
});

it('what a pull wrote is no change, not even where no .env file can say what was meant', async () => {
  const box = await sandbox().init();
  await box.ok(['set', 'BOTH'], { input: `sk 'x"$#` });
  await box.ok(['set', 'PLAIN'], { input: 'a' });
  await box.ok(['pull']);
  expect(await box.json(['import', '.env'])).toMatchObject({ changed: [], same: ['BOTH', 'PLAIN'] });
  expect(await box.ok(['get', 'BOTH'])).toBe(`sk 'x"$#`);
});
