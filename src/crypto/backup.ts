import { createSecretKey, type KeyObject, randomBytes, scrypt } from 'node:crypto';
import { SecretsError } from '../errors.ts';
import { context, open, seal } from './envelope.ts';

/**
 * A backup of the master key under a passphrase. scrypt with N = 2^17, r = 8, p = 1 (128 MiB, about a third of a
 * second) is the OWASP password storage recommendation of 2023 and after; the parameters stand in the file.
 */
const cost = { N: 2 ** 17, r: 8, p: 1 };
/** A file that asks for more than this is refused, not obeyed: the parameters are not trusted before the tag is. */
const maxMemory = 512 * 1024 * 1024;
export const minPassphraseLength = 12;

export interface KeyBackup {
  readonly format: 'team-secrets key backup';
  readonly version: 1;
  readonly vaultId: string;
  readonly scrypt: { readonly N: number; readonly r: number; readonly p: number; readonly salt: string };
  readonly sealed: string;
}

/** Seals the master key under a passphrase of at least 12 characters. */
export async function sealBackup(masterKey: Buffer, vaultId: string, passphrase: string): Promise<KeyBackup> {
  const salt = randomBytes(16);
  const key = await stretch(passphrase, salt, cost);
  const sealed = seal(key, context('key backup', vaultId), masterKey);
  return {
    format: 'team-secrets key backup',
    version: 1,
    vaultId,
    scrypt: { ...cost, salt: salt.toString('base64') },
    sealed: Buffer.from(sealed).toString('base64'),
  };
}

/** Opens a backup. Throws `key_wrong` when the passphrase is not the one. */
export async function openBackup(backup: KeyBackup, passphrase: string): Promise<Buffer> {
  const { N, r, p } = backup.scrypt;
  const key = await stretch(passphrase, Buffer.from(backup.scrypt.salt, 'base64'), { N, r, p });
  try {
    return open(key, context('key backup', backup.vaultId), Buffer.from(backup.sealed, 'base64'));
  } catch (cause) {
    throw new SecretsError('key_wrong', 'the backup does not open: a wrong passphrase, or a changed file', {
      cause,
    });
  }
}

/** Reads the text of a backup file; `source` names it. Throws `invalid`. */
export function parseBackup(text: string, source: string): KeyBackup {
  let parsed: Partial<KeyBackup> | null = null;
  try {
    parsed = JSON.parse(text) as Partial<KeyBackup>;
  } catch {
    // Said below, without the text: it is somebody's key.
  }
  const numbers = [parsed?.scrypt?.N, parsed?.scrypt?.r, parsed?.scrypt?.p];
  const whole =
    parsed?.format === 'team-secrets key backup' &&
    parsed.version === 1 &&
    numbers.every((n) => Number.isSafeInteger(n) && n! > 0);
  const strings = [parsed?.vaultId, parsed?.sealed, parsed?.scrypt?.salt].every((s) => typeof s === 'string');
  if (!whole || !strings) {
    throw new SecretsError('invalid', `"${source}" is not a key backup`, {
      hint: 'it is the file that `secrets key export` wrote',
    });
  }
  return parsed as KeyBackup;
}

async function stretch(passphrase: string, salt: Buffer, { N, r, p }: typeof cost): Promise<KeyObject> {
  if (128 * N * r * p > maxMemory)
    throw new SecretsError('invalid', 'the key backup asks for too much memory');
  if (N < 2 || N > 2 ** 20 || (N & (N - 1)) !== 0 || r > 32 || p > 16)
    throw new SecretsError('invalid', 'the key backup has a cost that scrypt does not have');
  return new Promise((resolve, reject) => {
    scrypt(
      passphrase.normalize('NFKC'),
      salt,
      32,
      { N, r, p, maxmem: maxMemory + 1024 * 1024 },
      (error, key) => (error ? reject(error) : resolve(createSecretKey(key))),
    );
  });
}
