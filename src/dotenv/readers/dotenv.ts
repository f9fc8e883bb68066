import { injects, loses, type Harm, type Reader } from './reader.ts';

/** Rules of dotenv 16 to 18: LINE and parse() in lib/main.js. */
export const dotenv: Reader = {
  name: 'dotenv',
  title: 'dotenv',
  weight: 3,
  read: (spelling) => {
    const line = dotenvLine(spelling);
    return 'harm' in line ? line : dotenvText(line);
  },
};

/** What dotenv takes for the value of a line, before it looks into it. */
export interface DotenvLine {
  /** Trimmed, and out of its quotes. */
  readonly text: string;
  /** The quote in front, even where none closes it; else empty. */
  readonly quote: string;
}

const horizontal = String.raw`[^\S\n]`;
const tail = new RegExp(`${horizontal}*(?:#|$)`, 'my');
const assignment = /^\s*(?:export\s+)?[\w.-]+(?:\s*=|:\s)/m;

/** The value of one line (or more, in quotes), by the rules that all who descend from dotenv share. */
export function dotenvLine(spelling: string): DotenvLine | Harm {
  const text = spelling.replace(/\r\n?/g, '\n');
  const start = text.search(/\S|$/);
  const quote = /['"`]/.test(text[start] ?? '') ? text[start]! : '';
  const closed = quote ? closing(text, start, quote) : undefined;
  if (closed === 'open') return loses;
  const end = closed ?? text.search(/[#\n]|$/);
  // A comment ends at U+2028 as well, and a line begins behind it.
  if (assignment.test(`${text.slice(end).replace(/^.*/, '')}\n`)) return injects;
  const value = text.slice(0, end).trim();
  return { text: value.replace(/^(['"`])([^]*)\1$/m, '$2'), quote };
}

/**
 * Behind the quote that closes: it has but a comment after it, and it is the first without a backslash before it, or one
 * of those in front. Where all have a backslash, the search goes on behind the spelling.
 */
function closing(text: string, start: number, quote: string): number | 'open' | undefined {
  let found: number | undefined;
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    tail.lastIndex = at + 1;
    if (tail.test(text)) found = at + 1;
    if (text[at - 1] !== '\\') return found;
  }
  return 'open';
}

/** The value that dotenv makes of it: only line ends are escaped, and only behind a double quote. */
export function dotenvText({ text, quote }: DotenvLine): string {
  return quote === '"' ? text.replaceAll('\\n', '\n').replaceAll('\\r', '\r') : text;
}
