/**
 * Reading .env text, with the place of every assignment, so that a merge can change one and leave every other byte.
 * The meaning of a line is that of the dotenv package, which is the reference: a value in quotes may span lines, ends
 * at the quote that has only a comment behind it, and falls back to the rest of its line where there is none.
 */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Offsets of the whole assignment, from the start of its first line to behind its last line's end. */
  readonly start: number;
  readonly end: number;
  /** Offsets of the value as it is written, quotes and all. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Its first line, counted from 1. */
  readonly line: number;
}

export interface Reading {
  readonly assignments: readonly Assignment[];
  /** Lines that are neither empty, nor a comment, nor an assignment; counted from 1. */
  readonly unknownLines: readonly number[];
}

const head = /[^\S\r\n]*(?:export[^\S\r\n]+)?([\w.-]+)(?:[^\S\r\n]*=[^\S\r\n]*|:[^\S\r\n]+)/y;
const blank = /[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y;
const lineEnd = /\r\n?|\n/g;

/** Reads the text of a .env file; a name may come more than once, and the last one counts. */
export function readDotenv(text: string): Reading {
  const assignments: Assignment[] = [];
  const unknownLines: number[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (let line = 1; at < text.length;) {
    const found = matchAt(blank, text, at) === undefined ? readAssignment(text, at, line) : undefined;
    const end = found?.end ?? endOfLine(text, at);
    if (found) assignments.push(found);
    else if (matchAt(blank, text, at) === undefined) unknownLines.push(line);
    line += text.slice(at, end).match(lineEnd)?.length ?? 0;
    at = end;
  }
  return { assignments, unknownLines };
}

/** The names and values of a file; of a name that comes twice, the last. */
export function valuesOf(reading: Reading): Map<string, string> {
  return new Map(reading.assignments.map(({ name, value }) => [name, value]));
}

/** Names that are assigned more than once, with the lines. */
export function duplicatesIn({ assignments }: Reading): { name: string; lines: number[] }[] {
  const byName = Map.groupBy(assignments, ({ name }) => name);
  return [...byName]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => ({ name, lines: all.map((a) => a.line) }));
}

function readAssignment(text: string, start: number, line: number): Assignment | undefined {
  const found = matchAt(head, text, start);
  if (!found) return undefined;
  const valueStart = start + found[0].length;
  const quoted = closingQuote(text, valueStart);
  const valueEnd = quoted ?? endOfPlain(text, valueStart);
  const value =
    quoted === undefined
      ? plainValue(text.slice(valueStart, valueEnd))
      : quotedValue(text.slice(valueStart, valueEnd));
  return { name: found[1]!, value, start, end: endOfLine(text, valueEnd), valueStart, valueEnd, line };
}

/**
 * Behind the quote that closes a quoted value: it has nothing but a comment after it. The first quote without a backslash
 * before it is tried first, then those with one, from there back.
 */
function closingQuote(text: string, start: number): number | undefined {
  const quote = text[start];
  if (quote !== "'" && quote !== '"' && quote !== '`') return undefined;
  const candidates: number[] = [];
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    candidates.push(at + 1);
    if (text[at - 1] !== '\\') break;
  }
  return candidates.findLast((end) => matchAt(blank, text, end) !== undefined);
}

function endOfPlain(text: string, start: number): number {
  const end = endOfLine(text, start);
  const comment = text.slice(start, end).indexOf('#');
  return start + text.slice(start, comment === -1 ? end : start + comment).trimEnd().length;
}

function quotedValue(raw: string): string {
  const inner = raw.slice(1, -1).replace(/\r\n?/g, '\n');
  return raw.startsWith('"') ? unescape(inner) : inner;
}

function plainValue(raw: string): string {
  const quote = raw[0];
  const wrapped = raw.length > 1 && (quote === "'" || quote === '"' || quote === '`') && raw.endsWith(quote);
  const inner = wrapped ? raw.slice(1, -1) : raw;
  return quote === '"' ? unescape(inner) : inner;
}

function unescape(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

function endOfLine(text: string, at: number): number {
  lineEnd.lastIndex = at;
  return lineEnd.test(text) ? lineEnd.lastIndex : text.length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
