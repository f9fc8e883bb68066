import { SecretsError } from '../errors.ts';

type Parse = (text: string) => Readonly<Record<string, unknown>>;

/** `NAME = value` where the value is no string, list or table: as it is written, without the comment behind it. */
const plain = /^[ \t]*(["']?)([\w-]+)\1[ \t]*=[ \t]*([^\s"'[{#][^#\r\n]*?)[ \t]*(?:#.*)?$/gm;

/**
 * The top of a TOML text: strings as they are, numbers, dates and truth as they are written, lists and tables for the
 * caller to refuse. Throws `invalid` for what is not TOML, with its line.
 */
export async function readToml(text: string, source: string): Promise<Record<string, unknown>> {
  const { parse, TomlError } = await import('smol-toml');
  const strict: Parse = (toml) => parse(toml, { integersAsBigInt: 'asNeeded' });
  try {
    const written = plainValues(text);
    const entries = Object.entries(strict(text.replace(/^\uFEFF/, '')));
    return Object.fromEntries(
      entries.map(([name, value]) => [
        name,
        isPlain(value) ? asWritten(strict, written.get(name), value, `${source}: "${name}"`) : value,
      ]),
    );
  } catch (error) {
    if (error instanceof SecretsError) throw error;
    // The parser's words quote the text, and so its values: they go no further.
    const at = error instanceof TomlError ? `${source}:${error.line}:` : source;
    throw new SecretsError('invalid', `${at}${at === source ? ' is' : ''} not valid TOML`);
  }
}

function isPlain(value: unknown): boolean {
  return value instanceof Date || ['number', 'bigint', 'boolean'].includes(typeof value);
}

/** All that may be the value of a name: a line inside a long string looks like one, too. */
function plainValues(text: string): ReadonlyMap<string, string[]> {
  const byName = Map.groupBy(text.matchAll(plain), ([, , name]) => name!);
  return new Map([...byName].map(([name, found]) => [name, found.map(([, , , value]) => value!)]));
}

/** A number itself would not do: 1.10 and 0x1F are other texts than 1.1 and 31. */
function asWritten(parse: Parse, written: readonly string[] = [], value: unknown, at: string): string {
  const [only, ...others] = written;
  if (only !== undefined && others.length === 0 && isSame(parse(`it = ${only}`).it, value)) return only;
  throw new SecretsError('invalid', `${at} is no text, and it is not clear how it is written`, {
    hint: 'write it as a string',
  });
}

function isSame(one: unknown, other: unknown): boolean {
  if (one instanceof Date && other instanceof Date) return one.toISOString() === other.toISOString();
  return Object.is(one, other);
}
