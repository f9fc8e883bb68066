import { isAbsolute } from 'node:path';
import { type Env, masterKeyVariable } from '../config/paths.ts';
import { masterKeyId, parseMasterKey } from '../crypto/master-key.ts';
import { isSystemError, SecretsError } from '../errors.ts';
import { readPlain } from '../files/read.ts';
import { outputOf } from '../process/command.ts';
import { assertPrivate } from './private-file.ts';

/** Seconds that a command has to print the key. */
const usualPatience = 30;
const forms = "--master-key file:PATH, env:NAME, or command:'…'";
const sayWhere = `say where the key of this vault is: ${forms}`;

/** One place that a master key may come from. */
export interface KeyPlace {
  /** As an error names it: never what a command line says. */
  readonly name: string;
  /** `isThere` says that there is a vault already: a new key would not open it. */
  read(isThere: boolean): Promise<Buffer>;
}

/** Reads `file:PATH`, `env:NAME` and `command:…`; without any, the variable SECRETS_MASTER_KEY. Throws `usage`. */
export function keyPlaces(texts: readonly string[], env: Env, patience = usualPatience): KeyPlace[] {
  const wanted = texts.length > 0 ? texts : [`env:${masterKeyVariable}`];
  return wanted.map((text) => placeOf(text, env, patience));
}

/**
 * The master key of a vault: the first that has its id. While a key is being changed there are two, and each server
 * finds the one that holds. A place that fails is passed over only where another has the key.
 */
export async function findKey(places: readonly KeyPlace[], vaultId: string, keyId?: string): Promise<Buffer> {
  const errors: unknown[] = [];
  for (const place of places) {
    try {
      const key = await place.read(keyId !== undefined);
      if (keyId === undefined || masterKeyId(key, vaultId) === keyId) return key;
      key.fill(0);
    } catch (error) {
      errors.push(error);
    }
  }
  throw errors[0] ?? wrong(places);
}

function placeOf(text: string, env: Env, patience: number): KeyPlace {
  const [, kind, rest = ''] = /^(file|env|command):(.+)$/s.exec(text) ?? [];
  switch (kind) {
    case 'file':
      return { name: `the file ${rest}`, read: async (isThere) => fromFile(rest, isThere) };
    case 'env':
      return { name: `the variable ${rest}`, read: async (isThere) => fromVariable(rest, env, isThere) };
    case 'command':
      return { name: 'the command for the master key', read: () => fromCommand(rest, patience) };
    default:
      // What was typed may be the key itself.
      throw new SecretsError('usage', 'that does not say where the master key is', {
        hint: `write ${forms}`,
      });
  }
}

function fromFile(path: string, isThere: boolean): Buffer {
  const name = isAbsolute(path) ? path : `./${path}`;
  try {
    assertPrivate(path, 'the master key', { name, groupOfRoot: true });
    return parseMasterKey(readPlain(path, 'key file', 4096), name);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new SecretsError('key_missing', `cannot read the master key in ${name}: ${error.code}`, {
      cause: error,
      ...(error.code === 'ENOENT' && {
        hint: isThere ? sayWhere : `for a new vault, make one: (umask 077; secrets key generate > ${path})`,
      }),
    });
  }
}

function fromVariable(name: string, env: Env, isThere: boolean): Buffer {
  const text = env[name];
  if (text) return parseMasterKey(text, name);
  throw new SecretsError('key_missing', `the master key is not there: ${name} is not set`, {
    hint: isThere
      ? sayWhere
      : [`make one, and keep it: secrets key generate`, `or say where it is: ${forms}`],
  });
}

async function fromCommand(line: string, patience: number): Promise<Buffer> {
  const what = 'the command for the master key';
  return parseMasterKey(await outputOf(line, what, patience), what);
}

function wrong(places: readonly KeyPlace[]): SecretsError {
  const where = places.map(({ name }) => name).join(', ');
  return new SecretsError('key_wrong', `none of these is the master key of this vault: ${where}`);
}
