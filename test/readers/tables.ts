import { readers } from '../../src/dotenv/readers/index.ts';
import type { Reader } from '../../src/dotenv/readers/reader.ts';
import {
  classes,
  type Column,
  columnOf,
  forEach,
  forEverybody,
  harmed,
  isTold,
  refused,
  rightFor,
  rightOf,
} from './compared.ts';
import { rivals } from './rivals.ts';
import { hostileValues } from './values.ts';

/** The tables of docs/dotenv.md. */
const titles: Readonly<Record<string, string>> = {
  plain: 'letters, digits, `_ . / : @ % + , = -`, other scripts',
  empty: 'nothing',
  blank: 'blanks, tabs, control characters',
  symbols: '`# ; & * ~ ! < > [ ] { } ( )` …',
  single: "`'`",
  double: '`"`',
  backtick: '`` ` ``',
  dollar: '`$`',
  backslash: '`\\`, not at the end',
  backslashAtEnd: '`\\` at the end',
  newline: 'line ends',
  newlineAndDouble: 'line ends and `"`',
  newlineAndOther: "line ends with `'`, `$`, `` ` `` or `\\`",
  carriageReturn: 'carriage returns',
  bothQuotes: '`\'` and `"`',
  singleAndDollar: "`'` and `$`",
  singleAndOther: "`'` with `` ` `` or `\\`",
  large: '64 KiB, long keys',
};

/** By what is in a value; by what happens to the file; by reader. It takes seconds: every spelling is looked for. */
export function tables(): string {
  const others = rivals().map(columnOf);
  const all = [forEverybody, forEach, ...others];
  return [byClass(all), byHarm(all), byReader(others)].join('\n\n');
}

function byClass(columns: readonly Column[]): string {
  const rows = [...classes, ['all', hostileValues] as const].map(([name, values]) =>
    [titles[name] ?? 'all of them', String(values.length)].concat(
      columns.map((column) => percent(rightOf(column, values))),
    ),
  );
  return table(['values with', 'values', ...columns.map(({ title }) => title)], rows);
}

function byHarm(columns: readonly Column[]): string {
  const strict = readers.filter(({ isStrict }) => isStrict);
  const others = readers.filter(({ isStrict }) => !isStrict);
  const rows = columns.map((column) => [
    column.title,
    ...[
      harmed(column, 'loses', hostileValues, strict),
      harmed(column, 'loses', hostileValues, others),
      harmed(column, 'injects', hostileValues),
      harmed(column, 'runs', hostileValues),
      refused(column, hostileValues),
    ].map(String),
  ]);
  return table(
    [
      'written by',
      'a strict program refuses the file',
      'lines are lost',
      'a name is taken from it',
      'a part may be run',
      'not written',
    ],
    rows,
  );
}

function byReader(others: readonly Column[]): string {
  const rows = readers.map((reader) =>
    [
      reader.title === reader.name ? `\`${reader.name}\`` : `\`${reader.name}\` (${reader.title})`,
      String(reader.weight),
      percent(rightFor(forEverybody, reader, hostileValues)),
      percent(share((value) => isTold(value, reader))),
      percent(rightFor(forEach, reader, hostileValues)),
    ].concat(others.map((column) => marked(column, reader))),
  );
  const head = ['reader', 'of 32', '`pull`', 'told', '`pull --for` it', ...others.map(({ title }) => title)];
  return table(head, rows);
}

/** What `marked` says beside the share: some of the values harm this reader. */
function marked(column: Column, reader: Reader): string {
  const isHarmed = (['loses', 'injects', 'runs'] as const).some((harm) =>
    harmed(column, harm, hostileValues, [reader]),
  );
  return `${percent(rightFor(column, reader, hostileValues))}${isHarmed ? '!' : ''}`;
}

function share(is: (value: string) => boolean): number {
  return hostileValues.filter(is).length / hostileValues.length;
}

/** Whole per cent; 0 and 100 are none and all. */
function percent(part: number): string {
  if (part === 0 || part === 1) return String(part * 100);
  return String(Math.min(99, Math.max(1, Math.round(part * 100))));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
