import { existsSync, rmSync, statSync } from 'node:fs';
import { formatMasterKey, newMasterKey, parseMasterKey } from '../crypto/master-key.ts';
import { masterKeyVariable } from '../config/paths.ts';
import { SecretsError } from '../errors.ts';
import { readText } from '../files/read.ts';
import { writeFile } from '../files/write.ts';
import { readKeychain, writeKeychain } from './keychain.ts';

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
    const text = await readKeychain(account(vaultId));
    if (text !== undefined) return parseMasterKey(text, 'the keychain');
    throw new SecretsError('key_missing', 'the keychain has no master key for this vault', {
      hint: ['bring it back from its backup: secrets key import FILE', `or set ${masterKeyVariable}`],
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
      await writeKeychain(account(vaultId), formatMasterKey(key));
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
    await writeKeychain(account(vaultId), formatMasterKey(key));
    // It is in the better place now; a file left behind would still be read first.
    rmSync(file, { force: true });
    return 'keychain';
  }
}

function account(vaultId: string): string {
  return `master-key ${vaultId}`;
}

function readKeyFile(file: string, posix: boolean): Buffer {
  if (posix && (statSync(file).mode & 0o077) !== 0) {
    throw new SecretsError('invalid', `others on this machine can read the master key in ${file}`, {
      hint: `take it back: chmod 600 ${file}`,
    });
  }
  return parseMasterKey(readText(file, 'key file'), file);
}
