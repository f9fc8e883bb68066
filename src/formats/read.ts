import { extname } from 'node:path';
import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { Here } from '../dotenv/merging/plan.ts';
import type { Reader } from '../dotenv/readers/reader.ts';
import { readEnvText } from './env-text.ts';

/** Formats that `import` reads. */
export const formats = ['dotenv', 'json', 'yaml', 'toml'] as const;
export type Format = (typeof formats)[number];

export interface Imported {
  readonly values: ReadonlyMap<string, Secret>;
  readonly remarks: readonly Remark[];
  /** How each value stands in a .env file. */
  readonly here?: ReadonlyMap<string, Here>;
}

/** What was passed over or is odd, with its line; never a value. */
export interface Remark {
  readonly text: string;
  /** The names that it is about, if any. */
  readonly names: readonly string[];
  readonly hint?: string;
}

export interface EnvOptions {
  /** The program that the file was written for; our own reading without it. */
  readonly as?: Reader | undefined;
  /** Whether references to other names of the file are resolved. Not together with `as`. */
  readonly expand?: boolean | undefined;
}

/** The format that a file name tells; dotenv when it tells none. */
export function formatOf(file: string): Format {
  const extension = extname(file).toLowerCase();
  if (extension === '.json') return 'json';
  if (extension === '.toml') return 'toml';
  return extension === '.yaml' || extension === '.yml' ? 'yaml' : 'dotenv';
}

/**
 * Reads names and values out of a text; `options` are for dotenv. Throws `invalid` for text that is not of the format,
 * or not flat.
 */
export async function readFormat(
  text: string,
  format: Format,
  source: string,
  options: EnvOptions = {},
): Promise<Imported> {
  if (format === 'dotenv') return readEnvText(text, source, options);
  return { values: flat(await parsers[format](text, source), source), remarks: [] };
}

const parsers: Record<Exclude<Format, 'dotenv'>, (text: string, source: string) => unknown> = {
  json: readJson,
  yaml: readYaml,
  toml: async (text, source) => (await import('./toml-values.ts')).readToml(text, source),
};

function readJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''), asWritten);
  } catch {
    // The parser's words quote the text, and so its values: they go no further.
    throw new SecretsError('invalid', `${source} is not valid JSON`);
  }
}

/** A number as its digits stand in the text: beyond 2^53 the number itself would be another. */
function asWritten(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? value) : value;
}

async function readYaml(text: string, source: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('yaml');
  const lineCounter = new LineCounter();
  // Every scalar as it is written: `yes`, `0777` and `1e3` are values of variables, not numbers.
  const document = parseDocument(text, { lineCounter, schema: 'failsafe', prettyErrors: false });
  const [error] = document.errors;
  if (error)
    throw new SecretsError('invalid', `${source}:${lineCounter.linePos(error.pos[0]).line}: not valid YAML`);
  try {
    return document.toJS() as unknown;
  } catch {
    throw new SecretsError(
      'invalid',
      `${source} has an alias (*name) that stands for nothing, or for too much`,
      {
        hint: 'put a value that begins with * in quotes',
      },
    );
  }
}

function flat(read: unknown, source: string): Map<string, Secret> {
  if (typeof read !== 'object' || read === null || Array.isArray(read)) {
    throw new SecretsError('invalid', `${source} does not hold names and values`, {
      hint: 'write { "NAME": "value" }',
    });
  }
  return new Map(
    Object.entries(read).map(([name, value]) => [name, new Secret(scalar(name, value, source))]),
  );
}

function scalar(name: string, value: unknown, source: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
  throw new SecretsError('invalid', `${source}: "${name}" is ${kind}; a secret is one text`, {
    hint: 'write it as a string, or leave it out',
  });
}
