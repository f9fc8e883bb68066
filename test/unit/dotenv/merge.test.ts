import { describe, expect, it } from 'vitest';
import { headingOf } from '../../../src/dotenv/merging/heading.ts';
import { readDotenv } from '../../../src/dotenv/read.ts';
import { readerNamed } from '../../../src/dotenv/readers/index.ts';
import { spell } from '../../../src/dotenv/write.ts';
import { hostileValues } from '../../readers/values.ts';
import { baseOf, fingerprint, heading, left, merged, namesIn, nothing } from './merging.ts';

describe('a pull into no file', () => {
  it('writes every name, under the heading', () => {
    const { text, added } = merged({ vault: { A: '1', B: 'two words' } });
    expect(text).toBe(`# web/development, written by secrets pull\nA=1\nB='two words'\n`);
    expect(added).toEqual(['A', 'B']);
  });

  it('of no names writes nothing', () => {
    expect(merged({ vault: {} })).toMatchObject({ text: '', ...nothing });
  });

  it('writes all anew where the file was deleted, and takes an empty one for a file', () => {
    const [vault, last] = [{ A: '1' }, baseOf({ A: '1', B: '2' })];
    expect(merged({ vault, last }).text).toBe(`${heading}\nA=1\n`);
    expect(merged({ existing: '', vault }).text).toBe(`${heading}\nA=1\n`);
    expect(merged({ existing: '\uFEFF', vault }).text).toBe(`\uFEFF${heading}\nA=1\n`);
    expect(merged({ existing: '\n', vault }).text).toBe(`\n\n${heading}\nA=1\n`);
    expect(merged({ existing: '', vault, last }).kept).toEqual([{ name: 'A', here: 'deleted' }]);
  });
});

describe('new names', () => {
  it('go to the end of the block under the heading', () => {
    const existing = `X=1\n\n${heading}\nA=1\nB="\n2"\n\n# mine\nY=2\n`;
    const last = baseOf({ A: '1', B: '\n2' });
    expect(merged({ existing, vault: { A: '1', B: '\n2', C: '3' }, last }).text).toBe(
      existing.replace('2"\n', '2"\nC=3\n'),
    );
  });

  it('go there behind a line end', () => {
    const existing = `X=1\r\n\r\n${heading}\r\nA=1`;
    expect(merged({ existing, vault: { A: '1', B: '2' }, last: baseOf({ A: '1' }) }).text).toBe(
      `${existing}\r\nB=2\r\n`,
    );
    expect(merged({ existing: heading, vault: { A: '1' } }).text).toBe(`${heading}\nA=1\n`);
  });

  it('go there where the last of the block is removed, line end or none', () => {
    const last = baseOf({ A: '1' });
    for (const end of ['\n', '']) {
      const result = merged({ existing: `${heading}\nA=1${end}`, vault: { B: '2' }, last });
      expect(result).toMatchObject({ text: `${heading}\nB=2\n`, added: ['B'], removed: ['A'] });
    }
  });

  it('need no second blank line', () => {
    expect(merged({ existing: 'X=1\n\n', vault: { A: '1' } }).text).toBe(`X=1\n\n${heading}\nA=1\n`);
    expect(merged({ existing: 'X=1\r\n', vault: { A: '1' } }).text).toBe(`X=1\r\n\r\n${heading}\r\nA=1\r\n`);
  });

  it('do not go under a heading that stands inside a value', () => {
    const existing = `X="\n${heading}\n"\n`;
    expect(merged({ existing, vault: { A: '1' } }).text).toBe(`${existing}\n${heading}\nA=1\n`);
  });

  it('do not go under a comment that ends like a heading', () => {
    const existing = `X=1 # a/b, written by secrets pull\n#a/b, written by secrets pull\n`;
    expect(merged({ existing, vault: { A: '1' } }).text).toBe(`${existing}\n${heading}\nA=1\n`);
  });

  it('bring the heading up to date, where they come from elsewhere or a note is wanted', () => {
    const existing = `${headingOf('web', 'staging')}\nA=1\n`;
    const noted = headingOf('web', 'development', 'for docker');
    const result = merged({ existing, vault: { A: '1', B: '2' }, last: baseOf({ A: '1' }), heading: noted });
    expect(result.text).toBe(`${noted}\nA=1\nB=2\n`);
    const quiet = merged({ existing, vault: { A: '1' }, last: baseOf({ A: '1' }), heading: noted });
    expect(quiet.text).toBe(existing);
  });
});

