import type { KeyObject } from 'node:crypto';
import { deriveKey, newKey, type Sealed, unwrapDataKey, wrapDataKey } from '../crypto/envelope.ts';
import { masterKeyId } from '../crypto/master-key.ts';
import { SecretsError } from '../errors.ts';

/** Fetches the master key of a vault, from a keychain or wherever it is kept. Of several, the one with this id. */
export type MasterKeySource = (vaultId: string, keyId?: string) => Promise<Buffer>;

/** The keys of an unlocked vault. Only what is derived from the master key stays in memory, never the key itself. */
export class VaultKeys {
  /** The public name of the master key that they come from. */
  readonly id: string;
  readonly audit: KeyObject;
  readonly #wrap: KeyObject;
  readonly #dataKeys = new Map<string, KeyObject>();

  constructor(masterKey: Buffer, vaultId: string) {
    this.id = masterKeyId(masterKey, vaultId);
    this.audit = deriveKey(masterKey, vaultId, 'audit');
    this.#wrap = deriveKey(masterKey, vaultId, 'wrap');
  }

  /** The data key of a project, unwrapped once. */
  dataKey(projectId: string, wrapped: Sealed): KeyObject {
    const known = this.#dataKeys.get(projectId);
    if (known) return known;
    const key = unwrapDataKey(this.#wrap, projectId, wrapped);
    this.#dataKeys.set(projectId, key);
    return key;
  }

  /** A project's data key, wrapped under another master key. */
  rewrap(projectId: string, wrapped: Sealed, next: VaultKeys): Sealed {
    const key = this.dataKey(projectId, wrapped).export();
    const again = wrapDataKey(next.#wrap, projectId, key);
    key.fill(0);
    return again;
  }

  /** A new data key for a new project, wrapped. */
  newDataKey(projectId: string): Sealed {
    const key = newKey();
    const wrapped = wrapDataKey(this.#wrap, projectId, key);
    key.fill(0);
    return wrapped;
  }
}

/** Fetches the master key and checks that it is the one of this vault. Throws `key_wrong`. */
export async function unlock(source: MasterKeySource, vaultId: string, keyId: string): Promise<VaultKeys> {
  const masterKey = await source(vaultId, keyId);
  assertMasterKey(masterKey, vaultId, keyId);
  const keys = new VaultKeys(masterKey, vaultId);
  masterKey.fill(0);
  return keys;
}

/** Throws `key_wrong` unless this is the master key that the vault was made with. */
export function assertMasterKey(masterKey: Buffer, vaultId: string, keyId: string): void {
  if (masterKeyId(masterKey, vaultId) === keyId) return;
  throw new SecretsError('key_wrong', 'the master key here is not the one this vault was made with', {
    hint: [
      'unset SECRETS_MASTER_KEY if it belongs to another vault',
      'bring the right key back from its backup: secrets key import FILE',
    ],
  });
}
