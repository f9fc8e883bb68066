import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { isSystemError, SecretsError } from '../errors.ts';

/** Reads UTF-8 text byte for byte (a BOM stays). Throws `invalid` for anything else, naming `what` it was to be. */
export function readText(path: string, what = 'file'): string {
  return decodeText(readBytes(path, what), `"${path}"`);
}

/** Reads a file the user named. Throws `invalid` where there is none or it cannot be read. */
export function readBytes(path: string, what = 'file'): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const why =
      { ENOENT: 'there is none', EISDIR: 'it is a folder', EACCES: 'permission denied' }[error.code] ??
      error.code;
    throw new SecretsError('invalid', `cannot read the ${what} "${path}": ${why}`, { cause: error });
  }
}

/** Reads the text of a plain file of at most `limit` bytes; never waits on a pipe, never drains a device. */
export function readPlain(path: string, what: string, limit: number): string {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) throw new SecretsError('invalid', `the ${what} "${path}" is not a plain file`);
    if (facts.size > limit)
      throw new SecretsError('too_large', `the ${what} "${path}" is over ${limit} bytes`);
    return decodeText(readFileSync(fd), `"${path}"`);
  } finally {
    closeSync(fd);
  }
}

/** Decodes UTF-8 strictly; `source` names where the bytes came from. */
export function decodeText(bytes: Uint8Array, source: string): string {
  if (!isUtf8(bytes)) {
    throw new SecretsError('invalid', `${source} is not valid UTF-8`, {
      hint: 'store binary data as base64',
    });
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
