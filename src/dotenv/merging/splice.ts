/** One change of a text, by the offsets of what it replaces. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Starts a line: where the text before it has no line end, it gets one. */
  readonly isLine?: boolean;
}

/** Carries out edits that do not overlap. */
export function splice(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const edit of inOrder(edits)) {
    if (edit.from > from) parts.push(text.slice(from, edit.from));
    if (edit.isLine && !startsLine(parts)) parts.push(lineEndOf(text));
    if (edit.text !== '') parts.push(edit.text);
    // Where what stood between the two is gone, a CR and an LF would become one line end.
    else if (text[edit.to] === '\n' && parts.at(-1)?.endsWith('\r')) parts.push('\n');
    from = edit.to;
  }
  parts.push(text.slice(from));
  return parts.join('');
}

/** By their places; what is put in comes before what is taken away there. */
export function inOrder(edits: readonly Edit[]): Edit[] {
  return edits.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** The line end of a text: its first, or LF where it has none. */
export function lineEndOf(text: string): string {
  return /\r\n?|\n/.exec(text)?.[0] ?? '\n';
}

function startsLine(parts: readonly string[]): boolean {
  const last = parts.at(-1);
  return last === undefined || last === '\uFEFF' || last.endsWith('\n') || last.endsWith('\r');
}
