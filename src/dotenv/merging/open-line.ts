import { SecretsError } from '../../errors.ts';
import { behindBackticks, behindDollar, behindDouble, behindParenthesis } from './closing.ts';
import type { Write } from './edits.ts';
import { lineOf } from './plan.ts';
import type { Assignment } from '../read.ts';
import type { Edit } from './splice.ts';

/**
 * A line of the user's may leave something open that ends in a line of ours: a quote that swallows it, a backslash that
 * joins it, a substitution that it becomes a part of. For a shell that sources the file, quotes are then turned inside
 * out, and a value that was written so that nothing can run may run.
 */
export interface OpenLine {
  /** Counted from 1. */
  readonly line: number;
  readonly why: 'quote' | 'backslash' | 'substitution';
}

/**
 * The first line of the file that must be mended before anything is written behind it; undefined where all may be
 * written. What is quoted wrong in a shell's eyes alone, like `X=don't`, does no harm to plain words behind it.
 */
export function openLine(
  text: string,
  assignments: readonly Assignment[],
  edits: readonly Edit[],
  writes: readonly Write[],
): OpenLine | undefined {
  return quoteInFront(text, assignments, edits, writes) ?? openInShell(text, edits, writes);
}

/** The error of a file with an open line; nothing was written. */
export function openLineError({ line, why }: OpenLine, file: string): SecretsError {
  const what = {
    quote: 'leaves a quote open',
    backslash: 'ends in a backslash, which joins it with the next line',
    substitution: 'leaves a substitution or a here-document open',
  }[why];
  return new SecretsError(
    'invalid',
    `line ${line} of "${file}" ${what}; what is written behind it could be swallowed or run`,
    {
      hint:
        why === 'quote'
          ? `close the quote in line ${line}, or put its whole value into quotes of the other kind`
          : `put the value in line ${line} into single quotes`,
    },
  );
}

/** Behind a value that begins with a quote and never ends, many readers take all that follows for the value. */
function quoteInFront(
  text: string,
  assignments: readonly Assignment[],
  edits: readonly Edit[],
  writes: readonly Write[],
): OpenLine | undefined {
  const last = writes.reduce((most, { at, isGone }) => (isGone ? most : Math.max(most, at)), -1);
  const found = assignments.find((one) => {
    if (one.end > last || !isOpenQuote(text, one)) return false;
    return !edits.some(({ from, to }) => from < one.end && one.start < to);
  });
  return found && { line: found.line, why: 'quote' };
}

function isOpenQuote(text: string, assignment: Assignment): boolean {
  const { valueStart, valueEnd } = assignment;
  const quote = text[valueStart];
  if (quote !== "'" && quote !== '"' && quote !== '`') return false;
  const isClosed = valueEnd - 1 > valueStart && text[valueEnd - 1] === quote;
  return !isClosed && !lineOf(text, assignment).includes(quote, 1);
}

function openInShell(text: string, edits: readonly Edit[], writes: readonly Write[]): OpenLine | undefined {
  const sorted = writes.toSorted((a, b) => a.at - b.at);
  let next = 0;
  for (const { from, to, why } of openSpans(text, edits)) {
    while (next < sorted.length && sorted[next]!.at <= from) next++;
    for (let it = next; it < sorted.length && isBehind(sorted[it]!.at, to, why); it++) {
      if (why === 'backslash' || !inert.test(sorted[it]!.text)) return { line: lineAt(text, from), why };
    }
    if (next === sorted.length) return undefined;
  }
  return undefined;
}

function isBehind(at: number, to: number, why: OpenLine['why']): boolean {
  return at < to || (why === 'backslash' && at === to);
}

// Means the same inside and outside of every kind of quotes.
const inert = /^[A-Za-z0-9_./:@%+,=-]*$/;

interface Span {
  readonly from: number;
  readonly to: number;
  readonly why: OpenLine['why'];
}

/**
 * What a POSIX shell takes together, from the first character to behind the last, up to the end of the file where it
 * never ends. Where shells differ it counts as open. What is to be replaced is passed over: it is closed by itself.
 */
function* openSpans(text: string, edits: readonly Edit[]): Generator<Span> {
  const token = /\\|\$?'|"|`|<<|\$?\(|\$[{[]|(?<![^\s;&|()<>])#/g;
  let [edit, escaped] = [0, -1];
  for (let found = token.exec(text); found; found = token.exec(text)) {
    const from = found.index;
    while (edit < edits.length && edits[edit]!.to <= from) edit++;
    const replaced = edits[edit];
    // Behind a blank that is escaped no word begins, and so no comment.
    const isWord = found[0] === '#' && from === escaped;
    const span = (replaced && replaced.from <= from) || isWord ? undefined : spanOf(text, from, found[0]);
    if (span?.why) yield { from, to: span.to, why: span.why };
    if (found[0] === '\\') escaped = from + 2;
    token.lastIndex = span?.to ?? (isWord ? from + 1 : replaced!.to);
    if (token.lastIndex >= text.length) return;
  }
}

/** Where a token's span ends, and whether it holds anything open until there. */
function spanOf(text: string, at: number, token: string): { to: number; why?: OpenLine['why'] } {
  const behind = at + token.length;
  switch (token) {
    case '\\':
      return afterBackslash(text, behind);
    case '#':
      return comment(text, at);
    case '"':
      return { to: behindDouble(text, behind) ?? never(text), why: 'quote' };
    case '`':
      return { to: behindBackticks(text, behind) ?? never(text), why: 'substitution' };
    case "'":
    case "$'":
      return { to: closingSingle(text, behind, token), why: 'quote' };
    case '(':
      // To zsh lines within it may be none, and a comment in them a quote.
      return { to: behindParenthesis(text, behind) ?? never(text), why: 'substitution' };
    case '<<':
      return { to: never(text), why: 'substitution' };
    default:
      return { to: behindDollar(text, at) ?? never(text), why: 'substitution' };
  }
}

function afterBackslash(text: string, at: number): { to: number; why?: OpenLine['why'] } {
  const end = /^(?:\r\n?|\n|$)/.exec(text.slice(at, at + 2))?.[0].length;
  return end === undefined ? { to: at + 1 } : { to: at + end, why: 'backslash' };
}

/** A comment ends with its line. Behind a sign like `(`, shells differ on whether it is one. */
function comment(text: string, at: number): { to: number; why?: OpenLine['why'] } {
  const to = lineEndFrom(text, at);
  const isSure = at === 0 || /\s/.test(text[at - 1]!);
  return isSure || !/["'`\\$<]/.test(text.slice(at, to)) ? { to } : { to: never(text), why: 'quote' };
}

function closingSingle(text: string, from: number, token: string): number {
  const at = text.indexOf("'", from);
  // To bash a backslash keeps the quote in `$'…'` open, to other shells it does not.
  const isDoubtful = token === "$'" && text[at - 1] === '\\';
  return at === -1 || isDoubtful ? never(text) : at + 1;
}

function lineEndFrom(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

/** An offset behind all that may be written. */
function never(text: string): number {
  return text.length + 1;
}

function lineAt(text: string, at: number): number {
  return (text.slice(0, at).match(/\r\n?|\n/g)?.length ?? 0) + 1;
}
