import { type Place, placesIn, type Places } from './places.ts';
import type { Harm, Reader } from './readers/reader.ts';

/**
 * Reading a file as another program does: the assignments stand where they stand for us, and what each of them says is
 * asked of the model of that program (readers/).
 */

/** An assignment that the program does not read as a value of its own. */
export interface Refusal {
  readonly name: string;
  readonly line: number;
  /** The harm that it would do; or names of other variables that the program puts in, which are not known here. */
  readonly why: Harm['harm'] | { readonly refersTo: readonly string[] };
}

interface ReadPlace extends Place {
  readonly value: string;
}

export interface ReadAs extends Places<ReadPlace> {
  readonly refused: readonly Refusal[];
}

/** Reads the text as the program would, with nothing in its environment. Of what it refuses, the value is empty. */
export function readAs(text: string, reader: Reader): ReadAs {
  const refused: Refusal[] = [];
  const make = (place: Place): ReadPlace => {
    const spelling = spellingOf(text, place);
    const read = reader.read(spelling);
    const value = typeof read === 'string' ? read : '';
    const refersTo = typeof read === 'string' ? filledIn(spelling, read) : [];
    const why = typeof read === 'string' ? refersTo.length > 0 && { refersTo } : read.harm;
    if (why) refused.push({ name: place.name, line: place.line, why });
    return { ...place, value };
  };
  const found = reader.name === 'docker' ? linesOf(text, make) : placesIn(text, make);
  return { ...found, refused };
}

/** All that stands behind the sign, blanks and comment too: what they mean differs. */
function spellingOf(text: string, { start, end, valueStart }: Place): string {
  const blanks = /[^\S\r\n]*$/.exec(text.slice(start, valueStart))![0].length;
  return text.slice(valueStart - blanks, end).replace(/(?:\r\n?|\n)$/, '');
}

/** Names that are written as references, without a default, and of which nothing is left in the value. */
function filledIn(spelling: string, value: string): string[] {
  const references = spelling.matchAll(/\$\{?([A-Za-z_]\w*)(?!\w|:?-)/g);
  const gone = [...references].filter(([text]) => !value.includes(text)).map(([, name]) => name!);
  return [...new Set(gone)];
}

/** As docker reads: each line by itself, and all behind the first `=` as it stands (opts/file.go of docker/cli 28). */
function linesOf(text: string, make: (place: Place) => ReadPlace): Places<ReadPlace> {
  const places: ReadPlace[] = [];
  const unknownLines: number[] = [];
  let line = 0;
  for (const { 0: whole, index } of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    line += 1;
    const start = index === 0 && whole.startsWith('\uFEFF') ? 1 : index;
    const end = index + whole.length;
    const found = /^\s*([^\s=#][^\s=]*)=/.exec(text.slice(start, end));
    if (found) {
      const valueStart = start + found[0].length;
      const valueEnd = valueStart + text.slice(valueStart, end).replace(/\r?\n$/, '').length;
      places.push(make({ name: found[1]!, start, end, valueStart, valueEnd, line }));
    } else if (!/^\s*(?:#|$)/.test(text.slice(start, end))) unknownLines.push(line);
  }
  return { places, unknownLines };
}
