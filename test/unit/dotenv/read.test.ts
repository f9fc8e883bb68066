import { parse } from 'dotenv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicatesIn, readDotenv, valuesOf } from '../../../src/dotenv/read.ts';

const ours = (text: string): Record<string, string> => Object.fromEntries(valuesOf(readDotenv(text)));

describe('a file reads as the dotenv package reads it', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/);
  const blank = fc.constantFrom('', ' ', '  ', '\t');
  const plain = fc.string({
    unit: fc.constantFrom(...Array.from('ab1 =:,/\\$%&*(){}[]<>|;~^!?@.-_+é🔑\t')),
    maxLength: 16,
  });
  const quoted = fc
    .tuple(
      fc.constantFrom("'", '"', '`'),
      fc.string({ unit: fc.constantFrom(...Array.from('ab1 =:#$%&\né\\')), maxLength: 16 }),
    )
    .filter(([, text]) => !text.includes('\\') || /^[^\\]*(?:\\[nrt][^\\]*)*$/.test(text))
    .map(([quote, text]) => `${quote}${text}${quote}`);
  const comment = fc.constantFrom('', ' # a comment', '#', ' # KEY=value');
  const assignment = fc
    .tuple(
      fc.constantFrom('', 'export ', '  '),
      name,
      blank,
      fc.constantFrom('='),
      blank,
      fc.oneof(plain, quoted),
      comment,
    )
    .filter((parts) => parts[5].trim() !== '')
    .map((parts) => parts.join(''));
  const line = fc.oneof(
    { weight: 5, arbitrary: assignment },
    fc.constantFrom('', '# comment', '  # A=b', '   '),
  );

  it('whatever its lines are', () => {
    const file = fc
      .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(
        ([lines, eol, end]) => lines.map((text) => text.replaceAll('\n', eol)).join(eol) + (end ? eol : ''),
      );
    fc.assert(
      fc.property(file, (text) => {
        expect(ours(text)).toEqual({ ...parse(text) });
      }),
      { numRuns: 2000 },
    );
  });

  const hostile: Record<string, string> = {
    'an empty file': '',
    'nothing but line ends': '\n\r\n\n',
    'no line end at the end': 'A=1',
    'blanks around the sign': 'A = 1\nB\t=\t2',
    'a colon for a sign': 'A: 1\nB: "2"',
    export: 'export A=1\n  export  B=2',
    'a name that begins with export': 'exported=1\nexport_A=2',
    'an empty value': 'A=\nB=1',
    'an empty value and a comment': 'A= # none\nB=1',
    'an empty value in quotes': `A=''\nB=""\nC=\`\``,
    'a comment behind a value': 'A=1 # one\nB=2# two\nC=3#three',
    'a # inside quotes': `A='a # b'\nB="a#b" # c\nC=\`#\``,
    'quotes behind a quoted value': `A="a" # "b"\nB='a' # it's`,
    'quotes in the middle': `A=it's\nB=say "hi"\nC=a'b'c`,
    'quotes of another kind inside': `A='say "hi"'\nB="it's"\nC=\`'"\``,
    'blanks inside quotes': `A='  a  '\nB="\tb\t"`,
    'a value over lines': `A="one\ntwo\n\nthree"\nB='one\ntwo'\nC=\`one\ntwo\``,
    'a value over lines that holds an assignment': `A="one\nB=2\nthree"\nC=3`,
    'a value over lines with CRLF': 'A="one\r\ntwo"\r\nB=2\r\n',
    'an unclosed quote': `A="one\nB=2\nC='three\nD=4`,
    'an unclosed quote at the end': 'A=1\nB="',
    'a closed quote with words behind it': `A="one" two\nB='x'y'z'`,
    'backslash n in each kind of quotes': `A="a\\nb\\rc"\nB='a\\nb'\nC=\`a\\nb\`\nD=a\\nb`,
    'an escaped quote in single quotes': `B='it\\'s'\nC=1`,
    'two backslashes and nothing else escaped': `A="C:\\\\dir"\nB="\\\\\\\\server"\nC="a\\\\nb"`,
    'quotes that are not escaped inside quotes': `A="{"a":"b"}"\nB="{"a":"say \\"hi\\"\\n"}"\nC='it's'`,
    'a backslash before the closing quote': `A="C:\\dir\\"\nB=1`,
    'a dollar and a command': 'A=$HOME\nB=${HOME}\nC=$(id)\nD="`id`"',
    'names with dots and dashes': 'a.b=1\nc-d=2\n1=3',
    'a name that comes twice': 'A=1\nA=2',
    'a BOM': '\uFEFFA=1\nB=2',
    'lines that are none': 'no sign here\n= 1\nA=1\n<<<<<<< HEAD\n!B=2',
    'a sign in the value': 'A=a=b=c\nB==x',
    'an indented comment': '  # A=1\n\t#B=2\nC=3',
    'long runs of blanks': 'A=1      \n   B=2',
    'a lone CR at the end of a line': 'A=1\rB=2\n',
    JSON: `A={"a":"b","c":[1,2]}\nB='{"a":"b"}'`,
    'a URL with a # in quotes': `A='postgres://u:p#w@h/d?x=1&y=2'`,
    'a private key': 'A="-----BEGIN KEY-----\nabc+/=\n-----END KEY-----\n"\nB=1',
  };
  for (const [what, text] of Object.entries(hostile)) {
    it(what, () => {
      expect(ours(text)).toEqual({ ...parse(text) });
    });
  }
});

