import { expandFirst, expandOnce, hasCommand, unescapeDollar } from './dollar.ts';
import { dotenvLine, dotenvText } from './dotenv.ts';
import { type Harm, loses, type Reader, runs } from './reader.ts';

/** dotenv 16 and dotenv-expand 11 (lib/main.js, interpolate): expands in every kind of quotes. */
export const dotenvExpand11: Reader = {
  name: 'dotenv-expand-11',
  title: 'dotenv-expand 11',
  weight: 1,
  read: (spelling) => expanded(spelling, (text) => unescapeDollar(expandOnce(text))),
};

/** dotenv 18 and the dotenv-expand of its time (dist/lib/main.js), which runs `$(…)` as well, escaped or not. */
export const dotenvExpand: Reader = {
  name: 'dotenv-expand',
  title: 'dotenv-expand',
  weight: 1,
  read: (spelling) => {
    const read = expanded(spelling, (text) => {
      const result = expandFirst(text);
      if (result === undefined) return loses;
      return hasCommand(result) ? runs : unescapeDollar(result);
    });
    // Where a line is lost, what becomes of its text is not known.
    return typeof read !== 'string' && /\$[^]*\(/.test(spelling) ? runs : read;
  },
};

function expanded(spelling: string, expand: (text: string) => string | Harm): string | Harm {
  const line = dotenvLine(spelling);
  return 'harm' in line ? line : expand(dotenvText(line));
}
