import { extname } from 'node:path';
import { printable } from '../../api/names.ts';
import { SecretsError } from '../../errors.ts';
import { type OutputFormat, outputFormats } from '../../formats/index.ts';

/** What a file is for: its format, and for a .env file the programs that read it. */
export interface Purpose {
  readonly readers: readonly string[];
  readonly format: OutputFormat;
}

/**
 * What `--for` and `--format` say together; undefined where neither is given. A format may stand among the programs;
 * `dotenv` is both, a program and what all of them read. Throws `usage` for an unknown format, and for two.
 */
export function purposeOf(named: readonly string[], format: string | undefined): Purpose | undefined {
  const words = named.flatMap((word) => word.split(',')).map((word) => word.trim());
  const readers = words.filter((word) => !isFormat(word) || word === 'dotenv');
  const formats = new Set(words.filter((word) => !readers.includes(word)));
  if (format !== undefined) formats.add(format);
  if (words.length === 0 && formats.size === 0) return undefined;
  const [first, second = readers[0]] = formats;
  if (first !== undefined && !isFormat(first)) throw unknownFormat(first);
  if (first !== undefined && second !== undefined && (first !== 'dotenv' || formats.size > 1))
    throw new SecretsError(
      'usage',
      `one file cannot be written for "${first}" and for "${printable(second)}"`,
    );
  return { readers, format: first ?? 'dotenv' };
}

/** The format that the name of a file tells; dotenv where it tells none. */
export function formatByName(file: string): OutputFormat {
  return byExtension[extname(file).toLowerCase()] ?? 'dotenv';
}

const byExtension: Readonly<Record<string, OutputFormat>> = {
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.toml': 'toml',
  '.tfvars': 'tfvars',
  '.sh': 'sh',
  '.fish': 'fish',
  '.ps1': 'powershell',
};

function isFormat(word: string): word is OutputFormat {
  return outputFormats.some((format) => format === word);
}

function unknownFormat(format: string): SecretsError {
  return new SecretsError('usage', `no format named "${printable(format)}"`, {
    hint: `known are ${outputFormats.join(', ')}`,
  });
}
