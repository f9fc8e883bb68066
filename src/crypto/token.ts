import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';

/**
 * A token as text: `sct_` ‖ base64url(32 random bytes) ‖ base64url(first 3 bytes of their SHA-256). The prefix lets
 * scanners find it; the checksum tells a cut or mistyped one before it is sent anywhere. Stored is the SHA-256 of the text.
 */
const prefix = 'sct_';
/** Loaded late: every command has this file, and not every one a token. */
const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');
const bytes = 32;
const keyChars = 43;
const shape = /^sct_[A-Za-z0-9_-]{47}$/;
/** Characters by which people and log lines tell a token: 24 of its 256 bits. */
const shownChars = 8;

/** A new token. */
export function newToken(): Secret {
  const bits = crypto().randomBytes(bytes);
  return new Secret(prefix + bits.toString('base64url') + checksum(bits).toString('base64url'));
}

/** Reads a token; `source` names where the text came from. Throws `invalid` for what cannot be one. */
export function parseToken(text: string, source: string): Secret {
  const trimmed = text.trim();
  if (isToken(trimmed)) return new Secret(trimmed);
  throw new SecretsError('invalid', `${source} does not hold a token, or one that was cut or mistyped`, {
    hint: 'a token starts with sct_ and has 51 characters',
  });
}

/** Whether a text has the shape and the checksum of a token. */
export function isToken(text: string): boolean {
  if (!shape.test(text)) return false;
  const bits = Buffer.from(text.slice(prefix.length, prefix.length + keyChars), 'base64url');
  return crypto().timingSafeEqual(
    checksum(bits),
    Buffer.from(text.slice(prefix.length + keyChars), 'base64url'),
  );
}

/** What the store keeps in place of a token or a code: SHA-256. Both have too many bits to be guessed from it. */
export function credentialHash(credential: Secret): Buffer {
  return crypto().hash('sha256', credential.reveal(), 'buffer');
}

/** What may be shown of a token. */
export function tokenPrefix(token: Secret): string {
  return token.reveal().slice(0, shownChars);
}

function checksum(bits: Uint8Array): Buffer {
  return crypto().hash('sha256', bits, 'buffer').subarray(0, 3);
}
