import type { FormatInput } from './index.ts';
import { assertOneCase } from './unheld.ts';

/**
 * `$env:NAME = '…'`, in ASCII alone: Windows PowerShell 5.1 takes a file without a mark for the code page of the system,
 * where a byte of `ё` or `’` is a curly quote, which ends the string as a straight one does.
 */
export function powershellText({ values }: FormatInput): string {
  assertOneCase(values.keys(), 'a PowerShell script', 'Windows knows one variable of that name');
  return [...values].map(([name, value]) => `$env:${name} = ${literal(value)}\n`).join('');
}

const verbatim = /^[\x20-\x7E\t\n]*$/;

/** In single quotes where all of it may stand in a file as it is; else in double quotes with escapes. */
function literal(value: string): string {
  if (verbatim.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return `"${value.replace(/[^\x20-\x7E]|["$`]/g, escaped)}"`;
}

/** By UTF-16 unit, as .NET counts: 5.1 knows no escape for characters by number. */
function escaped(unit: string): string {
  if (unit === '\n') return '`n';
  if (unit === '\r') return '`r';
  if (unit === '\t') return '`t';
  if (/["$`]/.test(unit)) return `\`${unit}`;
  return `$([char]0x${unit.charCodeAt(0).toString(16).toUpperCase()})`;
}
