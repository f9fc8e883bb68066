import { SecretsError } from '../../errors.ts';
import { isInPieces } from './places.ts';
import type { Assignment, Reading } from '../read.ts';
import { isEscaping, isWrapped, lineEndsOf, unescape, withLineFeeds } from './unspell.ts';

/**
 * References between the values of one file: $NAME, ${NAME}, ${NAME-default} and ${NAME:-default}, looked up in the file
 * alone, never in the environment. \$ is a dollar, single quotes keep all as it is, and `$( )` is text: nothing is run.
 */

/** Most characters of all values together: each may double the one before. */
const maxLength = 16 * 1024 * 1024;
/** Most names that one value may go through. */
const maxDepth = 100;
/** Most defaults that may stand in one another, through all names that a value goes through. */
const maxNested = 100;

interface Expansion {
  readonly text: string;
  readonly index: NameIndex;
  readonly done: Map<Assignment, string>;
  /** Those whose values are being made, each because the one before refers to it. */
  readonly open: Set<Assignment>;
  readonly faults: Set<string>;
  length: number;
  /** Defaults that are being expanded, one in another. */
  nested: number;
}

interface Reference {
  readonly name: string;
  readonly end: number;
  readonly operator?: '-' | ':-';
  readonly fallback?: string;
}

/** The names and values with their references resolved. Throws `invalid` with the name and line of each that cannot be. */
export function expandedValues(text: string, { assignments }: Reading, source: string): Map<string, string> {
  const state: Expansion = {
    ...{
      text,
      index: indexOf(assignments),
      done: new Map(),
      open: new Set(),
      faults: new Set(),
      length: 0,
      nested: 0,
    },
  };
  const values = new Map(assignments.map((assignment) => [assignment.name, resolve(state, assignment)]));
  if (state.faults.size === 0) return values;
  const shown = [...state.faults].slice(0, 10).map((one) => `${source}:${one}`);
  const more = state.faults.size > shown.length ? `; and ${state.faults.size - shown.length} more` : '';
  throw new SecretsError('invalid', `${shown.join('; ')}${more}`, {
    hint: 'a default: ${NAME:-text}; a dollar that is one: \\$, or single quotes',
  });
}

/**
 * The assignments whose values refer to names, which an expansion would put in: `${NAME}` of any name, `$NAME` of one of
 * the file or all in capitals. Any other `$` is as likely a character of a password or a hash.
 */
export function referringIn(text: string, { assignments }: Reading): readonly Assignment[] {
  const names = new Set(assignments.map(({ name }) => name));
  const refers = (spelling: string): boolean => {
    const found = [...spelling.matchAll(/\\[\s\S]|\$(\{?)([A-Za-z_]\w*)(:?-|\})?/g)];
    return found.some(
      ([, brace, name = '', behind]) =>
        names.has(name) || (brace ? behind !== undefined : /^[A-Z][A-Z0-9_]{2,}$/.test(name)),
    );
  };
  return assignments.filter((assignment) => {
    const spelling = text.slice(assignment.valueStart, assignment.valueEnd);
    return spelling.includes('$') && !isLiteral(spelling, assignment) && refers(spelling);
  });
}

function resolve(state: Expansion, assignment: Assignment): string {
  const known = state.done.get(assignment);
  if (known !== undefined) return known;
  state.open.add(assignment);
  const value = expandOne(state, assignment);
  state.open.delete(assignment);
  state.done.set(assignment, value);
  return value;
}

function expandOne(state: Expansion, assignment: Assignment): string {
  const spelling = state.text.slice(assignment.valueStart, assignment.valueEnd);
  if (!spelling.includes('$') || isLiteral(spelling, assignment)) return assignment.value;
  const inner = isWrapped(spelling) ? withLineFeeds(spelling.slice(1, -1)) : spelling;
  if (!spelling.startsWith('"')) return expandText(state, assignment, inner, (part) => part);
  return expandText(state, assignment, inner, isEscaping(spelling) ? unescape : lineEndsOf);
}

