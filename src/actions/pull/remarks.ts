import { namesText } from '../../cli/text.ts';
import type { Merge } from '../../dotenv/merge.ts';

/** What is odd about a .env file as it stands: names that come more than once, lines that are no assignment. */
export function remarksOn({ repeated, unknownLines }: Merge, file: string): string[] {
  const twice = repeated.map(({ name, lines }) => {
    return `${name} is assigned more than once in ${file}, in ${linesText(lines)}; the last one counts`;
  });
  if (unknownLines.length === 0) return twice;
  const what =
    unknownLines.length === 1
      ? 'is not understood, and left as it is'
      : 'are not understood, and left as they are';
  return [...twice, `${linesText(unknownLines)} of ${file} ${what}`];
}

function linesText(lines: readonly number[]): string {
  return `${lines.length === 1 ? 'line' : 'lines'} ${namesText(lines.map(String))}`;
}
