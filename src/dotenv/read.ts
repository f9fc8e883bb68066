import { type Place, placesIn } from './reading/places.ts';
import { readAs, type Refusal } from './reading/read-as.ts';
import type { Reader } from './readers/reader.ts';
import { isDoubtful, unspell } from './reading/unspell.ts';

/**
 * Reading .env text, with the place of every assignment, so that a merge can change one and leave every other byte.
 * places.ts finds the values, unspell.ts says what they stand for; nothing is looked up and nothing is run.
 */
export interface Assignment extends Place {
  readonly value: string;
}

export interface Reading {
  readonly assignments: readonly Assignment[];
  /** Lines that are neither empty, nor a comment, nor an assignment; counted from 1. */
  readonly unknownLines: readonly number[];
  /** What the program refuses that the file was read for. */
  readonly refused: readonly Refusal[];
}

/**
 * Reads the text of a .env file; a name may come more than once, and the last one counts. `as` is the program whose
 * reading is wanted; without it, it is our own (docs/dotenv.md, "How a file is read").
 */
export function readDotenv(text: string, { as }: { as?: Reader | undefined } = {}): Reading {
  if (as) {
    const { places: assignments, ...rest } = readAs(text, as);
    return { assignments, ...rest };
  }
  const { places, unknownLines } = placesIn<Assignment>(text, (place, word) => ({
    ...place,
    value: unspell(text.slice(place.valueStart, place.valueEnd), word),
  }));
  return { assignments: places, unknownLines, refused: [] };
}

/** What we read where `NAME=spelling` stands on a line (or lines) of its own; undefined where it is no one value. */
export function readSpelling(spelling: string): string | undefined {
  const { assignments, unknownLines } = readDotenv(`A=${spelling}\n`);
  return assignments.length === 1 && unknownLines.length === 0 ? assignments[0]!.value : undefined;
}

/** The names and values of a file; of a name that comes twice, the last. */
export function valuesOf(reading: Reading): Map<string, string> {
  return new Map(reading.assignments.map(({ name, value }) => [name, value]));
}

/** Names that are assigned more than once, with the lines. */
export function duplicatesIn({ assignments }: Reading): { name: string; lines: number[] }[] {
  const byName = Map.groupBy(assignments, ({ name }) => name);
  return [...byName]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => ({ name, lines: all.map((a) => a.line) }));
}

/** Assignments whose backslashes in double quotes others read as half as many. */
export function doubtfulIn(text: string, { assignments }: Reading): readonly Assignment[] {
  return assignments.filter(
    ({ value, valueStart, valueEnd }) =>
      value.includes('\\\\') && isDoubtful(text.slice(valueStart, valueEnd)),
  );
}
