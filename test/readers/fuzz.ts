import { spellings } from '../../src/dotenv/writing/spellings.ts';

/** Values made of what has been special to one reader or another, from a seed, the same on every machine. */
const pieces = [
  ...Array.from(`'"\`$\\\n\r\t#=;&|<>*?~!% ab1{}()-+:@.,^_/[]`),
  ...['$(touch CANARY)', '`touch CANARY`', '${A}', '$A', '${A:-b}', '\\n', '\\r', '\\t', '\\$', "\\'", '\\"'],
  ...[
    'export ',
    'INJECTED=1',
    '\nINJECTED=1\n',
    '\r\n',
    ' #',
    '""',
    "''",
    '"""',
    'é',
    'à',
    '🔑',
    '\u00A0',
    '\uFEFF',
  ],
  ...['null', 'word', 'true', '0', '{"a":"b"}', 'a@b', '://', '==', '---', '\u2028'],
];

export function* randomValues(seed: number): Generator<string, never> {
  const next = mulberry(seed);
  for (;;) {
    const length = 1 + Math.floor(next() ** 2 * 12);
    yield Array.from({ length }, () => pieces[Math.floor(next() * pieces.length)]).join('');
  }
}

/** All the ways in which a value is written, each once. */
export function spellingsOf(value: string): string[] {
  return [...new Set(spellings(value))];
}

/** A small generator of good spread (mulberry32): the numbers of one seed are the same everywhere. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
