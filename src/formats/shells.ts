import type { FormatInput } from './index.ts';
import { isKeptByFish, isKeptByShells } from './shell-names.ts';
import { assertNone } from './unheld.ts';

/** `export NAME='…'`, for every shell that is like POSIX's: in single quotes only the quote itself means something. */
export function shText({ values }: FormatInput): string {
  assertNone(
    [...values.keys()].filter(isKeptByShells),
    'a shell script',
    'shells keep such a name for themselves',
  );
  return lines(values, (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`);
}

/** `set -gx NAME '…'`: fish reads a backslash in single quotes before a quote and before a backslash. */
export function fishText({ values }: FormatInput): string {
  assertNone([...values.keys()].filter(isKeptByFish), 'a fish script', 'fish keeps such a name for itself');
  return lines(values, (name, value) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}'`);
}

function lines(values: ReadonlyMap<string, string>, line: (name: string, value: string) => string): string {
  return [...values].map(([name, value]) => `${line(name, value)}\n`).join('');
}
