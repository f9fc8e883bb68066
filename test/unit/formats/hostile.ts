import fc from 'fast-check';
import type { FormatInput } from '../../../src/formats/index.ts';
import { hostileValues } from '../../readers/values.ts';

/** What the grammars here have a meaning for, beyond what .env files do. */
const ofFormats = [
  '${a}',
  '%{if}',
  '$${a}',
  '$$${a}',
  '%%{if}',
  '%%%{',
  '$',
  '%',
  '$(id)',
  '\u2018; touch CANARY; \u2019',
  '\u201C; touch CANARY; \u201D',
  '\u0451; touch CANARY',
  '`n',
  "'@\n@'",
  '"@\n@"',
  "'''",
  '"""',
  '---',
  '...',
  '- a',
  'a: b',
  '&a',
  '*a',
  '!tag',
  '|',
  '>-',
  '0777',
  '0o777',
  '1e3',
  '1_000',
  '190:20:30',
  '2024-01-01',
  'null',
  '~',
  'yes',
  'NO',
  'on',
  'y',
  '.inf',
  '<<EOF',
  'A=1',
  'A<<EOF\n1\nEOF',
  '::add-mask::x',
  '%0A%25',
  '\u007F\u0080\u009F\uFFFE\uFFFF',
  '\u2029',
  '\uFEFF',
  '\uF641\uF6FF',
  '\u{10FFFF}',
  '\u0001\u0008\u001F',
  'a\n\n\n',
  '\n\na',
  '  a\n b\n',
  'x'.repeat(64 * 1024),
  'é'.repeat(32 * 1024),
];

const signs = '\'"`$%{}()\\\n\r\t#=;&|<>*?~!:- aé‘’“”„\u00A0\uFEFF\u0085\u2028\u007F😀';
const pieces = [...Array.from(signs), '${', '%{', '<<', "''"];

/** Any text that a secret can be, thick with what has a meaning somewhere. */
export const anyText: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: fc.constantFrom(...pieces), maxLength: 12 }),
    fc.string({ unit: 'binary', maxLength: 12 }),
  )
  .map((text) => text.replaceAll('\0', ''));

/** Names that are a word, a member of every object, or a truth to some reader. */
export const oddNames =
  'NO no yEs on Off y N true tRUE NULL Null nUlL oFF __proto__ constructor toString a A a1 _a'.split(' ');

/** Every hostile value under a name of its own. */
export const hostile: ReadonlyMap<string, string> = numbered('V', [...hostileValues, ...ofFormats]);

/** `count` made-up values; the same ones for the same seed. */
export function madeUp(seed: number, count = 500): ReadonlyMap<string, string> {
  return numbered('M', fc.sample(anyText, { seed, numRuns: count }));
}

/** All of it: hostile, made up, and odd names. */
export const everything: ReadonlyMap<string, string> = new Map([
  ...hostile,
  ...madeUp(1),
  ...oddNames.map((name) => [name, `it's ${name}`] as const),
]);

export function inputOf(values: ReadonlyMap<string, string>): FormatInput {
  return { values, project: 'web', environment: 'development' };
}

function numbered(prefix: string, values: readonly string[]): Map<string, string> {
  return new Map(values.map((value, i) => [`${prefix}_${i}`, value]));
}
