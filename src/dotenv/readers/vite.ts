import { expandFirst, unescapeDollar } from './dollar.ts';
import { nodeLine } from './node.ts';
import { loses, type Reader } from './reader.ts';

/** Vite 8 (src/node/env.ts, loadEnv): util.parseEnv of Node, then dotenv-expand 12, in every kind of quotes. */
export const vite: Reader = {
  name: 'vite',
  title: 'Vite',
  weight: 1,
  read: (spelling) => {
    const line = nodeLine(spelling);
    if ('harm' in line) return line;
    // A name without an operator is split at null, which is "null".
    const result = expandFirst(line.text, 'null');
    return result === undefined ? loses : unescapeDollar(result);
  },
};
