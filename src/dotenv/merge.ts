import { type Assignment, readDotenv } from './read.ts';
import { writeLine, writeValue } from './write.ts';

/** What a pull would do to a file. */
export interface Merge {
  readonly text: string;
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** Names whose value here is neither the vault's nor what the last pull wrote. Unless overwritten, nothing is written. */
  readonly edited: readonly string[];
}

export interface MergeInput {
  /** The file as it stands; undefined where there is none. */
  readonly existing: string | undefined;
  readonly wanted: ReadonlyMap<string, string>;
  /** Whether a value is the one that the last pull wrote under the name. */
  readonly isFromLastPull: (name: string, value: string) => boolean;
  /** Every name that the last pull wrote. */
  readonly lastPulled: ReadonlySet<string>;
  readonly overwrite: boolean;
}

/**
 * Puts the wanted values into a file and leaves every other byte of it: comments, order, blank lines, line ends, and
 * the names that are not ours.
 */
export function mergeDotenv({
  existing = '',
  wanted,
  isFromLastPull,
  lastPulled,
  overwrite,
}: MergeInput): Merge {
  const found = lastByName(readDotenv(existing).assignments);
  const untouched = ({ name, value }: Assignment): boolean => isFromLastPull(name, value);
  const differing = [...wanted].flatMap(([name, value]) => {
    const here = found.get(name);
    // What a reader misreads is still what we wrote.
    const same =
      here?.value === value || existing.slice(here?.valueStart, here?.valueEnd) === writeValue(value);
    return here && !same ? [here] : [];
  });
  const edited = differing.filter((here) => !untouched(here));
  const gone = [...lastPulled]
    .flatMap((name) => found.get(name) ?? [])
    .filter((here) => !wanted.has(here.name) && untouched(here));
  const added = [...wanted.keys()].filter((name) => !found.has(name));
  const replace = overwrite ? differing : differing.filter((here) => untouched(here));
  const edits = [
    ...replace.map((here) => ({
      from: here.valueStart,
      to: here.valueEnd,
      text: writeValue(wanted.get(here.name)!),
    })),
    ...gone.map((here) => ({ from: here.start, to: here.end, text: '' })),
  ];
  return {
    text: append(
      splice(existing, edits),
      added.map((name) => writeLine(name, wanted.get(name)!)),
    ),
    added,
    updated: replace.map((here) => here.name),
    removed: gone.map((here) => here.name),
    edited: overwrite ? [] : edited.map((here) => here.name),
  };
}

function lastByName(assignments: readonly Assignment[]): Map<string, Assignment> {
  return new Map(assignments.map((assignment) => [assignment.name, assignment]));
}

function splice(text: string, edits: readonly { from: number; to: number; text: string }[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    parts.push(text.slice(at, edit.from), edit.text);
    at = edit.to;
  }
  return parts.join('') + text.slice(at);
}

function append(text: string, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith('\n') ? '' : eol;
  return text + gap + lines.map((line) => line.replace(/\n$/, eol)).join('');
}
