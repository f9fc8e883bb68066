import { expandLast, unescapeDollar } from './dollar.ts';
import { dotenvLine, dotenvText } from './dotenv.ts';
import type { Reader } from './reader.ts';

/** @next/env 16 (dist/index.js): the rules of dotenv 16, and an expansion of its own in every kind of quotes. */
export const next: Reader = {
  name: 'next',
  title: 'Next.js',
  weight: 1,
  read: (spelling) => {
    const line = dotenvLine(spelling);
    return 'harm' in line ? line : unescapeDollar(expandLast(dotenvText(line)));
  },
};
