import { isInPieces } from './places.ts';

/**
 * What a value as it is written stands for. Text without quotes, in single quotes or in backticks is literal, and in
 * double quotes \n and \r are line ends: so far as the dotenv package reads it. Beyond that, a value in double quotes has
 * its \" \$ \` \\ undone where it shows that its writer escapes.
 */
export function unspell(spelling: string, word?: string): string {
  const text = unquote(spelling, word);
  // Our own way to say $ and \ to a reader that expands in all quotes: the default of a name that is never set.
  return text.includes('${__:-') ? text.replace(/\$\{__:-([$\\])\}/g, '$1') : text;
}

function unquote(spelling: string, word?: string): string {
  const quote = spelling[0];
  const ansi = word !== undefined && quote === '$' ? ansiIn(spelling) : undefined;
  if (ansi !== undefined) return fromAnsi(ansi);
  if (quote !== "'" && quote !== '"' && quote !== '`' && quote !== '\\') return spelling;
  if (isInPieces(spelling, word !== undefined)) return fromPieces(spelling);
  const inner = isWrapped(spelling) ? withLineFeeds(spelling.slice(1, -1)) : spelling;
  if (quote !== '"' || !inner.includes('\\')) return inner;
  if (word !== undefined && !word.startsWith('export')) return inner.replace(/\\(["\\$`])/g, '$1');
  return isEscaping(spelling) ? unescape(inner) : lineEndsOf(inner);
}

/** Whether it stands in quotes of one kind. */
export function isWrapped(spelling: string): boolean {
  return spelling.length > 1 && /^['"`]/.test(spelling) && spelling.endsWith(spelling[0]!);
}

/** Each line end of a file is LF to whoever reads a value. */
export function withLineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** What the dotenv package undoes in double quotes. */
export function lineEndsOf(text: string): string {
  return text.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

/**
 * Whether a value in double quotes shows that its writer escapes: it has an escaped quote, dollar or backtick or a line
 * end written as \n or \r; or it has a `'`, without which single quotes would have done. A bare `"` inside shows that
 * its writer does not.
 */
export function isEscaping(spelling: string): boolean {
  if (!isWrapped(spelling)) return false;
  let shown = spelling.includes("'");
  for (const [token] of spelling.slice(1, -1).matchAll(/\\[\s\S]|"/g)) {
    if (token === '"') return false;
    shown ||= '"$`nr'.includes(token[1]!);
  }
  return shown;
}

/** Whether its only escapes are \\, which dotenv keeps as two and most others read as one. */
export function isDoubtful(spelling: string): boolean {
  if (!spelling.startsWith('"') || !spelling.includes('\\\\')) return false;
  return !isEscaping(spelling);
}

/** Undoes the escapes of double quotes; a backslash before anything else stays. */
export function unescape(text: string): string {
  return text.replace(/\\(["$`\\!nr])/g, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : c));
}

function fromPieces(spelling: string): string {
  const piece = /'([^']*)'|\\'|"((?:[^"\\]|\\[\s\S])*)"/g;
  const text = spelling.replace(piece, (_, single?: string, double?: string) => {
    return single ?? double?.replace(/\\([\s\S])/g, '$1') ?? "'";
  });
  return withLineFeeds(text);
}

const ansiEscapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\u0007', b: '\b', v: '\v', f: '\f', e: '\u001B', E: '\u001B' },
};

/** The text inside `$'…'`. */
function ansiIn(spelling: string): string | undefined {
  return /^\$'((?:[^'\\]|\\[\s\S])*)'$/.exec(spelling)?.[1];
}

/**
 * bash(1), "QUOTING", and zshbuiltins(1), `print`: what stands in `$'…'`. Bytes in octal or hex are UTF-8; \C- is
 * control, \M- sets the eighth bit of a character.
 */
function fromAnsi(inner: string): string {
  const escape =
    /((?:\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{1,2}))+)|\\u([0-9A-Fa-f]{1,4})|\\(M-)?\\?C-([\s\S])|\\M-([\s\S])|\\([\s\S])/g;
  return inner.replace(escape, (_, bytes, point, meta, control, high, c) => {
    if (bytes !== undefined) return fromBytes(bytes as string);
    if (point !== undefined) return String.fromCodePoint(Number.parseInt(point as string, 16));
    if (control !== undefined) return withBits(control as string, meta === undefined ? 0 : 0x80);
    if (high !== undefined) return String.fromCodePoint((high as string).codePointAt(0)! | 0x80);
    return ansiEscapes[c as string] ?? (c as string);
  });
}

function withBits(control: string, high: number): string {
  const code = control === '?' ? 0x7f : control.codePointAt(0)! & 0x1f;
  return String.fromCodePoint(code | high);
}

function fromBytes(escapes: string): string {
  const bytes = escapes.slice(1).split('\\');
  const numbers = bytes.map((byte) =>
    byte.startsWith('x') ? Number.parseInt(byte.slice(1), 16) : Number.parseInt(byte, 8),
  );
  return Buffer.from(numbers).toString('utf8');
}
