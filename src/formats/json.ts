import type { FormatInput } from './index.ts';

/** One object, its names in the order given. */
export function jsonText({ values }: FormatInput): string {
  return `${JSON.stringify(Object.fromEntries(values), undefined, 2)}\n`;
}
