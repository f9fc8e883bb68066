import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { SecretsError } from '../errors.ts';

/** How long a writer waits for another process, in milliseconds. The whole process waits with it. */
const busyTimeout = 5000;
const magic = 'SQLite format 3\0';
const headerBytes = 100;
const untouched = 'it was not touched; put a backup in its place, or name another file in SECRETS_VAULT';

/** Whether there is a file; unlike existsSync, a folder that may not be entered is an error, not a no. */
export function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Opens a file that is there. Throws `no_vault`, or `vault_damaged` for what is no database; neither is touched. */
export function connect(path: string): DatabaseSync {
  if (!isThere(path))
    throw new SecretsError('no_vault', `there is no vault at ${path}`, { hint: 'make one: secrets init' });
  assertDatabase(path);
  return configured(path);
}

/** Makes a new file, 0600, with a write-ahead log from birth. Throws the file system's EEXIST where there is one. */
export function create(path: string): DatabaseSync {
  closeSync(openSync(path, 'wx', 0o600));
  const file = configured(path);
  file.exec('PRAGMA journal_mode = WAL');
  return file;
}

/**
 * Empties the write-ahead log, which may still hold deleted rows as they were. Answers false where a reader elsewhere needs
 * the log; without `patience`, it does not wait for that one.
 */
export function emptyLog(file: DatabaseSync, patience = false): boolean {
  if (!patience) file.exec('PRAGMA busy_timeout = 0');
  try {
    return file.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy === 0;
  } finally {
    if (!patience) file.exec(`PRAGMA busy_timeout = ${busyTimeout}`);
  }
}

/**
 * Full sync, deleted rows overwritten; no function runs that a file brings in its schema. Foreign keys are on by the
 * default of node:sqlite.
 */
function configured(path: string): DatabaseSync {
  const file = new DatabaseSync(path, { timeout: busyTimeout });
  file.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF');
  return file;
}

function assertDatabase(path: string): void {
  const facts = statSync(path);
  if (!facts.isFile()) throw notAVault(path);
  const head = Buffer.alloc(headerBytes);
  const fd = openSync(path, 'r');
  const length = readSync(fd, head);
  closeSync(fd);
  if (length < headerBytes || head.toString('latin1', 0, magic.length) !== magic) throw notAVault(path);
  // Offset 16 of the header: the page size, where 1 stands for 65,536. A whole file is a number of pages.
  const page = head.readUInt16BE(16);
  if (facts.size % (page === 1 ? 65_536 : page) !== 0 && !isThere(`${path}-wal`)) throw cutShort(path);
}

function cutShort(path: string): SecretsError {
  return new SecretsError('vault_damaged', `the vault ${path} is cut short`, { hint: untouched });
}

function notAVault(path: string): SecretsError {
  return new SecretsError('vault_damaged', `${path} is not a vault`, {
    hint: untouched,
  });
}
