/**
 * Where a shell sees the end of what a quote or a substitution begins. Each function takes the offset behind the opening
 * sign and gives the one behind the closing; undefined where there is none, or where shells may differ on which it is:
 * then all that follows counts as inside.
 */

/** The end of double quotes. Quotes within a substitution in them are others, and do not end them. */
export function behindDouble(text: string, from: number): number | undefined {
  for (let at = nextSign(text, from); at < text.length; at = nextSign(text, at)) {
    const c = text[at]!;
    if (c === '"') return at + 1;
    const next = c === '`' ? behindBackticks(text, at + 1) : behindDollar(text, at);
    if (next === undefined) return undefined;
    at = c === '\\' ? at + 2 : next;
  }
  return undefined;
}

const sign = /["`$\\]/g;

function nextSign(text: string, at: number): number {
  sign.lastIndex = at;
  return sign.exec(text)?.index ?? text.length;
}

/** The end of backticks: what is between them is read up to there before it is understood. */
export function behindBackticks(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    const c = text[at];
    if (c === '`') return at + 1;
    if (c === '\\') at++;
    else if (behindDollar(text, at) === undefined) return undefined;
  }
  return undefined;
}

/** The end of the substitution that begins at a `$`; of any other character, itself. */
export function behindDollar(text: string, at: number): number | undefined {
  if (text[at] !== '$') return at + 1;
  const sums = text[at + 1] === '[' ? oldSum : text.startsWith('((', at + 1) ? sum : undefined;
  if (sums) return endOf(sums, text, at);
  if (text[at + 1] === '(') return behindParenthesis(text, at + 2);
  return text[at + 1] === '{' ? behindBrace(text, at + 2) : at + 1;
}

// In arithmetic, quotes are letters to some.
const sum = /\$\(\([\w +*/%.,<>=!?:~^-]*\)\)/y;
const oldSum = /\$\[[\w +*/%.,<>=!?:~^-]*\]/y;

/** The end of what stands in parentheses, on one line. */
export function behindParenthesis(text: string, from: number): number | undefined {
  for (let at = from; at < text.length;) {
    const c = text[at]!;
    // In the patterns of `case`, a parenthesis closes nothing.
    if (c === ')') return /\bcase\b/.test(text.slice(from, at)) ? undefined : at + 1;
    const next = /[(<#\r\n]/.test(c) ? behindSign(text, at) : behindPiece(text, at, c);
    if (next === undefined) return undefined;
    at = next;
  }
  return undefined;
}

/** A sign that is a part of a word, or sends a file in, and begins nothing. */
function behindSign(text: string, at: number): number | undefined {
  if (text[at] === '#') return /\w/.test(text[at - 1]!) ? at + 1 : undefined;
  return /^<[\s\w./]/.test(text.slice(at, at + 2)) ? at + 1 : undefined;
}

function behindPiece(text: string, at: number, c: string): number | undefined {
  switch (c) {
    case '\\':
      return /[\r\n]/.test(text[at + 1] ?? '\n') ? undefined : at + 2;
    case '"':
      return behindDouble(text, at + 1);
    case '`':
      return behindBackticks(text, at + 1);
    case "'":
      return text[at - 1] === '$' || !text.includes("'", at + 1) ? undefined : text.indexOf("'", at + 1) + 1;
    default:
      return behindDollar(text, at);
  }
}

const parameter = /#?\w+/y;
const operand = /(?:[^'"`\\$#()[\]{}<>&;|\r\n]|(?<=\S)#|\$(?=\w))*/y;

/** Of `${…}`: its end is sure where it holds no quote, and no sign but such as stand for a default or cut a piece off. */
function behindBrace(text: string, from: number): number | undefined {
  let at = endOf(parameter, text, from);
  while (at !== undefined) {
    at = endOf(operand, text, at)!;
    if (text[at] === '}') return at + 1;
    at = text.startsWith('${', at) ? behindBrace(text, at + 2) : undefined;
  }
  return undefined;
}

function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
