import { isSystemError, SecretsError } from '../errors.ts';

const notAFolder = 'a part of the path is not a folder';
const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
  EBUSY: 'another program holds it, or it is mounted by itself',
};

/** Turns a failed write into our error, naming the file and what to do. */
export function writeError(error: unknown, path: string): unknown {
  if (!isSystemError(error)) return error;
  const { code } = error;
  if (code === 'EEXIST' && error.syscall !== 'mkdir')
    return new SecretsError('conflict', `"${path}" is there already; it was not touched`, { cause: error });
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new SecretsError(
      'disk_full',
      `no space left to write "${path}"; what was there before is still there`,
      { cause: error },
    );
  }
  return new SecretsError('failed', `cannot write "${path}": ${words[code] ?? code}`, { cause: error });
}
