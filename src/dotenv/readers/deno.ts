import { firstQuote, nodeLine } from './node.ts';
import type { Reader } from './reader.ts';

/**
 * Deno 2 (libs/dotenv/lib.rs; the closing quote by trial with 2.9): Node's rules, but for quotes within quotes; names are
 * substituted where the value is bare or in double quotes.
 */
export const deno: Reader = {
  name: 'deno',
  title: 'deno --env-file',
  weight: 1,
  read: (spelling) => {
    const line = nodeLine(spelling, closing);
    if ('harm' in line) return line;
    return line.quote === '' || line.quote === '"' ? substituted(line.text) : line.text;
  },
};

/** On the line of the first, the quote that has nothing but a comment behind it; the first where none has. */
function closing(text: string): number {
  const first = firstQuote(text);
  const end = first === -1 ? -1 : text.indexOf('\n', first);
  const line = end === -1 ? text : text.slice(0, end);
  for (let at = first; at !== -1; at = line.indexOf(text[0]!, at + 1))
    if (/^[ \t]*(?:#|$)/.test(line.slice(at + 1))) return at;
  return first;
}

/** A dollar goes with the name behind it, which may be empty; a brace that is open takes the rest. */
function substituted(text: string): string {
  return text.replace(/\\\$|\$\{[^}]*\}?|\$[A-Za-z0-9]*/g, (match) => (match === '\\$' ? '$' : ''));
}
