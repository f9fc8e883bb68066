import type { Assignment } from '../read.ts';

const mark = ', written by secrets pull';

/** Where new names go: the heading, and behind the last assignment that follows it. */
export interface Block {
  /** Offsets of the heading, without its line end. */
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/**
 * The comment line that the names of a pull stand under, without its line end. A note is for whoever opens the file:
 * that a shell must not source it, for one.
 */
export function headingOf(project: string, environment: string, note?: string): string {
  return `# ${project}/${environment}${mark}${note === undefined ? '' : `; ${note}`}`;
}

/** Whether a heading, as `headingOf` gives it, has a note. */
export function hasNote(heading: string): boolean {
  return heading.includes(`${mark}; `);
}

/** Whether the text of a heading stands anywhere in a file. */
export function hasHeading(text: string): boolean {
  return text.includes(mark);
}

/**
 * The heading in a file, whichever project and environment it names (a file has one source at a time), and the end of
 * the assignments that follow it without a blank line or a comment between.
 */
export function findBlock(text: string, assignments: readonly Assignment[]): Block | undefined {
  const heading = findHeading(text, assignments);
  if (!heading) return undefined;
  let end = heading.to + (/^(?:\r\n?|\n)?/.exec(text.slice(heading.to, heading.to + 2))?.[0].length ?? 0);
  for (const assignment of assignments) if (assignment.start === end) ({ end } = assignment);
  return { ...heading, end };
}

function findHeading(
  text: string,
  assignments: readonly Assignment[],
): { from: number; to: number } | undefined {
  for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at + 1)) {
    const from = Math.max(text.lastIndexOf('\n', at), text.lastIndexOf('\r', at)) + 1;
    const start = from === 0 && text.startsWith('\uFEFF') ? 1 : from;
    const isComment = text.startsWith('# ', start) && text.slice(start, at).includes('/');
    // A value over several lines may hold anything.
    const isInside = assignments.some((one) => one.start <= start && start < one.end);
    if (isComment && !isInside) return { from: start, to: at + /^[^\r\n]*/.exec(text.slice(at))![0].length };
  }
  return undefined;
}