describe('a value that is updated', () => {
  it('leaves its comment, what stands before it, and its neighbours', () => {
    const existing = `# head\nLOCAL="mine"  # mine\n\nexport A = old # why\nB='b'\n# tail`;
    const result = merged({ existing, vault: { A: 'new value' }, last: baseOf({ A: 'old' }) });
    expect(result.text).toBe(existing.replace('old', `'new value'`));
    expect(namesIn(result)).toEqual({ ...nothing, updated: ['A'] });
  });

  it('is one, over however many lines', () => {
    const last = baseOf({ A: 'one\ntwo' });
    const result = merged({ existing: 'A="one\ntwo" # c\nB=2\n', vault: { A: 'x' }, last });
    expect(result.text).toBe('A=x # c\nB=2\n');
  });

  it('is the last, where a name is there twice', () => {
    const existing = 'A=first\nA=old\n';
    expect(merged({ existing, vault: { A: 'new' }, last: baseOf({ A: 'old' }) }).text).toBe(
      'A=first\nA=new\n',
    );
  });

  it('stands right behind its sign, so that no shell takes it for a command', () => {
    expect(merged({ existing: 'A= old\n', vault: { A: 'new' }, last: baseOf({ A: 'old' }) }).text).toBe(
      'A=new\n',
    );
  });

  it('is kept apart from a comment, and brings no second one', () => {
    const last = baseOf({ A: 'old' });
    expect(merged({ existing: 'A=old#c\n', vault: { A: 'a b' }, last }).text).toBe(`A='a b' #c\n`);
    const ending = { value: 'C:\\', spelling: 'C:\\ #' };
    expect(merged({ existing: 'A=old # c\n', vault: { A: ending }, last }).text).toBe('A=C:\\ # c\n');
    expect(merged({ existing: 'A=old\n', vault: { A: ending }, last }).text).toBe('A=C:\\ #\n');
  });

  it('takes its own comment with it', () => {
    const before = { A: { value: 'C:\\', spelling: 'C:\\ #' } };
    const { text } = merged({ vault: before });
    expect(text).toBe(`${heading}\nA=C:\\ #\n`);
    const result = merged({ existing: text, vault: { A: 'D:' }, last: baseOf(before) });
    expect(result).toMatchObject({ text: `${heading}\nA=D:\n`, updated: ['A'] });
  });
});

it('a note is told by a heading where lines are only updated, too, and by one alone', () => {
  const noted = headingOf('web', 'development', 'for docker');
  const vault = { A: { value: 'a b', spelling: 'a b' } };
  const first = merged({ existing: 'A=old\n', vault, side: 'theirs', heading: noted });
  expect(first.text).toBe(`A=a b\n\n${noted}\n`);
  const again = merged({ existing: 'A=old\n', vault, side: 'theirs' });
  expect(again.text).toBe('A=a b\n');
  const more = { ...vault, B: '2' };
  const second = merged({ existing: first.text, vault: more, last: left(first), heading: noted });
  expect(second.text).toBe(`A=a b\n\n${noted}\nB=2\n`);
});

describe('a name that is removed', () => {
  it('goes with its duplicates that are untouched, too', () => {
    const existing = 'A=old\nX=1\nA="old"\n';
    const result = merged({ existing, vault: {}, last: baseOf({ A: 'old' }) });
    expect(result).toMatchObject({ text: 'X=1\n', removed: ['A'] });
  });

  it('brings no earlier line to life: with another value there, it is a conflict', () => {
    const existing = 'A=mine\nX=1\nA=old\n';
    const last = baseOf({ A: 'old' });
    const conflict = { name: 'A', here: 'edited', there: 'deleted' };
    for (const known of [last, { secrets: last, text: fingerprint('', existing) }]) {
      const result = merged({ existing, vault: {}, last: known });
      expect(namesIn(result)).toEqual({ ...nothing, conflicts: [conflict] });
    }
    expect(merged({ existing, vault: {}, last, side: 'ours' }).text).toBe(existing);
    for (const side of ['theirs', 'reset'] as const)
      expect(merged({ existing, vault: {}, last, side }).text).toBe('X=1\n');
  });

  it('leaves the line ends around it apart', () => {
    const last = baseOf({ A: 'old', B: '2' });
    const text = (existing: string): string => merged({ existing, vault: {}, last }).text;
    expect(text('X=1\rA=old\n\nY=2')).toBe('X=1\r\n\nY=2');
    expect(text('X=1\rA=old\nB=2\r\n\nY=2')).toBe('X=1\r\n\nY=2');
    expect(text('X=1\r\nA=old\r\n\r\nY=2')).toBe('X=1\r\n\r\nY=2');
    expect(text('X=1\rA=old\rY=2')).toBe('X=1\rY=2');
  });

  it('and added again stands where it stood: the heading stays', () => {
    const both = merged({ existing: 'X=1\n', vault: { A: '1' } });
    const without = merged({ existing: both.text, vault: {}, last: left(both) });
    expect(without.text).toBe(`X=1\n\n${heading}\n`);
    const again = merged({ existing: without.text, vault: { A: '1' }, last: left(without) });
    expect(again.text).toBe(both.text);
  });
});

