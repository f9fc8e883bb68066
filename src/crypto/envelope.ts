import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { SecretsError } from '../errors.ts';

/**
 * Sealing: AES-256-GCM, a random 96-bit nonce a message, and associated data that says where the ciphertext belongs,
 * so that a row moved elsewhere does not open. docs/format.md is this file in prose, and frozen; test/vectors hold it.
 *
 *   sealed = 0x01 ‖ nonce (12) ‖ ciphertext ‖ tag (16)
 *
 * A data key seals at most 2^32 messages (NIST SP 800-38D, 8.3): a new project gets a new one.
 */
const formatVersion = 1;
const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

export type Sealed = Uint8Array;

/** Where a sealed value belongs. */
export interface ValuePlace {
  readonly projectId: string;
  readonly environmentId: string;
  readonly name: string;
  readonly version: number;
}

/** Where a snapshot belongs. */
export interface SnapshotPlace {
  readonly projectId: string;
  readonly environmentId: string;
  readonly revision: number;
}

/** A new random 256-bit key. */
export function newKey(): Buffer {
  return randomBytes(keyBytes);
}

/** A key for one purpose out of the master key: HKDF-SHA256 (RFC 5869), salted with the vault id. */
export function deriveKey(
  masterKey: Buffer,
  vaultId: string,
  purpose: 'wrap' | 'audit' | 'key-id',
): KeyObject {
  const bits = hkdfSync('sha256', masterKey, vaultId, `team-secrets v1 ${purpose}`, keyBytes);
  return createSecretKey(Buffer.from(bits));
}

/** Seals one value for one place. */
export function sealValue(dataKey: KeyObject, place: ValuePlace, text: string): Sealed {
  return seal(dataKey, valueContext(place), Buffer.from(text, 'utf8'));
}

/** Opens what `sealValue` made for the same place; throws `vault_damaged` for any other. */
export function openValue(dataKey: KeyObject, place: ValuePlace, sealed: Sealed): string {
  return open(dataKey, valueContext(place), sealed).toString('utf8');
}

/** Seals a whole environment at one revision, as one text. */
export function sealSnapshot(dataKey: KeyObject, place: SnapshotPlace, text: string): Sealed {
  return seal(dataKey, snapshotContext(place), Buffer.from(text, 'utf8'));
}

/** Opens what `sealSnapshot` made for the same environment and revision, as UTF-8; throws `vault_damaged` for any other. */
export function openSnapshot(dataKey: KeyObject, place: SnapshotPlace, sealed: Sealed): Buffer {
  return open(dataKey, snapshotContext(place), sealed);
}

/** Wraps a project's data key. */
export function wrapDataKey(wrappingKey: KeyObject, projectId: string, dataKey: Buffer): Sealed {
  return seal(wrappingKey, context('data key', projectId), dataKey);
}

/** Unwraps a project's data key; throws `vault_damaged` when it was wrapped for another project or by another key. */
export function unwrapDataKey(wrappingKey: KeyObject, projectId: string, sealed: Sealed): KeyObject {
  const bits = open(wrappingKey, context('data key', projectId), sealed);
  const key = createSecretKey(bits);
  bits.fill(0);
  return key;
}

/** Seals any bytes under a context; the other functions of this file are this one with a context of their own. */
export function seal(key: KeyObject, associated: Buffer, plain: Buffer): Sealed {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associated);
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([Buffer.of(formatVersion), nonce, body, cipher.getAuthTag()]);
}

/** Opens what `seal` made; throws `vault_damaged` when the key, the context or any byte differs. */
export function open(key: KeyObject, associated: Buffer, sealed: Sealed): Buffer {
  if (!(sealed instanceof Uint8Array)) throw new SecretsError('vault_damaged', 'a sealed value is not bytes');
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < 1 + nonceBytes + tagBytes)
    throw new SecretsError('vault_damaged', 'a sealed value is cut short');
  if (bytes[0] !== formatVersion) {
    throw new SecretsError(
      'vault_damaged',
      `a sealed value has format ${bytes[0]}; this program knows ${formatVersion}`,
    );
  }
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(associated);
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const plain = decipher.update(bytes.subarray(1 + nonceBytes, -tagBytes));
  try {
    decipher.final();
  } catch (cause) {
    throw new SecretsError(
      'vault_damaged',
      'a sealed value does not open: it was changed, or moved from another place',
      {
        cause,
      },
    );
  }
  return plain;
}

/** Associated data: each part with its length before it, so that no two lists of parts give the same bytes. */
export function context(...parts: readonly string[]): Buffer {
  const fields = ['team-secrets v1', ...parts];
  const bytes = Buffer.allocUnsafe(fields.reduce((sum, part) => sum + 4 + Buffer.byteLength(part), 0));
  let at = 0;
  for (const part of fields) {
    const length = bytes.write(part, at + 4);
    bytes.writeUInt32BE(length, at);
    at += 4 + length;
  }
  return bytes;
}

function snapshotContext({ projectId, environmentId, revision }: SnapshotPlace): Buffer {
  return context('snapshot', projectId, environmentId, String(revision));
}

function valueContext({ projectId, environmentId, name, version }: ValuePlace): Buffer {
  return context('value', projectId, environmentId, name, String(version));
}
