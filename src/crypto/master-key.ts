import { createHash, timingSafeEqual } from 'node:crypto';
import { SecretsError } from '../errors.ts';
import { deriveKey, newKey } from './envelope.ts';

/**
 * The master key as text: `smk_` ‖ base64url(key, 32 bytes) ‖ base64url(first 3 bytes of SHA-256(key)).
 * The prefix lets scanners find it, the checksum tells a typing error from a wrong key.
 */
const prefix = 'smk_';
const keyChars = 43;
const shape = /^smk_[A-Za-z0-9_-]{47}$/;

/** A new master key. */
export function newMasterKey(): Buffer {
  return newKey();
}

/** The key as text, for the keychain, a key file or SECRETS_MASTER_KEY. */
export function formatMasterKey(key: Buffer): string {
  return prefix + key.toString('base64url') + checksum(key).toString('base64url');
}

/** Reads what `formatMasterKey` wrote; `source` names where it came from. Throws `invalid`. */
export function parseMasterKey(text: string, source: string): Buffer {
  const trimmed = text.trim();
  const hint = 'it starts with smk_ and has 51 characters; `secrets key generate` makes one';
  if (!shape.test(trimmed))
    throw new SecretsError('invalid', `${source} does not hold a master key`, { hint });
  const body = trimmed.slice(prefix.length);
  const key = Buffer.from(body.slice(0, keyChars), 'base64url');
  const check = Buffer.from(body.slice(keyChars), 'base64url');
  if (!timingSafeEqual(check, checksum(key))) {
    throw new SecretsError(
      'invalid',
      `the master key in ${source} has a wrong checksum: it was mistyped or cut`,
      { hint },
    );
  }
  return key;
}

/** A public name for a key: says whether it is the right one, and nothing else about it. */
export function masterKeyId(key: Buffer, vaultId: string): string {
  return deriveKey(key, vaultId, 'key-id').export().toString('hex').slice(0, 32);
}

function checksum(key: Buffer): Buffer {
  return createHash('sha256').update(key).digest().subarray(0, 3);
}
