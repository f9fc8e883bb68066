import { type Harm, injects, loses, type Reader } from './reader.ts';

/** iter.rs (where a value ends) and parse.rs (what it is) of dotenvy 0.15. */
export const dotenvy: Reader = {
  name: 'dotenvy',
  title: 'dotenvy',
  weight: 1,
  isStrict: true,
  read(spelling) {
    const end = endOf(spelling);
    if (end === undefined) return loses;
    const text = spelling.slice(0, end).replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
    const value = text.startsWith('#') ? '' : valueOf(text);
    return value === undefined ? loses : (harmBehind(spelling.slice(end)) ?? value);
  },
};

// Here a backslash counts in single quotes too, and of two blanks the second is not looked at.
const lexeme =
  /'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|\\[^\n]|(?<open>['"]|\\$)|(?<end>\n)|(?<comment>[^\P{White_Space}\r\n]#)|(?<open2>[^\P{White_Space}\r\n]$)|[^\P{White_Space}\r\n](?:[^\n'"\\])?|[^]/gu;

/** Where the line ends, or a comment begins; undefined where it goes on beyond the spelling, or would at the end of a file. */
function endOf(spelling: string): number | undefined {
  for (const { groups, index } of spelling.matchAll(lexeme)) {
    if (groups!['open'] !== undefined || groups!['open2'] !== undefined) return undefined;
    if (groups!['comment'] !== undefined) return index + 1;
    if (groups!['end'] !== undefined) return index;
  }
  return spelling.length;
}

function harmBehind(rest: string): Harm | undefined {
  const lines = rest.split('\n').slice(1);
  // A blank alone at the end of a file is refused.
  if (lines.every((line) => /^(?:\p{White_Space}*#.*)?$/u.test(line))) return undefined;
  return lines.some((line) =>
    /^\p{White_Space}*(?:export\p{White_Space}+)?[A-Za-z_][\w.]*\p{White_Space}*=/u.test(line),
  )
    ? injects
    : loses;
}

// What follows a name without braces is taken as it is, a quote too.
const inEither =
  /^(?:\\(?:(?<escaped>[\\'"$ n])|$)|\$\{[^}]*\}|\$(?!\{)[\p{Alphabetic}\p{N}]*(?<taken>[^$])?)/u;
const outside = /^(?:'(?<single>[^']*)'|[ \t]+(?<end>(?:#.*)?$)|(?<plain>[^'"\\$ \t]+))/su;
const inside = /^(?<plain>[^"\\$]+)/;

/** Undefined where the line is refused: an escape that is not known, a quote left open, a word behind a blank. */
function valueOf(text: string): string | undefined {
  let [value, rest, isInside] = ['', text, false];
  while (rest !== '') {
    const found = rest.startsWith('"')
      ? { 0: '"' }
      : (inEither.exec(rest) ?? (isInside ? inside : outside).exec(rest));
    if (found === null) return undefined;
    if (found[0] === '"') isInside = !isInside;
    const { escaped, taken, single, plain, end } = ('groups' in found && found.groups) || {};
    if (end !== undefined) return value;
    value += (escaped === 'n' ? '\n' : escaped) ?? taken ?? single ?? plain ?? '';
    rest = rest.slice(found[0].length);
  }
  return isInside ? undefined : value;
}
