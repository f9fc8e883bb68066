import { type Harm, injects, loses, type Reader } from './reader.ts';

/** Bun 1.4 (src/dotenv/env_loader.rs, Parser): the first quote that is not escaped closes; `$` counts everywhere. */
export const bun: Reader = {
  name: 'bun',
  title: 'Bun',
  weight: 1,
  read: (spelling) => {
    const value = valueOf(spelling);
    return typeof value === 'string' ? expanded(value) : value;
  },
};

const quoted = /^[\t\v\f \n\r]*(?:'((?:\\[^]|[^\\'])*)'|"((?:\\[^]|[^\\"])*)"|`((?:\\[^]|[^\\`])*)`)/;
const assignment = /(?:^|[\n\r])[\t\v\f ]*[\w.-]+\s*(?:=|:[\t\v\f \n\r])/;

function valueOf(spelling: string): string | Harm {
  const found = quoted.exec(spelling);
  if (!found && /^[\t\v\f \n\r]*['"`]/.test(spelling)) return loses;
  const end = found ? found[0].length : spelling.search(/[#\r\n]|$/);
  const rest = spelling.slice(end).replace(/^[^\r\n]*/, '');
  if (assignment.test(`${rest}\n`)) return injects;
  if (!found) return spelling.slice(0, end).replace(/^[\t\v\f ]+|[\t\v\f ]+$/g, '');
  const [, single, double, backtick] = found;
  return double === undefined ? lineEnds((single ?? backtick)!) : unescaped(double);
}

function lineEnds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function unescaped(text: string): string {
  return text.replace(/\\([^])|\r\n?/g, (match, escaped: string | undefined) => {
    if (escaped === undefined || escaped === 'n') return '\n';
    return escaped === 'r' ? '\r' : match;
  });
}

/** From left to right, nothing twice; what is malformed stays. A value of one character is not looked at. */
function expanded(text: string): string {
  let result = '';
  for (let at = 0; at < text.length;) {
    const name = /^\$(?:[A-Za-z0-9_]+|(?=\{))/.exec(text.slice(at))?.[0];
    const close = name === '$' ? closingBrace(text, at + 2) : -1;
    const piece = text.startsWith('\\$', at) ? '\\$' : close === -1 ? name : text.slice(at, close + 1);
    result += piece === undefined || piece === '$' ? text[at]! : replacement(piece);
    if (piece === '$') return result + text.slice(at + 1);
    at += piece?.length ?? 1;
  }
  return result;
}

function replacement(piece: string): string {
  if (piece === '\\$') return '$';
  if (!piece.startsWith('${')) return '';
  const [, rest] = /^\$\{\w*([^]*)\}$/.exec(piece)!;
  if (rest === '') return '';
  return rest!.startsWith(':-') ? expanded(rest!.slice(2)) : piece;
}

/** Of the brace that opened before `start`; -1 where it is open. */
function closingBrace(text: string, start: number): number {
  for (let at = start, depth = 1; at < text.length; at++) {
    if (text[at] === '\\' && at + 1 < text.length) at++;
    else if (text.startsWith('${', at)) depth += at++ && 1;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}
