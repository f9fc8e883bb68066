import { existsSync, rmSync } from 'node:fs';
import { formatMasterKey, newMasterKey, parseMasterKey } from '../crypto/master-key.ts';
import { masterKeyVariable } from '../config/paths.ts';
import { SecretsError } from '../errors.ts';
import { readPlain } from '../files/read.ts';
import { writeFile } from '../files/write.ts';
import { readKeychain, writeKeychain } from './keychain.ts';
import { assertPrivate } from './private-file.ts';

/** Where a master key is kept. `file` is there only by the user's explicit consent. */
export type KeyStorage = 'variable' | 'file' | 'keychain';

export interface MasterKeyPlaces {
  /** The text of SECRETS_MASTER_KEY, if it is set. */
  readonly variable: string | undefined;
  /** Path of the plain key file that belongs to the vault. */
  readonly file: string;
  /** Whether permission bits mean something here. */
  readonly posix: boolean;
  /** Consent to the plain file, for a key that is yet to be kept. */
  readonly insecureStorage: boolean;
}

/**
 * The master key of the embedded vault. It is read from the variable, else from the key file where there is one, else
 * from the keychain; a place that is there and fails is an error, never a reason to try the next.
 */
export class MasterKeys {
  readonly #places: MasterKeyPlaces;

  constructor(places: MasterKeyPlaces) {
    this.#places = places;
  }

  /** Where `read` would look. */
  get storage(): KeyStorage {
    if (this.#places.variable !== undefined) return 'variable';
    return existsSync(this.#places.file) ? 'file' : 'keychain';
  }

  get file(): string {
    return this.#places.file;
  }

  /** The key of a vault. Throws `key_missing`, or what the keychain throws. */
  async read(vaultId: string): Promise<Buffer> {
    const { variable, file, posix } = this.#places;
    if (variable !== undefined) return parseMasterKey(variable, masterKeyVariable);
    if (existsSync(file)) return readKeyFile(file, posix);
    const text = await orHint(readKeychain(account(vaultId)), bringHints);
    if (text !== undefined) return parseMasterKey(text, 'the keychain');
    throw new SecretsError('key_missing', 'the keychain has no master key for this vault', {
      hint: bringHints,
    });
  }

  /**
   * The key for a new vault: the variable where it is set, else one that is made and kept, in the file by consent or in
   * the keychain. A key file that is there already is used: two processes that make a vault at once then agree on it.
   */
  async create(vaultId: string): Promise<Buffer> {
    const { variable, file, posix, insecureStorage } = this.#places;
    if (variable !== undefined) return parseMasterKey(variable, masterKeyVariable);
    if (existsSync(file)) return readKeyFile(file, posix);
    const key = newMasterKey();
    if (!insecureStorage) {
      await orHint(writeKeychain(account(vaultId), formatMasterKey(key)), makeHints);
      return key;
    }
    try {
      writeFile(file, `${formatMasterKey(key)}\n`, { fresh: true });
      return key;
    } catch (error) {
      if (!(error instanceof SecretsError) || error.code !== 'conflict') throw error;
      return readKeyFile(file, posix);
    }
  }

  /** Keeps a key: in the file by consent, else in the keychain. Tells where. */
  async keep(vaultId: string, key: Buffer): Promise<KeyStorage> {
    const { file, insecureStorage } = this.#places;
    if (insecureStorage) {
      writeFile(file, `${formatMasterKey(key)}\n`);
      return 'file';
    }
    await orHint(writeKeychain(account(vaultId), formatMasterKey(key)), keepHints);
    // It is in the better place now; a file left behind would still be read first.
    rmSync(file, { force: true });
    return 'keychain';
  }
}

const makeHints = [
  'in a container or over SSH, bring the key in a variable: export SECRETS_MASTER_KEY="$(secrets key generate)"',
  'or keep it in a plain file that only you can read: --insecure-storage',
];
const keepHints = ['keep it in a plain file that only you can read: --insecure-storage'];
const bringHints = [
  `bring the key of this vault in a variable: ${masterKeyVariable}`,
  'or from its backup into a plain file that only you can read: secrets key import FILE --insecure-storage',
];

/** What to do without a keychain depends on what was wanted of it. */
async function orHint<T>(work: Promise<T>, hint: readonly string[]): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof SecretsError) || error.code !== 'keychain_unavailable') throw error;
    throw new SecretsError(error.code, error.message, { cause: error, hint });
  }
}

function account(vaultId: string): string {
  return `master-key ${vaultId}`;
}

function readKeyFile(file: string, posix: boolean): Buffer {
  if (posix) assertPrivate(file, 'the master key');
  return parseMasterKey(readPlain(file, 'key file', 4096), file);
}