describe('what our reader reads otherwise', () => {
  // For docker the quotes are a part of the value.
  const spelled = { value: `'x'`, spelling: `'x'` };

  it('is still what we wrote', () => {
    const first = merged({ vault: { A: spelled } });
    const last = left(first);
    expect(merged({ existing: first.text, vault: { A: spelled }, last })).toMatchObject({ ...nothing });
    expect(merged({ existing: first.text, vault: {}, last }).removed).toEqual(['A']);
    const other = { value: 'y', spelling: 'y' };
    expect(merged({ existing: first.text, vault: { A: other }, last }).updated).toEqual(['A']);
  });

  it('is not taken for the new value because it looks like it', () => {
    const first = merged({ vault: { A: spelled } });
    const bare = { value: 'x', spelling: 'x' };
    const result = merged({ existing: first.text, vault: { A: bare }, last: left(first) });
    expect(result).toMatchObject({ text: `${heading}\nA=x\n`, updated: ['A'] });
  });

  it('is read as those do who were named', () => {
    const docker = readerNamed('docker');
    const read = (text: string): ReturnType<typeof readDotenv> => readDotenv(text, { as: docker });
    const existing = `A="x"\nB='y # z\n`;
    const vault = { A: { value: '"x"', spelling: '"x"' }, B: { value: `'y # z`, spelling: `'y # z` } };
    expect(merged({ existing, vault, read, isLiteral: true })).toMatchObject({ text: existing, ...nothing });
    expect(merged({ existing, vault: { A: 'x' }, read, isLiteral: true }).conflicts).toHaveLength(1);
  });

  it('has no value where the program that was named refuses it', () => {
    const refused = { name: 'A', line: 1, why: 'loses' as const };
    const read = (text: string): ReturnType<typeof readDotenv> => ({
      ...readDotenv(text),
      refused: [refused],
    });
    const result = merged({ existing: 'A=\n', vault: { A: 'new' }, last: baseOf({ A: '' }), read });
    expect(result).toMatchObject({ conflicts: [], updated: ['A'] });
    const edited = merged({ existing: 'A=""\n', vault: { A: 'new' }, last: baseOf({ A: '' }), read });
    expect(edited.conflicts).toEqual([{ name: 'A', here: 'edited', there: 'changed' }]);
  });
});

describe('where only some names were asked for', () => {
  const isMeant = (name: string): boolean => name === 'A';
  const before = { A: '1', B: '1', C: '1' };
  const first = merged({ vault: before });

  it('no other is added, updated, removed or told of', () => {
    const existing = first.text.replace('C=1\n', 'C=mine\n');
    const result = merged({ existing, vault: { A: '2' }, last: left(first), isMeant });
    expect(result.text).toBe(existing.replace('A=1', 'A=2'));
    expect(namesIn(result)).toEqual({ ...nothing, updated: ['A'] });
    const gone = merged({ existing, vault: {}, last: left(first), isMeant });
    expect(namesIn(gone)).toEqual({ ...nothing, removed: ['A'] });
  });

  it('what is remembered of the others stays, so that an edit of theirs is still one', () => {
    const existing = first.text.replace('C=1', 'C=mine');
    const some = merged({ existing, vault: { A: '2' }, last: left(first), isMeant });
    expect(some.isKnown).toBe(false);
    const last = { secrets: some.base() };
    const all = merged({ existing: some.text, vault: { A: '2', B: '2', C: '1' }, last });
    expect(namesIn(all)).toEqual({ ...nothing, updated: ['B'], kept: [{ name: 'C', here: 'edited' }] });
  });

  it('of a pull that was killed, too', () => {
    const second = merged({ existing: first.text, vault: { A: '1', B: '2', C: '1' }, last: left(first) });
    const killed = { ...left(first), next: left(second) };
    const some = merged({ existing: second.text, vault: { A: '2' }, last: killed, isMeant });
    const all = merged({ existing: some.text, vault: { A: '2', B: '3', C: '1' }, last: left(some) });
    expect(namesIn(all)).toEqual({ ...nothing, updated: ['B'] });
  });
});

