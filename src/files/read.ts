import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { isSystemError, SecretsError } from '../errors.ts';

/**
 * Reads UTF-8 text byte for byte (a BOM stays). Throws `invalid` for anything else, naming `what` it was to be, and
 * `too_large` before it reads more than `limit` bytes.
 */
export function readText(path: string, what = 'file', limit = Infinity): string {
  return decodeText(readBytes(path, what, limit), `"${path}"`);
}

/**
 * Reads a file the user named, or a pipe. Throws `invalid` where there is none or it cannot be read, `too_large` for more
 * than `limit` bytes.
 */
export function readBytes(path: string, what = 'file', limit = Infinity): Buffer {
  try {
    return limit === Infinity ? readFileSync(path) : readUpTo(path, what, limit);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const why =
      { ENOENT: 'there is none', EISDIR: 'it is a folder', EACCES: 'permission denied' }[error.code] ??
      error.code;
    throw new SecretsError('invalid', `cannot read the ${what} "${path}": ${why}`, { cause: error });
  }
}

function readUpTo(path: string, what: string, limit: number): Buffer {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    const facts = fstatSync(fd);
    const parts: Buffer[] = [];
    // The size of a pipe is not known before its end.
    for (let total = facts.isFile() ? facts.size : 0; total <= limit;) {
      const part = Buffer.allocUnsafe(64 * 1024);
      const length = readSync(fd, part);
      if (length === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, length));
      total = facts.isFile() ? total : total + length;
    }
    throw new SecretsError('too_large', `the ${what} "${path}" is over ${limit} bytes`);
  } finally {
    closeSync(fd);
  }
}

/** Reads the text of a plain file of at most `limit` bytes; never waits on a pipe, never drains a device. */
export function readPlain(path: string, what: string, limit: number): string {
  return decodeText(readPlainBytes(path, what, limit), `"${path}"`);
}

/** As `readPlain`, where it need not be UTF-8. */
export function readPlainBytes(path: string, what: string, limit: number): Buffer {
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) throw new SecretsError('invalid', `the ${what} "${path}" is not a plain file`);
    if (facts.size > limit)
      throw new SecretsError('too_large', `the ${what} "${path}" is over ${limit} bytes`);
    return readFileSync(fd);
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