/** Single quotes, a shell's pieces and its `$'…'` hold no reference. */
function isLiteral(spelling: string, { value }: Assignment): boolean {
  if (spelling.startsWith("$'")) return value !== spelling;
  return (spelling.startsWith("'") && isWrapped(spelling)) || isInPieces(spelling);
}

function expandText(
  state: Expansion,
  from: Assignment,
  text: string,
  undo: (part: string) => string,
): string {
  const token = /\\[\s\S]|\$(?:\{|[A-Za-z_])/g;
  const braces = bracesIn(text);
  let out = '';
  let kept = 0;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if (found[0].startsWith('\\') && found[0] !== '\\$') continue;
    const reference = found[0] === '\\$' ? undefined : referenceAt(text, found.index, braces);
    out += undo(text.slice(kept, found.index));
    if (reference) out += referred(state, from, reference, undo);
    else if (found[0] === '\\$') out += '$';
    else fault(state, from, 'has a ${ that is no reference to a name');
    kept = token.lastIndex = reference?.end ?? token.lastIndex;
    assertLength(state, out.length);
  }
  out += undo(text.slice(kept));
  state.length += out.length;
  return out;
}

function referred(
  state: Expansion,
  from: Assignment,
  { name, operator, fallback }: Reference,
  undo: (part: string) => string,
): string {
  const found = state.index(name, from);
  if (found && state.open.has(found)) return fault(state, from, `refers to itself by "${name}"`);
  if (found && state.open.size >= maxDepth) return fault(state, from, `goes through over ${maxDepth} names`);
  const value = found && resolve(state, found);
  if (value !== undefined && (value !== '' || operator !== ':-')) return value;
  if (fallback !== undefined) return expandFallback(state, from, fallback, undo);
  return fault(state, from, `refers to "${name}", which is not in the file`);
}

function expandFallback(
  state: Expansion,
  from: Assignment,
  fallback: string,
  undo: (part: string) => string,
): string {
  if (state.nested >= maxNested) return fault(state, from, `nests over ${maxNested} defaults`);
  state.nested += 1;
  const text = expandText(state, from, fallback, undo);
  state.nested -= 1;
  return text;
}

function referenceAt(
  text: string,
  dollar: number,
  braces: ReadonlyMap<number, number>,
): Reference | undefined {
  const name = /\$\{?([A-Za-z_]\w*)(:?-|\})?/y;
  name.lastIndex = dollar;
  const found = name.exec(text);
  if (!found) return undefined;
  if (text[dollar + 1] !== '{') return { name: found[1]!, end: dollar + 1 + found[1]!.length };
  if (found[2] === '}') return { name: found[1]!, end: name.lastIndex };
  if (found[2] === undefined) return undefined;
  const close = braces.get(dollar);
  const fallback = text.slice(name.lastIndex, close);
  return close === undefined
    ? undefined
    : { name: found[1]!, end: close + 1, operator: found[2] as '-', fallback };
}

/** Where each `${` of a text is, and the brace that closes it: found in one go, as there may be many that never close. */
function bracesIn(text: string): ReadonlyMap<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: found, index } of text.matchAll(/\\[\s\S]|\$\{|\}/g)) {
    if (found === '${') open.push(index);
    const opening = found === '}' ? open.pop() : undefined;
    if (opening !== undefined) closing.set(opening, index);
  }
  return closing;
}

type NameIndex = (name: string, from: Assignment) => Assignment | undefined;

/** The assignment that a name means where it is used: the nearest above, else the last of the file. */
function indexOf(assignments: readonly Assignment[]): NameIndex {
  const byName = Map.groupBy(assignments, ({ name }) => name);
  return (name, from) => {
    const all = byName.get(name);
    return all?.findLast(({ start }) => start < from.start) ?? all?.at(-1);
  };
}

function fault(state: Expansion, { name, line }: Assignment, what: string): string {
  state.faults.add(`${line}: "${name}" ${what}`);
  return '';
}

function assertLength(state: Expansion, more: number): void {
  if (state.length + more <= maxLength) return;
  throw new SecretsError('too_large', `the values expand to over ${maxLength} characters`);
}
