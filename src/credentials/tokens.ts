import type { TokenStorage } from '../config/settings.ts';
import { parseToken } from '../crypto/token.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { readKeychain, removeFromKeychain, writeKeychain } from './keychain.ts';
import { readTokenFile, writeTokenFile } from './token-file.ts';

export interface TokenPlaces {
  /** Path of the plain token file. */
  readonly file: string;
  /** Whether permission bits mean something here. */
  readonly posix: boolean;
}

/**
 * The tokens of this user, each bound to the origin that issued it. One is looked for where the settings say that it is
 * kept; a place that fails is an error, never a reason to try the other.
 */
export class Tokens {
  readonly #places: TokenPlaces;

  constructor(places: TokenPlaces) {
    this.#places = places;
  }

  get file(): string {
    return this.#places.file;
  }

  /** The token for an origin, or undefined. Throws what the keychain throws, and `invalid` for a damaged one. */
  async read(origin: string, storage: TokenStorage): Promise<Secret | undefined> {
    const { file, posix } = this.#places;
    const text =
      storage === 'file'
        ? readTokenFile(file, posix)[origin]
        : await orHint(readKeychain(account(origin)), bringHints);
    return text === undefined ? undefined : parseToken(text, storage === 'file' ? file : 'the keychain');
  }

  /** Throws unless a token can be kept there: asked before a code that is good for one use is used. */
  async assertKeeps(origin: string, storage: TokenStorage): Promise<void> {
    const { file, posix } = this.#places;
    if (storage === 'file') return writeTokenFile(file, readTokenFile(file, posix));
    const probe = `probe ${origin}`;
    await orHint(writeKeychain(probe, 'probe'), keepHints);
    await removeFromKeychain(probe);
  }

  async keep(origin: string, storage: TokenStorage, token: Secret): Promise<void> {
    const { file, posix } = this.#places;
    if (storage === 'keychain') return orHint(writeKeychain(account(origin), token.reveal()), keepHints);
    writeTokenFile(file, { ...readTokenFile(file, posix), [origin]: token.reveal() });
  }

  /** Removes the token from where it is kept; none is no error. */
  async remove(origin: string, storage: TokenStorage): Promise<void> {
    const { file, posix } = this.#places;
    if (storage === 'keychain') return removeFromKeychain(account(origin));
    const { [origin]: gone, ...rest } = readTokenFile(file, posix);
    if (gone !== undefined) writeTokenFile(file, rest);
  }
}

const keepHints = [
  'in CI or a container, bring a token in variables: SECRETS_URL and SECRETS_TOKEN',
  'or keep it in a plain file that only you can read: --insecure-storage',
];
const bringHints = [
  'bring a token in variables: SECRETS_URL and SECRETS_TOKEN',
  'or log in again and keep it in a plain file that only you can read: secrets login --insecure-storage',
];

/** What to do without a keychain depends on what was wanted of it; a locked or slow one can be unlocked, too. */
async function orHint<T>(work: Promise<T>, hint: readonly string[]): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SecretsError) || !error.code.startsWith('keychain_')) throw error;
    throw new SecretsError(error.code, error.message, { cause: error, hint: [...error.hints, ...hint] });
  }
}

function account(origin: string): string {
  return `token ${origin}`;
}
