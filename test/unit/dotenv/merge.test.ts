import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Merge, mergeDotenv } from '../../../src/dotenv/merge.ts';
import { readDotenv, valuesOf } from '../../../src/dotenv/read.ts';
import { writeLine } from '../../../src/dotenv/write.ts';
import { hostileValues } from './hostile-values.ts';

interface Situation {
  existing?: string;
  wanted: Record<string, string>;
  /** What the last pull wrote, as it is read. */
  last?: Record<string, string>;
  overwrite?: boolean;
}

function merged({ existing, wanted, last = {}, overwrite = false }: Situation): Merge {
  return mergeDotenv({
    existing,
    wanted: new Map(Object.entries(wanted)),
    isFromLastPull: (name, value) => Object.hasOwn(last, name) && last[name] === value,
    lastPulled: new Set(Object.keys(last)),
    overwrite,
  });
}

describe('a pull into no file', () => {
  it('writes every name', () => {
    const { text, added } = merged({ wanted: { A: '1', B: 'two words' } });
    expect(text).toBe(`A=1\nB='two words'\n`);
    expect(added).toEqual(['A', 'B']);
  });

  it('of no names writes nothing', () => {
    expect(merged({ wanted: {} })).toEqual({ text: '', added: [], updated: [], removed: [], edited: [] });
  });
});

describe('a pull into a file', () => {
  it('changes a value in place, and leaves its comment, its quotes elsewhere and its neighbours', () => {
    const existing = `# head\nLOCAL="mine"  # mine\n\nexport A = old # why\nB='b'\n# tail`;
    const result = merged({ existing, wanted: { A: 'new value' }, last: { A: 'old' } });
    expect(result.text).toBe(`# head\nLOCAL="mine"  # mine\n\nexport A = 'new value' # why\nB='b'\n# tail`);
    expect(result).toMatchObject({ added: [], updated: ['A'], removed: [], edited: [] });
  });

  it('appends what is new, behind a line end', () => {
    expect(merged({ existing: 'LOCAL=1', wanted: { A: '1' } }).text).toBe('LOCAL=1\nA=1\n');
    expect(merged({ existing: 'LOCAL=1\n\n', wanted: { A: '1' } }).text).toBe('LOCAL=1\n\nA=1\n');
  });

  it('changes a value over lines as one', () => {
    const existing = 'A="one\ntwo" # c\nB=2\n';
    expect(merged({ existing, wanted: { A: 'x' }, last: { A: 'one\ntwo' } }).text).toBe('A=x # c\nB=2\n');
  });

  it('keeps CRLF, and writes with it', () => {
    const existing = '# c\r\nA=1\r\nB=2\r\n';
    const result = merged({ existing, wanted: { A: '3', C: '4' }, last: { A: '1', B: '2' } });
    expect(result.text).toBe('# c\r\nA=3\r\nC=4\r\n');
  });

  it('keeps comments with CRLF behind quoted values', () => {
    const existing = "A='a # b' # why\r\nLOCAL=1\r\n";
    expect(merged({ existing, wanted: { A: 'new' }, last: { A: 'a # b' } }).text).toBe(
      'A=new # why\r\nLOCAL=1\r\n',
    );
  });

  it('keeps a BOM', () => {
    expect(merged({ existing: '\uFEFFA=1\n', wanted: { A: '2' }, last: { A: '1' } }).text).toBe(
      '\uFEFFA=2\n',
    );
  });

  it('removes what the vault no longer has, unless it was edited here', () => {
    const existing = 'GONE=1\nEDITED=mine\nLOCAL=3\n';
    const result = merged({ existing, wanted: {}, last: { GONE: '1', EDITED: '2' } });
    expect(result.text).toBe('EDITED=mine\nLOCAL=3\n');
    expect(result.removed).toEqual(['GONE']);
  });

  it('never removes a name that no pull wrote', () => {
    expect(merged({ existing: 'LOCAL=1\n', wanted: {}, last: { OTHER: '1' } }).text).toBe('LOCAL=1\n');
  });

  it('of a name that is there twice changes the one that counts', () => {
    const result = merged({ existing: 'A=first\nA=old\n', wanted: { A: 'new' }, last: { A: 'old' } });
    expect(result.text).toBe('A=first\nA=new\n');
  });
});

