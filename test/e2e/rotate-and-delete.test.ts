import { describe, expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';
import { enter, terminal } from './harness/terminal.ts';

describe('rotate', () => {
  it('takes a value from stdin or a file, as set does', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'one' });
    await box.ok(['rotate', 'A'], { input: 'two\n' });
    expect(await box.ok(['get', 'A'])).toBe('two');
    await box.ok(['rotate', 'A', '--from-file', box.write('value', 'three\n')]);
    expect(await box.ok(['get', 'A'])).toBe('three\n');
    expect(await box.ok(['get', 'A', '--version', '1'])).toBe('one');
  });

  it('--generate makes up 32 letters and digits, other ones each time; --length another number', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'one' });
    const made = new Set<string>();
    for (const [args, length] of [
      [[], 32],
      [[], 32],
      [['--length', '16'], 16],
      [['--length', '1024'], 1024],
    ] as const) {
      expect(await box.ok(['rotate', 'A', '--generate', ...args])).toBe('');
      const value = await box.ok(['get', 'A']);
      expect(value).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`));
      made.add(value);
    }
    expect(made.size).toBe(4);
    for (const length of ['15', '1025', 'ten', '16.5', '-1'])
      expect(await box.fails(2, ['rotate', 'A', '--generate', '--length', length])).toContain('16 to 1024');
  });

  it('does not make a secret, nor ask for a value of one that is not there', async () => {
    const box = await sandbox().init();
    expect(await box.fails(3, ['rotate', 'A'], { input: 'x' })).toContain('no secret named "A"');
    expect((await terminal(box, ['rotate', 'A']).ends()).status).toBe(3);
    expect(await box.json(['list'])).toMatchObject({ secrets: [] });
  });
});

describe('delete', () => {
  it('with --yes: gone with all versions, and out of every byte of the vault', async () => {
    const box = await sandbox().init();
    for (const name of ['A', 'B', 'C']) await box.ok(['set', name], { input: name });
    await box.ok(['set', 'A'], { input: 'again' });
    expect(await box.json(['delete', 'A', 'B', '--yes'])).toMatchObject({ deleted: ['A', 'B'] });
    expect(await box.json(['list'])).toMatchObject({ secrets: [{ name: 'C' }] });
    expect((await box.run(['get', 'A', '--version', '1'])).status).toBe(3);
    await box.ok(['set', 'A'], { input: 'new' });
    expect(await box.ok(['get', 'A', '--version', '1'])).toBe('new');
  });

  it('of several none when one is not there', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'A'], { input: 'x' });
    await box.fails(3, ['delete', 'A', 'NOPE', '--yes']);
    expect(await box.ok(['get', 'A'])).toBe('x');
  });

  it.each([
    ['the name', 'SECRET_ONE', 0],
    ['another name', 'SECRET_TWO', 2],
    ['nothing', '', 2],
    ['y', 'y', 2],
  ])('on a terminal, with %s typed', async (_, typed, status) => {
    const box = await sandbox().init();
    await box.ok(['set', 'SECRET_ONE'], { input: 'x' });
    const term = terminal(box, ['delete', 'SECRET_ONE']);
    await term.shows('Type SECRET_ONE to confirm');
    term.type(`${typed}${enter}`);
    const end = await term.ends();
    expect(end.status).toBe(status);
    if (status !== 0) expect(end.screen).toContain('that is not the name; nothing was deleted');
    expect((await box.run(['get', 'SECRET_ONE'])).status).toBe(status === 0 ? 3 : 0);
  });
});
