import { describe, expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';

describe('set --from-file .env', () => {
  it('takes the values of the given names out of it, in one revision', async () => {
    const box = await sandbox().init();
    box.write('.env', `A=1 # one\nB="two\\nlines"\nC='not this'\n`);
    await box.ok(['set', 'A', 'B', '--from-file', '.env']);
    expect([await box.ok(['get', 'A']), await box.ok(['get', 'B'])]).toEqual(['1', 'two\nlines']);
    expect(await box.json(['list'])).toMatchObject({ revision: 1, secrets: [{ name: 'A' }, { name: 'B' }] });
  });

  it.each(['.env', '.env.local', 'web.env'])('%s is one by its name', async (file) => {
    const box = await sandbox().init();
    await box.ok(['set', 'A', '--from-file', box.write(file, 'A="x"\n')]);
    expect(await box.ok(['get', 'A'])).toBe('x');
  });

  it.each(['env', '.envrc', 'value.txt', '.env.json'])('%s is none, and is taken whole', async (file) => {
    const box = await sandbox().init();
    await box.ok(['set', 'A', '--from-file', box.write(file, 'A="x"\n')]);
    expect(await box.ok(['get', 'A'])).toBe('A="x"\n');
    expect(await box.fails(2, ['set', 'A', 'B', '--from-file', file])).toContain('holds one value');
  });

  it('a name that is not in it is not found, near names are told, and nothing is written', async () => {
    const box = await sandbox().init();
    box.write('.env', `STRIPE_KEY=${box.canary('canary-in-file', '.env')}\nB=2\n`);
    const error = await box.fails(3, ['set', 'B', 'STRIPE_KEI', '--from-file', '.env']);
    expect(error).toContain('no secret named "STRIPE_KEI" in .env');
    expect(error).toContain('did you mean "STRIPE_KEY"?');
    expect(await box.json(['list'])).toMatchObject({ secrets: [] });
  });

  it('names what it is to be, and a file that is none', async () => {
    const box = await sandbox().init();
    expect(await box.fails(2, ['set', 'A=1', '--from-file', box.write('.env', 'A=1\n')])).toContain('NAME');
    expect(await box.fails(2, ['set', 'A', '--from-file', 'gone.env'])).toContain('there is none');
  });

  it('what comes twice is told, and the last counts', async () => {
    const box = await sandbox().init();
    box.write('.env', 'A=1\nA=2\nB=1\nB=2\nwhat\n');
    const { stderr } = await box.run(['set', 'A', '--from-file', '.env']);
    expect(stderr).toContain('"A" is there 2 times');
    expect(stderr).not.toContain('"B"');
    expect(await box.ok(['get', 'A'])).toBe('2');
  });

  it('brings an edit of a pulled file to the vault: the next pull is quiet, and later changes come in', async () => {
    const box = await sandbox().init();
    for (const name of ['A', 'B']) await box.ok(['set', name], { input: 'old' });
    await box.ok(['pull']);
    const edited = box.read('.env').replace('A=old', 'A=edited # by hand');
    box.write('.env', edited);
    await box.ok(['set', 'A', '--from-file', '.env']);
    expect(await box.ok(['get', 'A'])).toBe('edited');
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(edited);
    await box.ok(['set', 'A'], { input: 'newer' });
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(edited.replace('A=edited', 'A=newer'));
  });
});
