import { isSystemError, SecretsError } from '../errors.ts';

// https://sqlite.org/rescode.html: the low byte of an extended code is the primary code.
const sqlite = {
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  notadb: 26,
} as const;

/** Turns what the database or the file system threw into our error; our own errors pass through. */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof SecretsError) return error;
  const code = sqliteCode(error);
  if (code !== undefined) return fromSqlite(code, path, error);
  if (isSystemError(error)) return fromSystem(error, path);
  return error;
}

function sqliteCode(error: unknown): number | undefined {
  const errcode = (error as { errcode?: unknown } | null)?.errcode;
  // The shared memory of the log could not grow: SQLITE_IOERR_SHMSIZE.
  if (errcode === 4874) return sqlite.full;
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}

function fromSqlite(code: number, path: string, cause: unknown): SecretsError {
  switch (code) {
    case sqlite.busy:
    case sqlite.locked:
      return new SecretsError('vault_busy', `another process keeps the vault ${path} locked`, {
        cause,
        hint: 'try again; see who has it open: lsof ' + path,
      });
    case sqlite.readonly:
    case sqlite.cantopen:
      return readOnly(path, cause);
    case sqlite.corrupt:
    case sqlite.notadb:
      return new SecretsError('vault_damaged', `the vault ${path} is damaged or cut short`, {
        cause,
        hint: 'it was not touched; put a backup in its place, or name another file in SECRETS_VAULT',
      });
    case sqlite.full:
      return diskFull(path, cause);
    case sqlite.ioerr:
      return new SecretsError('failed', `the disk could not read or write the vault ${path}`, { cause });
    default:
      return new SecretsError('failed', `the vault ${path} answered with SQLite error ${code}`, { cause });
  }
}

function fromSystem(error: { code: string }, path: string): SecretsError {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return diskFull(path, error);
  if (['EACCES', 'EPERM', 'EROFS'].includes(error.code)) return readOnly(path, error);
  return new SecretsError('failed', `cannot make the vault ${path}: ${error.code}`, {
    cause: error,
    hint: 'name another file in SECRETS_VAULT, or another folder in XDG_DATA_HOME',
  });
}

/** We make no triggers and no views: one that is there would run with every write of ours. */
export function foreignCode(path: string): SecretsError {
  return new SecretsError(
    'vault_damaged',
    `something else than this program put code into the vault ${path}`,
    {
      hint: 'it was not run; put a backup of the vault in its place',
    },
  );
}

function readOnly(path: string, cause: unknown): SecretsError {
  return new SecretsError(
    'vault_read_only',
    `the vault ${path} cannot be written, and every read is recorded in it`,
    {
      cause,
      hint: `give yourself back the right to write: chmod 600 ${path}`,
    },
  );
}

function diskFull(path: string, cause: unknown): SecretsError {
  return new SecretsError('disk_full', `no space left for the vault ${path}; nothing was changed`, {
    cause,
    hint: 'free some space and run the command again',
  });
}
