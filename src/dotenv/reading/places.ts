/**
 * Where the assignments of a .env text stand. The shape of a line is that of the dotenv package, which is the reference:
 * a value in quotes may span lines, ends at the quote that has only a comment behind it, and falls back to the rest of
 * its line where there is none. What shells print (`export -p`) is understood besides.
 */
export interface Place {
  readonly name: string;
  /** Offsets of the whole assignment, from the start of its first line to behind its last line's end. */
  readonly start: number;
  readonly end: number;
  /** Offsets of the value as it is written, quotes and all. */
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Its first line, counted from 1. */
  readonly line: number;
}

export interface Places<P extends Place = Place> {
  readonly places: P[];
  /** Lines that are neither empty, nor a comment, nor an assignment; counted from 1. */
  readonly unknownLines: number[];
}

const head =
  /[^\S\r\n]*((?:export|(?:declare|typeset) -[A-Za-z]*x[A-Za-z]*)[^\S\r\n]+)?([\w.-]+)(?:[^\S\r\n]*=[^\S\r\n]*|:[^\S\r\n]+)/y;
const blank = /[^\S\r\n]*(?:#[^\r\n]*)?(?:\r\n?|\n|$)/y;
/** A name that is exported and not assigned. */
const named =
  /[^\S\r\n]*(?:export|(?:declare|typeset) -[A-Za-z]*x[A-Za-z]*)[^\S\r\n]+[A-Za-z_]\w*[^\S\r\n]*(?:\r\n?|\n|$)/y;
const lineEnd = /\r\n?|\n/g;
/** As a shell quotes a value with `'` in it: pieces in quotes, and nothing between them. */
const pieces = /(?:'[^']*'|\\'|"(?:[^"\\$`\r\n]|\\["\\$`])*")+/y;
/** Where one in single quotes meets one that holds what those cannot: one piece alone is a value in quotes. */
const joint = /'(?:\\'|"['\\])|(?:\\'|['$]")'/;
/** A shell's `$'…'`. */
const ansi = /\$'(?:[^'\\]|\\[\s\S])*'/y;

/** Finds the assignments; `make` turns a place, and the shell's word before it, into what is kept. */
export function placesIn<P extends Place>(text: string, make: (place: Place, word?: string) => P): Places<P> {
  const places: P[] = [];
  const unknownLines: number[] = [];
  const scan: Scan = { text, inVain: 0 };
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  for (let line = 1; at < text.length;) {
    const empty = endOf(blank, text, at) ?? endOf(named, text, at);
    const found = empty === undefined ? headAt(text, at) : undefined;
    const place = found && placeAt(scan, at, line, found);
    if (place) places.push(make(place, found[1]));
    else if (empty === undefined) unknownLines.push(line);
    const end = place?.end ?? empty ?? endOfLine(text, at);
    line += place ? linesIn(text, at, end) : 1;
    at = end;
  }
  return { places, unknownLines };
}

/** Whether a value as it is written is one in a shell's pieces, like `'it'\''s'`. `exported`: a shell's word is before it. */
export function isInPieces(spelling: string, exported = false): boolean {
  if (endOf(pieces, spelling, 0) !== spelling.length) return false;
  return joint.test(spelling) || (exported && !spelling.startsWith('"'));
}

interface Scan {
  readonly text: string;
  /** Up to here pieces were looked for and not found: not again, so that no file takes a time of its length squared. */
  inVain: number;
}

function headAt(text: string, at: number): RegExpExecArray | undefined {
  head.lastIndex = at;
  return head.exec(text) ?? undefined;
}

function placeAt(scan: Scan, start: number, line: number, found: RegExpExecArray): Place {
  const { text } = scan;
  const valueStart = start + found[0].length;
  const valueEnd = endOfValue(scan, valueStart, found[1] !== undefined);
  return { name: found[2]!, start, end: endOfLine(text, valueEnd), valueStart, valueEnd, line };
}

function endOfValue(scan: Scan, start: number, exported: boolean): number {
  const { text } = scan;
  const first = text[start];
  const isQuote = first === "'" || first === '"' || first === '`';
  // To a shell no backslash escapes the quote that closes.
  const asInShell =
    exported && (first === "'" || first === '\\') ? endOfPieces(scan, start, true) : undefined;
  const quoted = asInShell ?? (isQuote ? closingQuote(text, start, first) : undefined);
  if (quoted !== undefined) return quoted;
  const inPieces = isQuote || first === '\\' ? endOfPieces(scan, start, false) : undefined;
  if (inPieces !== undefined) return inPieces;
  const word = exported && first === '$' ? endOf(ansi, text, start) : undefined;
  return word !== undefined && closes(text, word) ? word : endOfPlain(text, start);
}

/**
 * Behind the quote that closes a quoted value: it has nothing but a comment after it. The first quote without a backslash
 * before it is tried first, then those with one, from there back. A backslash that is itself escaped escapes no quote.
 */
function closingQuote(text: string, start: number, quote: string): number | undefined {
  const candidates: number[] = [];
  for (let at = text.indexOf(quote, start + 1); at !== -1; at = text.indexOf(quote, at + 1)) {
    candidates.push(at + 1);
    if (text[at - 1] !== '\\') break;
    if (quote === '"' && isEscaped(text, start, at - 1) && closes(text, at + 1)) break;
  }
  return candidates.findLast((end) => closes(text, end));
}

/** Whether the backslash at a place is the second of a pair. */
function isEscaped(text: string, start: number, at: number): boolean {
  let first = at;
  while (first - 1 > start && text[first - 1] === '\\') first -= 1;
  return (at - first) % 2 === 1;
}

function endOfPieces(scan: Scan, start: number, exported: boolean): number | undefined {
  if (start < scan.inVain) return undefined;
  const end = endOf(pieces, scan.text, start);
  if (end === undefined) return undefined;
  if (closes(scan.text, end) && (exported || joint.test(scan.text.slice(start, end)))) return end;
  scan.inVain = end;
  return undefined;
}

function endOfPlain(text: string, start: number): number {
  const end = endOfLine(text, start);
  const comment = text.slice(start, end).indexOf('#');
  return start + text.slice(start, comment === -1 ? end : start + comment).trimEnd().length;
}

/** Whether nothing but a comment follows on the line. */
function closes(text: string, at: number): boolean {
  return endOf(blank, text, at) !== undefined;
}

function linesIn(text: string, start: number, end: number): number {
  return text.slice(start, end).match(lineEnd)?.length ?? 0;
}

function endOfLine(text: string, at: number): number {
  lineEnd.lastIndex = at;
  return lineEnd.test(text) ? lineEnd.lastIndex : text.length;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
