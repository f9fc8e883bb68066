import { closeSync, existsSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SecretsError } from '../errors.ts';

/** How long a writer waits for another process, in milliseconds. */
const busyTimeout = 5000;
const magic = 'SQLite format 3\0';
const headerBytes = 100;

/**
 * Makes or looks at the file before SQLite does, so that it is born 0600 and so that nothing foreign is touched.
 * Returns whether it is empty yet. Throws `no_vault`, `vault_damaged`, or what the file system says.
 */
export function prepareFile(path: string, create: boolean): boolean {
  if (!existsSync(path)) {
    if (!create)
      throw new SecretsError('no_vault', `there is no vault at ${path}`, { hint: 'make one: secrets init' });
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    return true;
  }
  if (!statSync(path).isFile()) throw notAVault(path);
  const head = Buffer.alloc(headerBytes);
  const fd = openSync(path, 'r');
  const length = readSync(fd, head);
  closeSync(fd);
  if (length === 0) return true;
  if (length < headerBytes || head.toString('latin1', 0, magic.length) !== magic) throw notAVault(path);
  return false;
}

/** Opens the file: WAL from birth, full sync, deleted rows overwritten, foreign keys on (the default of node:sqlite). */
export function connect(path: string, empty: boolean): DatabaseSync {
  const file = new DatabaseSync(path, { timeout: busyTimeout });
  if (empty) file.exec('PRAGMA journal_mode = WAL');
  file.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  return file;
}

function notAVault(path: string): SecretsError {
  return new SecretsError('vault_damaged', `${path} is not a vault`, {
    hint: 'it was not touched; put a backup in its place, or name another file in SECRETS_VAULT',
  });
}
