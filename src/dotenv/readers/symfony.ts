import { amongOthers, type Vars } from './among.ts';
import { withoutCommands } from './commands.ts';
import { type Harm, loses, type Reader, runs } from './reader.ts';
import { trimEnd } from './trim.ts';

/** symfony/dotenv 5.4.53 and 7.0.4: Dotenv.php, parse(). What it cannot read costs the file. */
export const symfony: Reader = {
  name: 'symfony',
  title: 'Symfony',
  weight: 1,
  isStrict: true,
  isSlow: true,
  read: (spelling) => amongOthers(spelling, readFile),
};

/** A part of the file that was read, and where it ends. */
interface Piece {
  readonly text: string;
  readonly end: number;
}

const blankLines = /[\t-\r ]*(?:#[^\n]*[\t-\r ]*)*/y;
const assigned = /(?:export[ \t]+)?(_?[A-Za-z][A-Za-z0-9_]*)=/y;
const nothing = /[ \t]*(?:#[^\n]*)?(?=\n|$)/y;

function readFile(file: string): Vars | Harm {
  const data = file.replace(/\r\n?/g, '\n');
  const vars = new Map<string, string>();
  let at = endOf(blankLines, data, 0)!;
  while (at < data.length) {
    const from = endOf(assigned, data, at);
    if (from === undefined) return loses;
    const name = data.slice(at, from - 1).replace(/^export[ \t]+/, '');
    const value = readValue(data, from, vars);
    if ('harm' in value) return value;
    vars.set(name, value.text);
    at = endOf(blankLines, data, value.end)!;
  }
  return vars;
}

function endOf(pattern: RegExp, data: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(data) ? pattern.lastIndex : undefined;
}

/** Pieces in single quotes, in double quotes and bare, one behind the other to the end of the line. */
function readValue(data: string, from: number, vars: Map<string, string>): Piece | Harm {
  const empty = endOf(nothing, data, from);
  if (empty !== undefined) return { text: '', end: empty };
  if (/[ \t]/.test(data[from]!)) return loses;
  let text = '';
  let at = from;
  do {
    const piece = readPiece(data, at, vars);
    if ('harm' in piece) return piece;
    text += piece.text;
    const isBare = !/['"]/.test(data[at]!);
    at = piece.end;
    if (isBare && data[at] === '#') break;
  } while (at < data.length && data[at] !== '\n');
  return { text, end: at };
}

function readPiece(data: string, at: number, vars: Map<string, string>): Piece | Harm {
  if (data[at] === "'") return inSingleQuotes(data, at);
  return data[at] === '"' ? inDoubleQuotes(data, at, vars) : bare(data, at, vars);
}

function inSingleQuotes(data: string, at: number): Piece | Harm {
  const end = data.indexOf("'", at + 1);
  return end < 0 ? loses : { text: data.slice(at + 1, end), end: end + 1 };
}

function inDoubleQuotes(data: string, at: number, vars: Map<string, string>): Piece | Harm {
  const escaped = (i: number) => data[i - 1] === '\\' && data[i - 2] !== '\\';
  let end = data.indexOf('"', at + 1);
  while (end >= 0 && escaped(end)) end = data.indexOf('"', end + 1);
  if (end < 0) return loses;
  // In this order: a backslash that is escaped and an n behind it become a backslash and a line end.
  const text = data
    .slice(at + 1, end)
    .replaceAll(String.raw`\"`, '"')
    .replaceAll(String.raw`\r`, '\r')
    .replaceAll(String.raw`\n`, '\n');
  const value = resolve(text, vars);
  return typeof value === 'string' ? { text: value, end: end + 1 } : value;
}

function bare(data: string, from: number, vars: Map<string, string>): Piece | Harm {
  let text = '';
  let at = from;
  let last = data[at - 1]!;
  while (at < data.length && !/[\n'"]/.test(data[at]!) && !(/[ \t]/.test(last) && data[at] === '#')) {
    if (/^\\['"]/.test(data.slice(at, at + 2))) at += 1;
    last = data[at]!;
    const end = last === '$' && data[at + 1] === '(' ? closing(data, at + 1) : at;
    if (end === undefined) return loses;
    text += data.slice(at, end + 1);
    at = end + 1;
  }
  const trimmed = trimEnd(text, ' \t\n\r\v');
  const value = resolve(trimmed, vars);
  if (typeof value !== 'string') return value;
  return value === trimmed && /[\t-\r ]/.test(value) ? loses : { text: value, end: at };
}

/** The parenthesis that closes the one at `open`, on the same line. */
function closing(data: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < data.length && data[at] !== '\n'; at += 1) {
    if (data[at] === '(') depth += 1;
    else if (data[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Commands, then variables, then backslashes. */
function resolve(text: string, vars: Map<string, string>): string | Harm {
  const value = withoutCommands(text);
  if (value === undefined) return runs;
  let harm: Harm | undefined;
  const resolved = value.replace(variable, (...match) => {
    const read = readVariable(match.at(-1) as Variable, match[0], vars);
    if (typeof read === 'string') return read;
    harm ??= read;
    return '';
  });
  return harm ?? resolved.replaceAll('\\\\', '\\');
}

const variable =
  /(?<!\\)(?<escape>\\*)\$(?!\()(?<open>\{)?(?<name>_?[A-Za-z][A-Za-z0-9_]*)?(?<otherwise>:[-=][^}]*)?(?<close>\})?/g;

interface Variable {
  readonly escape: string;
  readonly open?: string;
  readonly name?: string;
  readonly otherwise?: string;
  readonly close?: string;
}

function readVariable(
  { escape, open, name, otherwise, close }: Variable,
  all: string,
  vars: Map<string, string>,
): string | Harm {
  if (escape.length % 2 === 1) return all.slice(1);
  if ((name ?? otherwise ?? close) === undefined) return all;
  // Not every version takes `${NAME:-}`.
  if (open && (!close || otherwise?.length === 2)) return loses;
  let value = vars.get(name ?? '') ?? '';
  if (otherwise && value === '') {
    if (/['"{$]/.test(otherwise)) return loses;
    value = otherwise.slice(2);
    if (otherwise.startsWith(':=')) vars.set(name ?? '', value);
  }
  return escape + value + (!open && close ? '}' : '');
}
