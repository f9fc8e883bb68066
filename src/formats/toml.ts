import { stringify } from 'smol-toml';
import type { FormatInput } from './index.ts';

/** One table, every value a basic string on one line. */
export function tomlText({ values }: FormatInput): string {
  return stringify(Object.fromEntries(values));
}
