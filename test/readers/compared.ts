import { readers } from '../../src/dotenv/readers/index.ts';
import type { Harm, Reader } from '../../src/dotenv/readers/reader.ts';
import { type Audience, everybody, spell } from '../../src/dotenv/write.ts';
import type { Rival } from './rivals.ts';
import { valuesByClass } from './values.ts';

/** What one writer does, in the eyes of the models, which models.test.ts holds against the programs. */
export interface Column {
  readonly title: string;
  /** What a reader makes of what is written for it; undefined where nothing is. */
  readonly seen: (value: string, reader: Reader) => string | Harm | undefined;
}

export const classes: readonly (readonly [string, readonly string[]])[] = Object.entries(valuesByClass);
const spelled = remembered((value) => spell(value, everybody));
const circle = readers.reduce((sum, { weight }) => sum + weight, 0);

/** One file for all, written without a word about who reads it. */
export const forEverybody: Column = columnFrom('`pull`', (value) => spelled(value).spelling);

/** For each reader a file of its own, written with its name. */
export const forEach: Column = columnFrom('`pull --for` it', (value, reader) => {
  const alone: Audience = { readers: [reader], named: 'by the user' };
  return spell(value, alone).spelling;
});

export function columnOf({ name, spell: write }: Rival): Column {
  return columnFrom(name, remembered(write));
}

/** Share of all pairs of a value and a reader, by weight, that are right. */
export function rightOf(column: Column, values: readonly string[]): number {
  const all = readers.map((reader) => reader.weight * rightFor(column, reader, values));
  return all.reduce((sum, one) => sum + one, 0) / circle;
}

/** Share of the values that one reader sees. */
export function rightFor(column: Column, reader: Reader, values: readonly string[]): number {
  return values.filter((value) => column.seen(value, reader) === value).length / values.length;
}

/** How many values do this to the reader, or to any. */
export function harmed(
  column: Column,
  harm: Harm['harm'],
  values: readonly string[],
  among = readers,
): number {
  return values.filter((value) =>
    among.some((reader) => {
      const read = column.seen(value, reader);
      return typeof read === 'object' && read.harm === harm;
    }),
  ).length;
}

/** How many values are not written, for one reader at least. */
export function refused(column: Column, values: readonly string[], among = readers): number {
  return values.filter((value) => among.some((reader) => column.seen(value, reader) === undefined)).length;
}

/** Whether the reader is told of as one that sees something else. */
export function isTold(value: string, reader: Reader): boolean {
  const one = spelled(value);
  return one.spelling !== undefined && one.wrong.some(({ name }) => name === reader.name);
}

/** Looking for a spelling and reading it take long, and each is asked for several times. */
function columnFrom(title: string, write: (value: string, reader: Reader) => string | undefined): Column {
  const known = new Map(readers.map((reader) => [reader, new Map<string, string | Harm | undefined>()]));
  return {
    title,
    seen(value, reader) {
      const own = known.get(reader)!;
      if (!own.has(value)) {
        const spelling = write(value, reader);
        own.set(value, spelling === undefined ? undefined : reader.read(spelling));
      }
      return own.get(value);
    },
  };
}

function remembered<T>(make: (value: string) => T): (value: string) => T {
  const known = new Map<string, T>();
  return (value) => {
    if (!known.has(value)) known.set(value, make(value));
    return known.get(value)!;
  };
}
