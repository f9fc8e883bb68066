import { expandFirst, hasCommand, unescapeDollar } from './dollar.ts';
import { dotenvLine, type DotenvLine } from './dotenv.ts';
import { loses, type Reader, runs } from './reader.ts';

/** dotenvx 2 (@dotenvx/primitives 3, scan and parse): dotenv's lines, other escapes, and `$` but in single quotes. */
export const dotenvx: Reader = {
  name: 'dotenvx',
  title: 'dotenvx',
  weight: 1,
  read: (spelling) => {
    const line = dotenvLine(spelling);
    if ('harm' in line) return spelling.includes('$(') ? runs : line;
    const text = unescaped(line);
    // What it has encrypted itself is left as it is.
    if (line.quote === "'" || text.startsWith('encrypted:')) return text;
    if (hasCommand(text)) return runs;
    const result = expandFirst(text);
    return result === undefined ? loses : unescapeDollar(result);
  },
};

function unescaped({ text, quote }: DotenvLine): string {
  if (quote === "'") return text.replaceAll("\\'", "'");
  if (quote !== '"') return text;
  return text.replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t');
}
