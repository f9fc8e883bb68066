import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { type Sandbox, sandbox } from './harness/sandbox.ts';
import { terminal } from './harness/terminal.ts';

const heading = '# web/development, written by secrets pull\n';

/** A vault with A and B, pulled into .env. */
async function pulled(): Promise<Sandbox> {
  const box = await sandbox().init();
  await box.set('A', 'canary-a-1', '.env');
  await box.set('B', 'canary-b-1', '.env');
  await box.ok(['pull']);
  return box;
}

function edit(box: Sandbox, from: string, to: string): void {
  const text = box.read('.env');
  expect(text).toContain(from);
  box.write('.env', text.replace(from, to));
}

const target = async (box: Sandbox, ...args: string[]): Promise<Record<string, unknown>> =>
  (await box.json<{ targets: Record<string, unknown>[] }>(['pull', ...args])).targets[0]!;

describe('pull, where the file was changed', () => {
  it('here alone: it is kept, told with what brings it to the vault, and the rest is updated', async () => {
    const box = await pulled();
    edit(box, 'canary-a-1', box.canary('canary-edited', '.env'));
    await box.ok(['set', 'B'], { input: box.canary('canary-b-2', '.env') });
    const term = terminal(box, ['pull']);
    const { status, screen } = await term.ends();
    box.printed(screen);
    expect(status, screen).toBe(0);
    expect(screen).toContain('kept what was edited here: A');
    expect(box.read('.env')).toBe(`${heading}A=canary-edited\nB=canary-b-2\n`);
    expect(await target(box)).toMatchObject({ kept: [{ name: 'A', here: 'edited' }], updated: [] });
    const cure = /secrets set --from-file \S+ A/.exec(screen)![0];
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    expect(await box.ok(['get', 'A'])).toBe('canary-edited');
    expect(await target(box)).toMatchObject({ kept: [], updated: [] });
  });

  it('on both sides: status 6, names and no value, ways out, and not a byte is written', async () => {
    const box = await pulled();
    edit(box, 'canary-a-1', box.canary('canary-mine', '.env'));
    await box.ok(['set', 'A'], { input: box.canary('canary-theirs') });
    await box.ok(['set', 'B'], { input: box.canary('canary-b-2') });
    const before = box.snapshot();
    const stderr = await box.fails(6, ['pull']);
    expect(stderr).toContain(
      '.env and the vault disagree about A (edited here, changed there); nothing was written',
    );
    expect(stderr).toContain('secrets pull --theirs');
    expect(stderr).toContain('secrets pull --ours');
    expect(box.snapshot()).toEqual(before);
    expect(await box.errorCode(['pull'])).toBe('drift');
  });

  it('on both sides, with --theirs: the vault wins, and edits that are only here stay', async () => {
    const box = await pulled();
    edit(box, 'canary-a-1', 'mine # why');
    edit(box, 'canary-b-1', 'only-here');
    await box.ok(['set', 'A'], { input: box.canary('canary-theirs', '.env') });
    expect(await target(box, '--theirs')).toMatchObject({ updated: ['A'], kept: [{ name: 'B' }] });
    expect(box.read('.env')).toBe(`${heading}A=canary-theirs # why\nB=only-here\n`);
  });

  it('on both sides, with --ours: the file wins, and is kept from then on', async () => {
    const box = await pulled();
    edit(box, 'canary-a-1', 'mine');
    await box.ok(['set', 'A'], { input: box.canary('canary-theirs') });
    await box.ok(['pull', '--ours']);
    expect(box.read('.env')).toContain('A=mine\n');
    expect(await target(box)).toMatchObject({ conflicts: [], kept: [{ name: 'A', here: 'edited' }] });
    await box.ok(['set', 'A'], { input: box.canary('canary-theirs-again') });
    await box.fails(6, ['pull']);
  });

  it('edited here and deleted in the vault, or deleted here and changed there: conflicts, told together', async () => {
    const box = await pulled();
    edit(box, 'A=canary-a-1\n', '');
    edit(box, 'canary-b-1', 'mine');
    await box.ok(['set', 'A'], { input: box.canary('canary-a-2', '.env') });
    await box.ok(['delete', 'B', '--yes']);
    const stderr = await box.fails(6, ['pull']);
    expect(stderr).toContain('A (deleted here, changed there)');
    expect(stderr).toContain('B (edited here, deleted there)');
    expect(await target(box, '--theirs')).toMatchObject({ added: ['A'], removed: ['B'] });
    expect(box.read('.env')).toBe(`${heading}A=canary-a-2\n`);
  });

  it('a line that was deleted here stays away, and --overwrite brings all back', async () => {
    const box = await pulled();
    edit(box, 'A=canary-a-1\n', '# mine\n');
    expect(await target(box)).toMatchObject({ kept: [{ name: 'A', here: 'deleted' }] });
    expect(box.read('.env')).toBe(`${heading}# mine\nB=canary-b-1\n`);
    expect(await target(box, '--overwrite')).toMatchObject({ added: ['A'], kept: [] });
    expect(box.read('.env')).toBe(`${heading}A=canary-a-1\nB=canary-b-1\n`);
  });

  it('--theirs settles conflicts alone: what was deleted here stays away', async () => {
    const box = await pulled();
    edit(box, 'A=canary-a-1\n', '');
    expect(await target(box, '--theirs')).toMatchObject({
      added: [],
      kept: [{ name: 'A', here: 'deleted' }],
    });
  });

  it('--reset takes what the vault has, for all names or for some, and leaves lines of the user', async () => {
    const box = await pulled();
    edit(box, 'A=canary-a-1\n', '# mine\nOWN=1\n');
    edit(box, 'canary-b-1', 'mine # why');
    const { stderr } = await box.run(['pull']);
    const cures = stderr.match(/secrets pull \.env --only [AB] --reset/g)!;
    expect(cures).toHaveLength(2);
    const { stderr: told } = await box.shell(cures.find((cure) => cure.includes('--only B'))!);
    expect(told).toBe('');
    expect(box.read('.env')).toBe(`${heading}# mine\nOWN=1\nB=canary-b-1 # why\n`);
    await box.set('C', 'canary-c', '.env');
    await box.ok(['delete', 'B', '--yes']);
    edit(box, 'B=canary-b-1', 'B=other');
    expect(await target(box, '--reset')).toMatchObject({ added: ['A', 'C'], removed: ['B'], kept: [] });
    expect(box.read('.env')).toContain('# mine\nOWN=1\n');
    await box.ok(['pull', '--check']);
  });

  it('a name that is there twice, with another value before, is not brought back to life by a deletion', async () => {
    const box = await pulled();
    box.write('.env', `A=mine\n${box.read('.env')}`);
    await box.ok(['delete', 'A', '--yes']);
    const stderr = await box.fails(6, ['pull']);
    expect(stderr).toContain('A (edited here, deleted there)');
    expect(stderr).toContain(
      'warning: A is assigned more than once in .env, in lines 1, 3; the last one counts',
    );
    await box.ok(['pull', '--ours']);
    expect(box.read('.env')).toBe(`A=mine\n${heading}A=canary-a-1\nB=canary-b-1\n`);
  });

  it('and so is a name of which the last line alone is updated; --theirs removes all', async () => {
    const box = await pulled();
    box.write('.env', `A=mine\n${box.read('.env')}`);
    await box.set('A', 'canary-a-2', '.env');
    expect((await box.run(['pull'])).stderr).toContain('A is assigned more than once');
    expect(box.read('.env')).toBe(`A=mine\n${heading}A=canary-a-2\nB=canary-b-1\n`);
    expect((await box.run(['pull'])).stderr).toBe('');
    expect((await box.run(['pull', '--check'])).stderr).toContain('A is assigned more than once');
    await box.ok(['delete', 'A', '--yes']);
    await box.ok(['pull', '--theirs']);
    expect(box.read('.env')).toBe(`${heading}B=canary-b-1\n`);
  });

  it('in a file whose name does not say that it is one: the hint does not take the file for the value', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-a-1', 'settings');
    await box.ok(['pull', 'settings']);
    box.write('settings', box.read('settings').replace('canary-a-1', 'mine'));
    const { stderr } = await box.run(['pull', 'settings']);
    expect(stderr).toContain('to bring what was edited here to the vault: secrets set A\n');
    const cure = /secrets pull settings --only A --reset/.exec(stderr)![0];
    expect(await box.shell(cure)).toMatchObject({ status: 0 });
    expect(box.read('settings')).toBe(`${heading}A=canary-a-1\n`);
  });

  it('by git, which left its marks: their lines are told', async () => {
    const box = await pulled();
    box.write('.env', `=======\nOWN=1\n>>>>>>> other\n${box.read('.env')}`);
    await box.set('A', 'canary-a-2', '.env');
    const { status, stderr } = await box.run(['pull']);
    expect([status, stderr]).toEqual([
      0,
      'secrets: warning: lines 1, 3 of .env are not understood, and left as they are\n',
    ]);
    expect((await box.run(['pull'])).stderr).toBe('');
    expect((await box.run(['pull', '--diff'])).stderr).toContain('lines 1, 3 of .env');
  });

  it('to what the vault has by now: that is no drift', async () => {
    const box = await pulled();
    edit(box, 'canary-a-1', 'same');
    await box.ok(['set', 'A'], { input: 'same' });
    expect(await target(box)).toMatchObject({ conflicts: [], kept: [], updated: [] });
  });

  it('a value edited here and imported: the next pull is quiet', async () => {
    const box = await pulled();
    edit(box, 'canary-a-1', 'mine');
    await box.ok(['import', '.env', '--yes']);
    expect(await box.ok(['get', 'A'])).toBe('mine');
    expect(await target(box)).toMatchObject({ kept: [], conflicts: [], updated: [] });
  });

  it('with a quote left open: is refused with its line, because what follows could be swallowed', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-behind-quote');
    box.write('.env', "# mine\nMINE='open\n");
    expect(await box.fails(2, ['pull'])).toContain('line 2');
    expect(box.read('.env')).toBe("# mine\nMINE='open\n");
  });
});

