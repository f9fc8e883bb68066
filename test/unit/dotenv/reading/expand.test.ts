import { describe, expect, it } from 'vitest';
import { expandedValues } from '../../../../src/dotenv/reading/expand.ts';
import { readDotenv } from '../../../../src/dotenv/read.ts';
import { SecretsError } from '../../../../src/errors.ts';

const expanded = (text: string): Record<string, string> =>
  Object.fromEntries(expandedValues(text, readDotenv(text), '.env'));

function refusal(text: string): SecretsError {
  try {
    expanded(text);
  } catch (error) {
    expect(error).toBeInstanceOf(SecretsError);
    return error as SecretsError;
  }
  throw new Error('nothing was thrown');
}

describe('references are resolved within the file', () => {
  const cases: Record<string, [text: string, values: Record<string, string>]> = {
    'each of the ways to write one': [
      'H=db\nA=$H\nB=${H}\nC="$H:1/${H}x"\nD=`$H`',
      { H: 'db', A: 'db', B: 'db', C: 'db:1/dbx', D: 'db' },
    ],
    'defaults, of a name that is missing or empty': [
      'E=\nA=${N:-a}\nB=${N-b}\nC=${E:-c}\nD=${E-d}\nF="${N:-}"',
      { E: '', A: 'a', B: 'b', C: 'c', D: '', F: '' },
    ],
    'a default that holds a reference, or braces': [
      'H=db\nA="${N:-${M:-$H}}/x"\nB="${N:-\\}}"',
      { H: 'db', A: 'db/x', B: '\\}' },
    ],
    'to a name further down, and through several': ['A=$B\nB=$C\nC=c', { A: 'c', B: 'c', C: 'c' }],
    'to the assignment above where a name comes twice': ['A=1\nB=$A\nA=$A:2', { A: '1:2', B: '1' }],
    'not in single quotes, nor in pieces of a shell': [
      `H=db\nA='$H'\nB='$H'\\''s'`,
      { H: 'db', A: '$H', B: "$H's" },
    ],
    'not behind a backslash': [
      'H=db\nA=\\$H\nB="\\$H $H"\nC=\\\\$H',
      { H: 'db', A: '$H', B: '$H db', C: '\\\\db' },
    ],
    'a dollar that begins no name stays': ['A="$5 $ $$ $(id) $"', { A: '$5 $ $$ $(id) $' }],
    'the value that is put in is not looked at again': [`H='$X\\n'\nA="$H"`, { H: '$X\\n', A: '$X\\n' }],
    'line ends and escapes around it': ['H=db\nA="a\\n$H\\tb"', { H: 'db', A: 'a\ndb\\tb' }],
    'over lines': ['H=db\nA="one\n$H"', { H: 'db', A: 'one\ndb' }],
  };
  for (const [what, [text, values]] of Object.entries(cases)) {
    it(what, () => {
      expect(expanded(text)).toEqual(values);
    });
  }

  it('and never in the environment', () => {
    expect(process.env.PATH).toBeTruthy();
    expect(refusal('A=$PATH').message).toContain('refers to "PATH", which is not in the file');
  });

  it('and nothing is run', () => {
    expect(expanded('A="$(touch CANARY)`touch CANARY`"')).toEqual({ A: '$(touch CANARY)`touch CANARY`' });
  });
});

describe('what cannot be resolved is told by name and line, and no value is', () => {
  const cases: Record<string, [text: string, what: string]> = {
    'a missing name': ['X=canary\nA="canary$NOPE"', '.env:2: "A" refers to "NOPE", which is not in the file'],
    'a name that refers to itself': ['A=canary$A', '.env:1: "A" refers to itself by "A"'],
    'a circle of names': ['A=$B\nB=$C\nC=canary$A', '.env:3: "C" refers to itself by "A"'],
    'an open brace': ['B=1\nA="canary${B"', '.env:2: "A" has a ${ that is no reference to a name'],
    'another operator': ['B=1\nA=canary${B:?x}', '.env:2: "A" has a ${ that is no reference to a name'],
  };
  for (const [what, [text, message]] of Object.entries(cases)) {
    it(what, () => {
      const error = refusal(text);
      expect(error.code).toBe('invalid');
      expect(error.message).toContain(message);
      expect(JSON.stringify(error) + error.message).not.toContain('canary');
    });
  }

  it('all of them at once, the first ten by name', () => {
    const { message } = refusal(Array.from({ length: 12 }, (_, i) => `A${i}=$NOPE`).join('\n'));
    expect(message.match(/refers to "NOPE"/g)).toHaveLength(10);
    expect(message).toMatch(/; and 2 more$/);
  });

  it('a chain of 5,000 names, and values that double to beyond all bounds', () => {
    const chain = Array.from({ length: 5000 }, (_, i) => `A${i}=$A${i + 1}`).join('\n');
    expect(refusal(`${chain}\nA5000=x`).message).toContain('goes through over 100 names');
    const doubling = Array.from({ length: 60 }, (_, i) => `A${i + 1}=$A${i}$A${i}`).join('\n');
    expect(refusal(`A0=x\n${doubling}`).code).toBe('too_large');
  });

  const nested = (depth: number, rest = '}'.repeat(depth)): string => `A=${'${B:-'.repeat(depth)}${rest}`;

  it('defaults within defaults, over 100 deep, by name and line', () => {
    expect(expanded(nested(100))).toEqual({ A: '' });
    expect(refusal(nested(101)).message).toBe('.env:1: "A" nests over 100 defaults');
    const through = Array.from({ length: 60 }, (_, i) => `A${i}=\${N:-\${N:-$A${i + 1}}}`).join('\n');
    expect(refusal(`${through}\nA60=x`).message).toContain('nests over 100 defaults');
  });

  it('in time that grows as the file does, however deep the braces are', () => {
    const start = performance.now();
    for (const text of [nested(30_000), nested(30_000, ''), `A=${'${B:-}'.repeat(30_000)}`])
      try {
        expanded(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SecretsError);
      }
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
