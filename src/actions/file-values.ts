import { basename } from 'node:path';
import { notFound } from '../api/near.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import { decodeText, readText } from '../files/read.ts';
import { type EnvOptions, type Format, formatOf, type Imported, readFormat } from '../formats/read.ts';

/** Largest file that values are taken out of, in bytes: twice what an environment may hold. */
const maxFileBytes = 16 * 1024 * 1024;

export interface FileValues extends Imported {
  /** As the file is named in what is told of it. */
  readonly source: string;
}

/**
 * Reads the names and values of a file; `-` is stdin. Throws `too_large` before it reads more than 16 MiB, `invalid` for
 * what is not of its format.
 */
export async function readValues(
  ctx: Context,
  file: string,
  format: Format = formatOf(file),
  options: EnvOptions = {},
): Promise<FileValues> {
  const source = file === '-' ? 'stdin' : basename(file);
  const text = file === '-' ? textOfStdin(ctx) : readText(file, 'file', maxFileBytes);
  return { ...(await readFormat(text, format, source, options)), source };
}

/** Whether a file is a .env file by its name: `.env`, `.env.<anything>` or `<anything>.env`. */
export function isEnvFile(file: string): boolean {
  const name = basename(file);
  return /^\.env(?:\.|$)|\.env$/.test(name) && formatOf(name) === 'dotenv';
}

/** The error for a name that a file does not have, with near names. */
export function notInFile(name: string, file: string, { values }: Imported): Promise<SecretsError> {
  const listWith = `secrets import ${file} --dry-run`;
  return notFound('secret', name, { where: file, among: values.keys(), listWith });
}

function textOfStdin(ctx: Context): string {
  const bytes = ctx.streams.in.readAll(maxFileBytes);
  if (bytes.length > maxFileBytes) throw new SecretsError('too_large', `stdin is over ${maxFileBytes} bytes`);
  return decodeText(bytes, 'stdin');
}
