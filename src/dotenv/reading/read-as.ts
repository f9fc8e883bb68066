import { type Place, placesIn, type Places } from './places.ts';
import type { Harm, Reader } from '../readers/reader.ts';

/**
 * Reading a file as another program does: the assignments stand where they stand for us, and what each of them says is
 * asked of the model of that program (readers/).
 */

/** An assignment that the program does not read as a value of its own. */
export interface Refusal {
  /** Undefined where what stands in its place is none: it may be a piece of a value. */
  readonly name?: string;
  readonly line: number;
  /**
   * The harm that it would do; or names of other variables that the program puts in, which are not known here; or what
   * is wrong with the name, for which the program refuses the whole file.
   */
  readonly why: Harm['harm'] | { readonly refersTo: readonly string[] } | 'spaced name' | 'no name';
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
  const isDocker = reader.name === 'docker';
  const found = isDocker ? linesOf(text, make, (refusal) => refused.push(refusal)) : placesIn(text, make);
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

/**
 * As docker reads: each line by itself, and all behind the first `=` as it stands (pkg/kvfile of docker/cli). To docker
 * nearly anything can be a name: one that no variable can have is left out here, as is a name alone.
 */
function linesOf(
  text: string,
  make: (place: Place) => ReadPlace,
  refuse: (refusal: Refusal) => void,
): Places<ReadPlace> {
  const places: ReadPlace[] = [];
  const unknownLines: number[] = [];
  let line = 0;
  for (const { 0: whole, index } of text.matchAll(/[^\n]*(?:\n|$)/g)) {
    line += 1;
    const start = index === 0 && whole.startsWith('\uFEFF') ? 1 : index;
    const end = index + whole.length;
    const [head, key, sign] = /^\p{White_Space}*([^=\r\n]*)(=?)/u.exec(text.slice(start, end))!;
    const why = faultOf(key!, sign!);
    if (why) refuse({ line, why });
    else if (sign && /^[\w.-]+$/.test(key!)) {
      const valueStart = start + head.length;
      const valueEnd = valueStart + text.slice(valueStart, end).replace(/\r?\n$/, '').length;
      places.push(make({ name: key!, start, end, valueStart, valueEnd, line }));
    } else if (key !== '' && !key!.startsWith('#')) unknownLines.push(line);
  }
  return { places, unknownLines };
}

/** Why docker refuses the file for what stands before the sign; a comment is never refused. */
function faultOf(key: string, sign: string): Refusal['why'] | undefined {
  if (key === '') return sign ? 'no name' : undefined;
  return !key.startsWith('#') && /[ \t]/.test(key) ? 'spaced name' : undefined;
}