describe('a value that was edited here', () => {
  const situation = {
    existing: 'A=mine\nB=old\n',
    wanted: { A: 'theirs', B: 'new' },
    last: { A: 'old', B: 'old' },
  };

  it('is told by its name, and its text stays', () => {
    const result = merged(situation);
    expect(result.edited).toEqual(['A']);
    expect(result.text).toContain('A=mine\n');
  });

  it('is told where there was no pull before', () => {
    expect(merged({ existing: 'A=mine\n', wanted: { A: 'theirs' } }).edited).toEqual(['A']);
  });

  it('is overwritten when that is asked for', () => {
    const result = merged({ ...situation, overwrite: true });
    expect(result).toMatchObject({ text: 'A=theirs\nB=new\n', updated: ['A', 'B'], edited: [] });
  });

  it('is none when it is what the vault has now', () => {
    const result = merged({ existing: 'A="theirs"\n', wanted: { A: 'theirs' }, last: { A: 'old' } });
    expect(result).toMatchObject({ text: 'A="theirs"\n', updated: [], edited: [] });
  });
});

describe('for any file and any values', () => {
  const name = fc.constantFrom('A', 'B', 'C', 'LOCAL', 'OTHER');
  const easy = fc.string({ unit: fc.constantFrom(...Array.from('ab1 #é')), maxLength: 6 });
  const line = fc.oneof(
    fc.tuple(name, easy).map(([key, value]) => writeLine(key, value).trimEnd()),
    fc.constantFrom('', '# c', '  # A=1', 'not understood', `A='x' # why`, 'export B=1', `C="one\ntwo"`),
  );
  const file = fc
    .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, eol, end]) => lines.join(eol) + (end ? eol : ''));
  const wanted = fc.dictionary(fc.constantFrom('A', 'B', 'C', 'D'), easy, { noNullPrototype: true });

  it('every byte that is not ours stays', () => {
    fc.assert(
      fc.property(file, wanted, (existing, values) => {
        const { text } = merged({ existing, wanted: values, overwrite: true });
        const [before, after] = [foreign(existing, Object.keys(values)), foreign(text, Object.keys(values))];
        // A last line without an end gets one when something is appended.
        expect([before, `${before}\n`, `${before}\r\n`]).toContain(after);
      }),
      { numRuns: 1000 },
    );
  });

  it('every byte that is not ours stays when ours are removed', () => {
    fc.assert(
      fc.property(file, (existing) => {
        const { A, B, C } = Object.fromEntries(valuesOf(readDotenv(existing)));
        const last = JSON.parse(JSON.stringify({ A, B, C })) as Record<string, string>;
        const { text } = merged({ existing, wanted: {}, last });
        expect(foreign(text, ['A', 'B', 'C'])).toBe(foreign(existing, ['A', 'B', 'C']));
      }),
      { numRuns: 500 },
    );
  });

  it('what comes out has the wanted values', () => {
    fc.assert(
      fc.property(file, wanted, (existing, values) => {
        const after = valuesOf(readDotenv(merged({ existing, wanted: values, overwrite: true }).text));
        expect(Object.fromEntries(Object.keys(values).map((key) => [key, after.get(key)]))).toEqual(values);
      }),
      { numRuns: 1000 },
    );
  });

  it('a second pull changes nothing', () => {
    fc.assert(
      fc.property(file, wanted, (existing, values) => {
        const { text } = merged({ existing, wanted: values, overwrite: true });
        expect(merged({ existing: text, wanted: values, last: values })).toEqual({
          text,
          added: [],
          updated: [],
          removed: [],
          edited: [],
        });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a second pull changes nothing and takes nothing for an edit', () => {
  it('whatever the values are', () => {
    const wrong = hostileValues.filter((value) => {
      const wanted = { A: value, B: 'b' };
      const { text } = merged({ wanted });
      const again = merged({ existing: text, wanted, last: wanted });
      return again.text !== text || [...again.added, ...again.updated, ...again.edited].length > 0;
    });
    expect(wrong).toEqual([]);
  });

  it('and the next version is not taken for an edit either', () => {
    const { text } = merged({ wanted: { A: `it's "both"` } });
    // What the last pull wrote is what stands there, as it is read.
    const last = Object.fromEntries(valuesOf(readDotenv(text)));
    expect(merged({ existing: text, wanted: { A: 'new' }, last })).toMatchObject({
      text: 'A=new\n',
      edited: [],
    });
  });
});

/** A file with all assignments of some names cut out. */
function foreign(text: string, names: readonly string[]): string {
  const ours = new Set(names);
  return readDotenv(text)
    .assignments.filter(({ name }) => ours.has(name))
    .toReversed()
    .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}