describe('of a file as it stands', () => {
  it('names of ours that come twice are told, with their lines', () => {
    const existing = 'X=1\nX=2\nA="one\ntwo"\nB=1\nA=old\n';
    const { repeated } = merged({ existing, vault: { A: 'new', B: '1' }, last: baseOf({ A: 'old' }) });
    expect(repeated).toEqual([{ name: 'A', lines: [3, 6] }]);
  });

  it('lines that are not understood are told', () => {
    const existing = 'A=1\n<<<<<<< HEAD\nX=1\n=======\nX=2\n>>>>>>> other\n';
    expect(merged({ existing, vault: { A: '1' } }).unknownLines).toEqual([2, 4, 6]);
  });
});

describe('a fresh file', () => {
  it('has the names of the vault alone, and tells what goes', () => {
    const existing = '# mine\r\nA=mine\r\nX=1\r\nB=2\r\n';
    const result = merged({ existing, vault: { A: '1', B: '2', C: '3' }, side: 'overwrite' });
    expect(result.text).toBe(`${heading}\nA=1\nB=2\nC=3\n`);
    expect(namesIn(result)).toEqual({ ...nothing, added: ['C'], updated: ['A'], removed: ['X'] });
  });

  it('is remembered as a first one', () => {
    const vault = { A: '1', B: 'a b' };
    expect(merged({ existing: 'A=x\n', vault, side: 'overwrite' }).base()).toEqual(baseOf(vault));
  });

  it('needs no mended line', () => {
    const result = merged({ existing: `X="open\n`, vault: { A: '1' }, side: 'overwrite' });
    expect(result).toMatchObject({ text: `${heading}\nA=1\n`, open: undefined });
  });
});

describe('a pull that was killed between the file and its memory', () => {
  const [before, after] = [
    { A: 'old', GONE: '1' },
    { A: 'new', B: 'b' },
  ];
  const first = merged({ vault: before });
  const second = merged({ existing: first.text, vault: after, last: left(first) });
  const last = { secrets: first.base(), next: { secrets: second.base() } };
  const third = { A: 'newer', B: 'b' };

  it('is gone on with where it wrote the file', () => {
    const result = merged({ existing: second.text, vault: third, last });
    expect(namesIn(result)).toEqual({ ...nothing, updated: ['A'] });
  });

  it('is done again where it did not', () => {
    const result = merged({ existing: first.text, vault: third, last });
    expect(namesIn(result)).toEqual({ ...nothing, added: ['B'], updated: ['A'], removed: ['GONE'] });
  });

  it('takes nothing for deleted here that it removed itself', () => {
    const result = merged({ existing: second.text, vault: { ...third, GONE: '1' }, last });
    expect(namesIn(result)).toEqual({ ...nothing, added: ['GONE'], updated: ['A'] });
  });

  it('asks where the line was edited since', () => {
    const existing = second.text.replace('A=new', 'A=mine');
    expect(merged({ existing, vault: third, last }).conflicts).toEqual([
      { name: 'A', here: 'edited', there: 'changed' },
    ]);
  });
});

describe('an older memory, which knows no spelling', () => {
  const last = { A: { version: 1, fingerprint: fingerprint('A', 'old value') } };

  it('tells what is untouched', () => {
    const existing = `A="old value"\n`;
    expect(merged({ existing, vault: { A: 'new' }, last }).updated).toEqual(['A']);
    expect(merged({ existing, vault: {}, last }).removed).toEqual(['A']);
    expect(merged({ existing, vault: { A: 'old value' }, last })).toMatchObject({
      text: existing,
      ...nothing,
    });
  });
});

it('names that every object has are names', () => {
  const vault = { constructor: '1', toString: '2', ['__proto__']: '3' };
  const first = merged({ vault: JSON.parse(JSON.stringify(vault)) as Record<string, string> });
  expect(first.added).toEqual(Object.keys(vault));
  const last = JSON.parse(JSON.stringify(left(first))) as ReturnType<typeof left>;
  expect(Object.keys(last.secrets)).toEqual(first.added);
  expect(namesIn(merged({ existing: first.text, vault, last }))).toEqual(nothing);
  expect(namesIn(merged({ existing: 'X=1\n', vault, last: {} }))).toEqual({ ...nothing, added: first.added });
});

it('whatever the values are, a second pull changes nothing, and the third takes nothing for an edit', () => {
  const wrong = hostileValues.filter((value) => {
    if (spell(value).spelling === undefined) return false;
    const vault = { A: value, B: 'b' };
    const first = merged({ vault });
    const again = merged({ existing: first.text, vault, last: left(first) });
    const next = merged({ existing: first.text, vault: { A: 'new', B: 'b' }, last: left(again) });
    return again.text !== first.text || next.text !== `${heading}\nA=new\nB=b\n`;
  });
  expect(wrong).toEqual([]);
});
