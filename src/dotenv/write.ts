import { parse } from 'dotenv';

/**
 * How a value is written: the plainest form that the common readers take byte for byte, and never one that a shell
 * which sources the file would run, nor one that spills into the next line as a name of its own.
 */

// Bare is right for every reader: no quote, blank, #, $, backtick, backslash or line end, and no = in front.
const bare = /^(?!=)[A-Za-z0-9_./:@%+,=\p{L}-]*$/u;

/** A line of the file. */
export function writeLine(name: string, value: string): string {
  return `${name}=${writeValue(value)}\n`;
}

/** The names that the dotenv package reads as something else than was wanted, or not at all, in a whole file. */
export function misread(text: string, wanted: ReadonlyMap<string, string>): string[] {
  const back = parse(text);
  return [...wanted].filter(([name, value]) => back[name] !== value).map(([name]) => name);
}

/** One value, for a reader that is not known. */
export function writeValue(value: string): string {
  if (bare.test(value)) return value;
  const multiline = /[\r\n]/.test(value);
  if (!multiline && value.endsWith('\\')) return trailingBackslash(value);
  if (!multiline && !value.includes("'")) return `'${value}'`;
  if (!/["$`\\]/.test(value)) return `"${escapeLineEnds(value)}"`;
  if (
    multiline &&
    !value.includes("'") &&
    !value.includes('\r') &&
    !value.endsWith('\\') &&
    !looksAssigned(value)
  )
    return `'${value}'`;
  return `"${escapeLineEnds(value.replace(/["$`\\]/g, String.raw`\$&`))}"`;
}

/** Before the closing quote it would escape the quote; a comment behind a bare value keeps it from joining the lines. */
function trailingBackslash(value: string): string {
  return /^[A-Za-z0-9_./:@%+,=\p{L}\\-]*$/u.test(value)
    ? `${value} #`
    : `"${value.replace(/["$`\\]/g, String.raw`\$&`)}"`;
}

function escapeLineEnds(value: string): string {
  return value.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** Whether a line inside could be taken for a variable by a reader that goes line by line. */
function looksAssigned(value: string): boolean {
  return value
    .split('\n')
    .slice(1)
    .some((line) => /^\s*(?:export\s+)?[\w.-]+\s*(?:[=:]|$)/.test(line));
}
