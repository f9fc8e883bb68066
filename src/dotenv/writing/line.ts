import type { Assignment } from '../read.ts';
import type { Edit } from '../merging/splice.ts';

/**
 * A line with a value of the vault as it is to stand in the file. The writer chooses a spelling for `NAME=` and a line
 * feed; on a line of the user's there may be more, and what a reader makes of that may cost it the value.
 */
export interface Line {
  readonly name: string;
  /** Up to the sign: with a byte order mark, `export`, blanks. */
  readonly head: string;
  /** Behind the sign: with blanks, and a comment. */
  readonly rest: string;
  /** Its line end. */
  readonly end: string;
}

/**
 * The line of an assignment once an edit of its value is carried out; undefined where it is what the writer takes it to
 * be, with this spelling.
 */
export function lineWith(
  text: string,
  { name, start, end }: Assignment,
  edit: Edit,
  spelling: string,
): Line | undefined {
  const from = start === 1 && text.startsWith('\uFEFF') ? 0 : start;
  const [before, behind] = [text.slice(from, edit.from), text.slice(edit.to, end)];
  const head = before.trimEnd();
  const lineEnd = /\r?\n$|\r$|$/.exec(behind)![0];
  const rest = before.slice(head.length) + edit.text + behind.slice(0, behind.length - lineEnd.length);
  if (head === `${name}=` && rest === spelling && !lineEnd.startsWith('\r')) return undefined;
  return { name, head, rest, end: lineEnd };
}

/** The same of one that is left as it is. */
export function lineAsIs(text: string, assignment: Assignment, spelling: string): Line | undefined {
  const { valueStart: from, valueEnd: to } = assignment;
  return lineWith(text, assignment, { from, to, text: text.slice(from, to) }, spelling);
}

/** One that is put in, of a file whose line end is not the usual one. */
export function newLine(name: string, spelling: string, end: string): Line {
  return { name, head: `${name}=`, rest: spelling, end };
}
