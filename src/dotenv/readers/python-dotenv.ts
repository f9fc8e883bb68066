import { controlLetters } from './control-letters.ts';
import { amongOthers, type Vars } from './among.ts';
import type { Harm, Reader } from './reader.ts';
import { trimEnd } from './trim.ts';

/** python-dotenv: parser.py and variables.py, 1.2.4 and 0.21.1. A line that it cannot read is left out, no more. */
export const pythonDotenv: Reader = {
  name: 'python-dotenv',
  title: 'python-dotenv',
  weight: 1,
  isSlow: true,
  read: (spelling) => amongOthers(spelling, (text) => readFile(text, current)),
};

/** All before 1.2.3, in which a backslash before a quote escaped it even if it was escaped itself. */
export const pythonDotenv021: Reader = {
  name: 'python-dotenv-0.21',
  title: 'python-dotenv before 1.2.3',
  weight: 1,
  isSlow: true,
  read: (spelling) => amongOthers(spelling, (text) => readFile(text, old)),
};

interface Grammar {
  readonly single: RegExp;
  readonly double: RegExp;
  /** Whether a `#` behind `=` and blanks begins a comment. */
  readonly comments: boolean;
}

const current: Grammar = {
  single: /'([^'\\]*(?:\\[^][^'\\]*)*)'/y,
  double: /"([^"\\]*(?:\\[^][^"\\]*)*)"/y,
  comments: true,
};
const old: Grammar = {
  single: /'([^'\\]*(?:\\'?[^'\\]*)*)'/y,
  double: /"([^"\\]*(?:\\"?[^"\\]*)*)"/y,
  comments: false,
};

// What str.isspace() takes for blank, but for line ends; \s of JavaScript is another set.
const blanks =
  '\t\v\f\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';
const blank = `[${blanks}]`;
const sticky = (pattern: string) => new RegExp(pattern, 'y');
const front = sticky(String.raw`(?:${blank}|\n)*(?:export${blank}+)?`);
const key = sticky(String.raw`'([^']+)'|((?:(?!${blank})[^=#\n])+)|(?=#)`);
const equals = sticky(`${blank}*=${blank}*`);
const bare = /[^\n]*/y;
const commentBehind = new RegExp(`(?<=${blank})#[^]*`);
const end = sticky(String.raw`(?:${blank}*#[^\n]*)?${blank}*(?:\n|$)`);
const restOfLine = /[^\n]*\n?/y;

function readFile(file: string, grammar: Grammar): Vars | Harm {
  // Python reads text with all line ends as \n.
  const text = file.replace(/\r\n?/g, '\n');
  const vars = new Map<string, string>();
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  const takeValue = (sign: string): string | undefined => {
    const first = text[at];
    if (first === "'") return take(grammar.single)?.[1]!.replace(/\\([\\'])/g, '$1');
    if (first === '"') return take(grammar.double)?.[1]!.replace(/\\([\\'"abfnrtv])/g, unescaped);
    if (first === '#' && grammar.comments && !sign.endsWith('=')) return '';
    return trimEnd(take(bare)![0].replace(commentBehind, ''), blanks);
  };
  while (at < text.length) {
    take(front);
    const named = take(key);
    const sign = named && take(equals);
    const value = sign && takeValue(sign[0]);
    const read = named !== null && value !== undefined && take(end) !== null;
    if (!read) take(restOfLine);
    else if (typeof value === 'string') vars.set(named[1] ?? named[2] ?? '', expand(value, vars));
  }
  return vars;
}

function unescaped(_all: string, sign: string): string {
  return controlLetters[sign] ?? sign;
}

/** `${NAME}` and `${NAME:-default}`, in every kind of quotes. */
function expand(value: string, vars: Vars): string {
  // Without a brace behind it nothing is a name; looking for one from each `${` would take n².
  const last = value.lastIndexOf('}') + 1;
  const expanded = value
    .slice(0, last)
    .replace(
      /\$\{([^}:]*)(?::-([^}]*))?\}/g,
      (_all, name: string, otherwise: string | undefined) => vars.get(name) ?? otherwise ?? '',
    );
  return expanded + value.slice(last);
}
