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

  it('reads JSON, YAML and TOML by the name of the file, or as told', async () => {
    const box = await sandbox().init();
    await box.ok(['import', box.write('a.json', '{ "A": "x\\ny", "N": 5, "T": true }')]);
    await box.ok(['import', box.write('b.yaml', 'B: yes\nC: 0777\nD: |\n  one\n  two\nE: ""\n')]);
    await box.ok(['import', box.write('c.yml', 'Y: 1e3\n')]);
    await box.ok(['import', box.write('d.toml', 'TOML = "a\\nb"\nPORT = 0x1F # c\n')]);
    await box.ok(['import', box.write('nothing', 'P = 1.10\n'), '--format', 'toml']);
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
      TOML: 'a\nb',
      PORT: '0x1F',
      P: '1.10',
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
    ['broken.toml', 'A = "canary-in-file', 'broken.toml:1: not valid TOML'],
    ['nested.toml', '[A]\nB = "canary-in-file"', '"A" is an object; a secret is one text'],
    ['x.ini', '[part]\ncanary-in-file\n', 'x.ini is no .env file: no line of it is NAME=value'],
    ['x.ps1', "$env:A = 'canary-in-file'\n", 'x.ps1 is no .env file'],
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

describe('import of a .env file', () => {
  it('--from reads it as that program does', async () => {
    const box = await sandbox().init();
    box.write('compose.env', `A="C:\\\\dir"\nB='it\\'s'\n`);
    await box.ok(['import', 'compose.env', '--from', 'compose']);
    expect([await box.ok(['get', 'A']), await box.ok(['get', 'B'])]).toEqual(['C:\\dir', "it's"]);
    box.write('docker.env', `A="a # b"\n`);
    await box.ok(['import', 'docker.env', '--from', 'docker', '--yes']);
    expect(await box.ok(['get', 'A'])).toBe('"a # b"');
  });

  it('--from refuses what that program would refuse, or fill in, by name and line', async () => {
    const box = await sandbox().init();
    box.write('x.env', `OK=1\nB=${box.canary('canary', 'x.env')} words\nC=$(id)\n`);
    expect(await box.fails(2, ['import', 'x.env', '--from', 'shell'])).toMatch(
      /x\.env:2: "B" .*x\.env:3: "C" /,
    );
    box.write('y.env', 'A=${HOST}/x\n');
    expect(await box.fails(2, ['import', 'y.env', '--from', 'compose'])).toContain(
      'y.env:1: "A" refers to "HOST"',
    );
    expect(await box.fails(2, ['import', 'y.env', '--from', 'nobody'])).toContain('"nobody"');
    expect(await box.json(['list'])).toMatchObject({ secrets: [] });
  });

  it('--from docker refuses what docker does, and nothing of it is imported or shown', async () => {
    const box = await sandbox().init();
    const key = box.canary('canary+/key', 'x.env');
    box.write('x.env', `OK=1\nexport A=1\nB = 2\nC=-----BEGIN KEY-----\n${key}==\n-----END KEY-----\n`);
    expect(await box.fails(2, ['import', 'x.env', '--from', 'docker'])).toMatch(
      /docker --env-file would not read it: x\.env:2: white space before the =; x\.env:3: .*; x\.env:6: /,
    );
    expect(await box.json(['list'])).toMatchObject({ secrets: [] });
  });

  it('--expand resolves references within the file; without it they are text, and that is told', async () => {
    const box = await sandbox().init();
    box.write('x.env', 'HOST=db\nURL=http://${HOST}:${PORT:-80}\n');
    const { stderr } = await box.run(['import', 'x.env']);
    expect(stderr).toContain('references to other names are kept as text in "URL"');
    expect(stderr).toContain('--expand');
    expect(await box.ok(['get', 'URL'])).toBe('http://${HOST}:${PORT:-80}');
    await box.ok(['import', 'x.env', '--expand', '--yes']);
    expect(await box.ok(['get', 'URL'])).toBe('http://db:80');
  });

  it('a reference to a name that is elsewhere is told, too, and not where quotes keep it', async () => {
    const box = await sandbox().init();
    box.write('x.env', "A=http://${HOST}/\nB=$HOST\nC='$HOST'\nD=pa$word\n");
    const { stderr } = await box.run(['import', 'x.env']);
    expect(stderr).toContain('references to other names are kept as text in "A", "B"\n');
    expect(stderr).toContain('--expand');
  });

  it('--expand refuses what it cannot resolve, the environment or not', async () => {
    const box = await sandbox().init();
    box.write('x.env', 'A=1\nB=$HOME/x\nC=$D\nD=$C\n');
    const error = await box.fails(2, ['import', 'x.env', '--expand']);
    expect(error).toContain('x.env:2: "B" refers to "HOME", which is not in the file');
    expect(error).toMatch(/"[CD]" refers to itself by "[CD]"/);
  });

  it('--from and --expand are about .env files, and one of them is enough', async () => {
    const box = await sandbox().init();
    box.write('a.json', '{}');
    box.write('a.env', '');
    await box.fails(2, ['import', 'a.env', '--expand', '--from', 'compose']);
    expect(await box.fails(2, ['import', 'a.json', '--expand'])).toContain('--expand is about .env files');
    expect(await box.fails(2, ['import', 'a.json', '--from', 'compose'])).toContain(
      '--from is about .env files',
    );
  });

  it('says where backslashes are read otherwise elsewhere', async () => {
    const box = await sandbox().init();
    const { stderr } = await box.run(['import', box.write('x.env', 'A="C:\\\\dir"\n')]);
    expect(stderr).toContain('x.env:1: "A" has \\\\ in double quotes, which is taken for two backslashes');
    expect(await box.ok(['get', 'A'])).toBe('C:\\\\dir');
  });

  it('over 16 MiB is refused before it is read, as a file, a pipe and stdin', async () => {
    const box = await sandbox().init();
    const huge = 'A=1\n'.repeat(4 * 1024 * 1024 + 1);
    expect(await box.fails(2, ['import', box.write('x.env', huge)])).toContain('is over 16777216 bytes');
    expect(await box.fails(2, ['import', '-'], { input: huge })).toContain('stdin is over 16777216 bytes');
    const pipe = await box.shell('mkfifo p && (yes A=1 > p &) && secrets import p');
    expect([pipe.status, pipe.stderr]).toEqual([2, expect.stringContaining('"p" is over 16777216 bytes')]);
  });

  it('from a pipe works', async () => {
    const box = await sandbox().init();
    await box.shell('mkfifo p && (echo A=1 > p &) && secrets import p');
    expect(await box.ok(['get', 'A'])).toBe('1');
  });

  it('of a target that the link file names for one program is read as that one reads it', async () => {
    const box = await sandbox().init();
    const link = JSON.parse(box.read('secrets.config.json')) as object;
    const targets = [{ file: 'docker.env', for: ['docker'] }];
    box.write('secrets.config.json', JSON.stringify({ ...link, targets }));
    await box.ok(['import', box.write('docker.env', `A='a'\n`)]);
    expect(await box.ok(['get', 'A'])).toBe("'a'");
  });

  it('and the vault agree from then on: a later change in the vault is pulled without a question', async () => {
    const box = await sandbox().init();
    box.write('.env', '# mine\nA=1\nB=2\n');
    await box.ok(['import', '.env']);
    await box.ok(['set', 'A'], { input: 'new' });
    await box.ok(['pull']);
    expect(box.read('.env')).toBe('# mine\nA=new\nB=2\n');
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
