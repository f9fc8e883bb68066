/**
 * What becomes of `$NAME` and `${NAME:-default}` where no name is set: the writer cannot know what is, and a secret must
 * not depend on it. Each function is one program's algorithm; they agree on little but the plain cases.
 */

/** A loop that expands its own result longer than this does not end. */
const maxRounds = 1000;

const nested = (depth: number): string => (depth === 0 ? '[^}]' : `(?:\\$\\{${nested(depth - 1)}*\\}|[^}])`);
const once = new RegExp(String.raw`(\\)?\$(?!\()\{?[\w.]+(?::?-(${nested(3)}+))?\}?`, 'g');

/** dotenv-expand 11: each name once, from left to right; a default that begins with a dollar is expanded as well. */
export function expandOnce(text: string): string {
  return text.replace(once, (match, escape: string | undefined, other: string | undefined) => {
    if (escape) return match.slice(1);
    return other?.startsWith('$') ? expandOnce(other) : (other ?? '');
  });
}

/**
 * dotenv-expand 12 and above, Vite, dotenvx: the leftmost name, again and again. The default goes through
 * String.replace, in which `$&` and its like mean something. Undefined: it would never end.
 *
 * @param noOperator what the name is split at where it has no operator
 */
export function expandFirst(text: string, noOperator?: string): string | undefined {
  const name = /(?<!\\)\$\{([^{}]+)\}|(?<!\\)\$([A-Za-z_][A-Za-z0-9_]*)/;
  let result = text;
  for (let round = 0; round < maxRounds && result.length <= text.length * 2 + maxRounds; round++) {
    const found = name.exec(result);
    if (!found) return result;
    result = result.replace(found[0], defaultIn((found[1] ?? found[2])!, noOperator));
  }
  return undefined;
}

function defaultIn(expression: string, noOperator: string | undefined): string {
  const operator = /:\+|\+|:-|-/.exec(expression)?.[0] ?? noOperator;
  if (operator === undefined || operator.endsWith('+')) return '';
  return expression.split(operator).slice(1).join(operator);
}

/** Next.js: the rightmost dollar, again and again; one that begins no name ends it. */
export function expandLast(text: string): string {
  const last = [...text.matchAll(/(?<!\\)\$/g)].at(-1)?.index;
  const found = last === undefined ? null : /(?<!\\)\$\{?\w+(?::-([^}\\]*))?\}?/.exec(text.slice(last));
  return found ? expandLast(text.replace(found[0], found[1] ?? '')) : text;
}

/** All of these end so. */
export function unescapeDollar(text: string): string {
  return text.replaceAll('\\$', '$');
}

/** Whether a `$(` is closed, quotes and parentheses within regarded, as those who run commands look for it. */
export function hasCommand(text: string): boolean {
  for (let at = text.indexOf('$('); at !== -1; at = text.indexOf('$(', at + 2))
    if (isClosed(text, at + 2)) return true;
  return false;
}

function isClosed(text: string, start: number): boolean {
  const open: string[] = [''];
  for (let at = start; at < text.length; at++) {
    const [c, quote] = [text[at]!, open.at(-1)!];
    if (quote === "'") open[open.length - 1] = c === "'" ? '' : quote;
    else if (c === '\\') at++;
    else if (quote && c === quote) open[open.length - 1] = '';
    else if (quote && c === '$' && text[at + 1] === '(') at += open.push('') && 1;
    else if (quote) continue;
    else if (c === "'" || c === '"' || c === '`') open[open.length - 1] = c;
    else if (c === '(') open.push('');
    else if (c === ')' && (open.pop(), open.length === 0)) return true;
  }
  return false;
}