describe('a newcomer', () => {
  const own = [
    '# how to run this: see the wiki',
    '',
    'PORT=3000            # mine, 8080 is taken',
    "export EDITOR_NAME='my editor'",
    '',
    '## database',
    'DATABASE_URL=postgres://localhost/dev',
    'DATABASE_POOL="5"',
    '',
    '# paid services',
    'STRIPE_KEY=sk_test_old',
    'MULTI="one',
    'two"',
    '# end',
  ];

  /** The lines of the user's that are there still, in their order. */
  const commentsOf = (text: string): string[] =>
    text.split('\n').filter((line) => line.startsWith('#') && !line.includes('written by secrets pull'));

  it('has a commented .env, half of it from the vault, pulls ten times with changes on both sides, and loses nothing', async () => {
    const box = await sandbox().init();
    box.write('.env', `${own.join('\n')}\n`);
    box.write('package.json', '{ "private": true, "dependencies": { "dotenv": "^17.0.0" } }');
    const vault: Record<string, string> = {
      DATABASE_URL: 'postgres://localhost/dev',
      STRIPE_KEY: 'sk_test_old',
    };
    const mine: Record<string, string> = {
      PORT: '3000',
      EDITOR_NAME: 'my editor',
      DATABASE_POOL: '5',
      MULTI: 'one\ntwo',
    };
    const kept: Record<string, string> = {};
    const comments = commentsOf(box.read('.env'));
    const set = async (name: string, value: string): Promise<void> => {
      vault[name] = value;
      await box.ok(['set', name], { input: value });
    };
    for (const [name, value] of Object.entries(vault)) await set(name, value);
    for (let round = 1; round <= 10; round++) {
      await set(round % 2 === 0 ? 'DATABASE_URL' : 'NEWEST', `of round ${round} with 'quotes' and $HOME`);
      if (round % 3 === 0) await set(`ADDED_${round}`, 'x'.repeat(round));
      if (round === 7) {
        delete vault.ADDED_3;
        await box.ok(['delete', 'ADDED_3', '--yes']);
      }
      const note = `# note of round ${round}`;
      const lines = box.read('.env').split('\n');
      lines.splice((round * 5) % lines.findIndex((line) => line.startsWith('MULTI')), 0, note);
      box.write('.env', lines.join('\n').replace(/^PORT=\d+/m, `PORT=${3000 + round}`));
      mine.PORT = String(3000 + round);
      if (round === 4) {
        edit(box, 'STRIPE_KEY=sk_test_old', 'STRIPE_KEY=sk_test_mine');
        kept.STRIPE_KEY = 'sk_test_mine';
      }
      if (round === 8) {
        await box.ok(['set', '--from-file', '.env', 'STRIPE_KEY']);
        vault.STRIPE_KEY = kept.STRIPE_KEY!;
        delete kept.STRIPE_KEY;
      }
      const { kept: told } = await target(box);
      expect(told, `round ${round}`).toEqual(Object.keys(kept).map((name) => ({ name, here: 'edited' })));
      const text = box.read('.env');
      expect(parse(text), `round ${round}`).toEqual({ ...mine, ...vault, ...kept });
      const written = commentsOf(text);
      for (const line of [...comments, note]) expect(written, `round ${round}`).toContain(line);
      expect(text).toContain('PORT=' + mine.PORT + '            # mine, 8080 is taken\n');
      comments.push(note);
    }
    const after = box.read('.env');
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(after);
  });
});
