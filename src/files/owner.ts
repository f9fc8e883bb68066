import { fchownSync, fstatSync, type Stats } from 'node:fs';
import { isSystemError, SecretsError } from '../errors.ts';

/**
 * Gives a file that is to replace another the owner and the group of that one: a pull by root must not lock the owner of
 * a checkout out of their own file. Throws `failed` where the owner cannot be kept. A group that may not be given is let
 * go where the mode gives it nothing.
 */
export function keepOwner(fd: number, { uid, gid }: Stats, path: string): void {
  const now = fstatSync(fd);
  if (now.uid === uid && now.gid === gid) return;
  try {
    fchownSync(fd, uid, gid);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (now.uid === uid && (now.mode & 0o070) === 0) return;
    throw new SecretsError('failed', `cannot write "${path}": it belongs to another user of this machine`, {
      cause: error,
      hint: 'remove it first, or let its owner do this',
    });
  }
}
