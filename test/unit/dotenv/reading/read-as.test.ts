import { describe, expect, it } from 'vitest';
import { readDotenv, valuesOf } from '../../../../src/dotenv/read.ts';
import { readerNamed, readers } from '../../../../src/dotenv/readers/index.ts';
import { spell } from '../../../../src/dotenv/write.ts';
import { hostileValues } from '../../../readers/values.ts';

const readAs = (name: string, text: string) => readDotenv(text, { as: readerNamed(name) });
const valuesAs = (name: string, text: string) => Object.fromEntries(valuesOf(readAs(name, text)));

describe('a file is read as another program reads it', () => {
  it('docker: line by line, quotes and all', () => {
    const text = `# c = 1\nA='x # y'\n  B="one\nC=two"\n\nD=\nHOME\n  \r\nA2=$H\\\r\n`;
    expect(valuesAs('docker', text)).toEqual({ A: `'x # y'`, B: '"one', C: 'two"', D: '', A2: '$H\\' });
    expect(readAs('docker', text)).toMatchObject({ unknownLines: [7], refused: [] });
  });

  it.each([
    ['export A=1', 'spaced name'],
    ['A = 1', 'spaced name'],
    ['A\t=1', 'spaced name'],
    ['two words', 'spaced name'],
    ['=1', 'no name'],
    ['  =', 'no name'],
  ])('docker: the file is refused for %j, and what is there for a name is not told', (line, why) => {
    expect(readAs('docker', `OK=1\n${line}\n`)).toMatchObject({
      assignments: [{ name: 'OK' }],
      refused: [{ line: 2, why }],
    });
    expect(Object.keys(readAs('docker', line).refused[0]!)).toEqual(['line', 'why']);
  });

  it('docker: a line of a key is no name', () => {
    const key = 'A=-----BEGIN KEY-----\nMIIE+/x==\nab/c=\n-----END KEY-----\nB=1\n';
    expect(readAs('docker', key)).toMatchObject({
      assignments: [{ name: 'A' }, { name: 'B' }],
      unknownLines: [2, 3],
      refused: [{ line: 4 }],
    });
  });

  it('docker: the places are those of the lines', () => {
    const text = 'A=1\n B=x y\r\nC=';
    const cut = readAs('docker', text).assignments.map((one) => [
      text.slice(one.start, one.end),
      text.slice(one.valueStart, one.valueEnd),
      one.line,
    ]);
    expect(cut).toEqual([
      ['A=1\n', '1', 1],
      [' B=x y\r\n', 'x y', 2],
      ['C=', '', 3],
    ]);
  });

  it('compose: escapes in double quotes, a quote in single quotes', () => {
    expect(valuesAs('compose', `A="C:\\\\dir"\nB='it\\'s'\nC="a\\nb" # c\n`)).toEqual({
      A: 'C:\\dir',
      B: "it's",
      C: 'a\nb',
    });
  });

  it('what it would refuse, or run, is told by name and line', () => {
    expect(
      readAs('shell', 'A=1\nB=two words\nC=$(id)\n').refused.map(({ name, line }) => [name, line]),
    ).toEqual([
      ['B', 2],
      ['C', 3],
    ]);
  });

  it('what it would take from elsewhere is told by the names', () => {
    const { refused } = readAs('compose', 'A="x$HOST/${PORT}"\nB=\'$HOST\'\nC="${NOPE:-c}"\n');
    expect(refused).toEqual([{ name: 'A', line: 1, why: { refersTo: ['HOST', 'PORT'] } }]);
  });

  it('dotenv, node and the others that know no references keep them', () => {
    expect(readAs('dotenv', 'A=$HOST\nB="${PORT}"\n').refused).toEqual([]);
    expect(valuesAs('node', 'A="$HOST"\n')).toEqual({ A: '$HOST' });
  });
});

describe('what is written for one program is read back as that program', () => {
  for (const reader of readers) {
    it(reader.name, () => {
      const written = hostileValues.filter(isOneToUs).flatMap((value) => {
        const { spelling } = spell(value, { readers: [reader], named: 'by the user' });
        return spelling === undefined ? [] : [{ value, spelling }];
      });
      expect(written.length).toBeGreaterThan(hostileValues.length / 2);
      const text = written.map(({ spelling }, i) => `V${i}=${spelling}\n`).join('');
      const read = readDotenv(text, { as: reader });
      expect(read.refused).toEqual([]);
      expect([...valuesOf(read).values()]).toEqual(written.map(({ value }) => value));
    });
  }
});

/** Where assignments end we see as dotenv does, whoever is asked for the value: not behind `\'`, and at a CR without quotes. */
function isOneToUs(value: string): boolean {
  return !value.includes('\r') && !value.endsWith('\\');
}