describe('the places of an assignment', () => {
  it('cut out its lines and its value as they are written', () => {
    const text = `# head\n  export A = "one\ntwo" # c\nB=x y  # d\r\nC=\n`;
    const cut = readDotenv(text).assignments.map(({ start, end, valueStart, valueEnd, line: at }) => [
      text.slice(start, end),
      text.slice(valueStart, valueEnd),
      at,
    ]);
    expect(cut).toEqual([
      ['  export A = "one\ntwo" # c\n', '"one\ntwo"', 2],
      ['B=x y  # d\r\n', 'x y', 4],
      ['C=\n', '', 5],
    ]);
  });

  it('never overlap, and go up', () => {
    const text = fc.string({
      unit: fc.constantFrom(...Array.from(`AB=:'"\`\\#$ \n\r\texpo`)),
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, (any) => {
        let last = 0;
        for (const { start, valueStart, valueEnd, end } of readDotenv(any).assignments) {
          expect([last <= start, start < valueStart, valueStart <= valueEnd, valueEnd <= end]).not.toContain(
            false,
          );
          last = end;
        }
        expect(last).toBeLessThanOrEqual(any.length);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('what is not understood', () => {
  it('is told by its line, and nothing is lost around it', () => {
    const { assignments, unknownLines } = readDotenv('A=1\nwhat\n\n# c\nB="x\ny"\n<<<<\nC=3\n=4');
    expect(assignments.map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    expect(unknownLines).toEqual([2, 7, 9]);
  });

  it('is none of the empty lines and comments', () => {
    expect(readDotenv('\uFEFF# a\r\n\r\n   \n\t# b\n').unknownLines).toEqual([]);
  });
});

it('names that come more than once are told with their lines', () => {
  expect(duplicatesIn(readDotenv('A=1\nB=2\n\nA="3\n4"\nA=5\nb=6\n'))).toEqual([
    { name: 'A', lines: [1, 4, 6] },
  ]);
});

it('a large file is read in a time that grows with its length', () => {
  const hostile = [
    `A=''\\''\n`,
    `A="\\" # \\" # `,
    `A='''\n`,
    `A="\n`,
    `export A=$'\n`,
    `A=\\"`,
    `export A='\n`,
  ];
  for (const part of hostile) readDotenv(part.repeat(100_000));
  const quotes = `${`A="\n`.repeat(2000)}B='${"x\\' ".repeat(2000)}\n`;
  expect(readDotenv(quotes).assignments.length).toBeGreaterThan(0);
  expect(readDotenv(`A=${' '.repeat(50_000)}x${' '.repeat(50_000)}\n`).assignments).toHaveLength(1);
});

it('10,000 lines are read in less than twice the time that dotenv takes', () => {
  const line = (i: number): string =>
    [`N${i}=plain-${i}`, `N${i}="double ${i}\\n"`, `N${i}='a # ${i}' # c`, `# ${i}`, '', `export N${i}=x y`][
      i % 6
    ]!;
  const text = Array.from({ length: 10_000 }, (_, i) => `${line(i)}\n`).join('');
  const fastest = (work: () => unknown): number =>
    Math.min(
      ...Array.from({ length: 15 }, () => {
        const before = performance.now();
        work();
        return performance.now() - before;
      }),
    );
  expect(fastest(() => readDotenv(text))).toBeLessThan(2 * fastest(() => parse(text)));
});
