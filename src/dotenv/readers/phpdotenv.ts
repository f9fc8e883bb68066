import { amongOthers, type Vars } from './among.ts';
import { type Harm, loses, type Reader } from './reader.ts';
import { trim } from './trim.ts';

/**
 * phpdotenv (Laravel) before 5.6.4: Parser/Lines.php, EntryParser.php, Lexer.php, Loader/Resolver.php. A line that it
 * cannot read costs the file. 5.6.4 differs in one thing: a last line like `abc="` inside a value does not cost the file.
 */
export const phpdotenv: Reader = {
  name: 'phpdotenv',
  title: 'phpdotenv (Laravel)',
  weight: 1,
  isStrict: true,
  isSlow: true,
  read: (spelling) => amongOthers(spelling, readFile),
};

// What trim() of PHP takes away.
const blanks = ' \t\n\r\0\v';

function readFile(text: string): Vars | Harm {
  const vars = new Map<string, string>();
  for (const entry of entriesOf(text.split(/\r\n|\n|\r/))) {
    const sign = entry.indexOf('=');
    const name = nameIn(trim(sign < 0 ? entry : entry.slice(0, sign), blanks));
    const value = sign < 0 ? '' : readValue(trim(entry.slice(sign + 1), blanks));
    if (name === undefined || value === undefined) return loses;
    // A name without a sign unsets it.
    if (sign >= 0) vars.set(name, value);
  }
  return vars;
}

/** Joins lines from one that holds `="` and does not seem to end there, to one that does. */
function entriesOf(lines: readonly string[]): string[] {
  const entries: string[] = [];
  let open: string[] | undefined;
  for (const line of lines) {
    const starts = line.includes('="') && !seemsToEnd(line, true);
    if (starts) open ??= [];
    open?.push(line);
    if (open && !seemsToEnd(line, starts)) continue;
    entries.push(open?.join('\n') ?? line);
    open = undefined;
  }
  return entries.filter((entry) => !/^(?:#|$)/.test(trim(entry, blanks)));
}

function seemsToEnd(line: string, starts: boolean): boolean {
  if (line === '"') return true;
  const quotes = line.replaceAll('\\\\', '').match(/(?<=[^\\])"/g) ?? [];
  return quotes.length > (starts ? 1 : 0);
}

function nameIn(text: string): string | undefined {
  const name = text.replace(/^export[\t-\r ]+(?=[^]{2})/, '').replace(/^(['"])([^]+)\1$/, '$2');
  return /^[\w.]+$/.test(name) ? name : undefined;
}

const single = /^'([^']*)'/;
const double = /^"((?:[^"\\]|\\["\\$fnrtv])*)"/;
const bare = /^(?!['"])([^#\t-\r ]*)/;
// Behind the value: blanks and a comment, no more.
const behind = /^(?:[\t-\r ]*|[\t-\r ]*#[^]*)$/;

/** Undefined where it is refused. */
function readValue(text: string): string | undefined {
  const match = single.exec(text) ?? double.exec(text) ?? bare.exec(text);
  if (!match || !behind.test(text.slice(match[0].length))) return undefined;
  if (text.startsWith("'")) return match[1]!;
  return expand(text.startsWith('"') ? match[1]!.split(/(\\[^])/) : [match[1]!]);
}

const escapes: Readonly<Record<string, string>> = { f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** `${NAME}` of whatever is set; what is not set stays as it is, which nobody can know beforehand. */
function expand(pieces: readonly string[]): string {
  let text = '';
  const dollars: number[] = [];
  for (const piece of pieces) {
    if (piece.startsWith('\\') && pieces.length > 1) text += escapes[piece[1]!] ?? piece[1]!;
    else {
      for (const { index } of piece.matchAll(/\$/g)) dollars.push(text.length + index);
      text += piece;
    }
  }
  // From the last to the first, as what is put in can make a name of what stands around it.
  for (const at of dollars.toReversed()) {
    const name = /^\$\{[\w.]+\}/.exec(text.slice(at));
    if (name) text = text.slice(0, at) + text.slice(at + name[0].length);
  }
  return text;
}
