import { type Harm, loses, type Reader } from './reader.ts';
import { blanksInFront, harmBehind } from './statement.ts';

/** parser.go of joho/godotenv 1.5. */
export const godotenv: Reader = {
  name: 'godotenv',
  title: 'godotenv',
  weight: 1,
  isStrict: true,
  read(spelling) {
    const text = `${spelling}\n`.replaceAll('\r\n', '\n').slice(0, -1).replace(blanksInFront, '');
    return /^['"]/.test(text) ? quoted(text) : bare(text);
  },
};

// Blanks may stand in a name; the last of a file needs no = behind it.
const key = /^[\p{L}\p{N}_.\t\v\f\r \u0085\u00A0]*(?:[=:]|$)/u;
const blanksBehind = /[\t\v\f\r \u0085\u00A0]+$/;

/** To a quote of the same kind that has no backslash before it; all quotes at both ends are cut. */
function quoted(text: string): string | Harm {
  const quote = text.charAt(0);
  let end = 1;
  while (end < text.length && (text[end] !== quote || text[end - 1] === '\\')) end++;
  if (end >= text.length) return loses;
  const own = new RegExp(`^${quote}+|${quote}+$`, 'g');
  const value = text.slice(1, end).replace(own, '');
  return harmBehind(text.slice(end + 1), key) ?? (quote === '"' ? expanded(unescaped(value)) : value);
}

/** To the end of the line, or to the last # that has a blank before it. */
function bare(text: string): string | Harm {
  const line = /^[^\r\n]*/.exec(text)![0];
  const value = /^(.*[\t\v\f\r \u0085\u00A0])#/s.exec(line)?.[1] ?? line;
  return harmBehind(text.slice(line.length), key) ?? expanded(value.replace(blanksBehind, ''));
}

function unescaped(text: string): string {
  return text
    .replace(/\\[^\n]/gu, (both) => (both === String.raw`\n` ? '\n' : both === String.raw`\r` ? '\r' : both))
    .replace(/\\([^$])/gu, '$1');
}

/** Names in capitals, with or without braces; what is not set is empty. */
function expanded(text: string): string {
  return text.replace(/(\\)?\$\(?\{?([A-Z0-9_]+)?\}?/g, (all, backslash?: string, name?: string) =>
    backslash ? all.slice(1) : name ? '' : all,
  );
}
