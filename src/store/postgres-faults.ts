import { isSystemError, SecretsError } from '../errors.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html, and what node:net says of a connection.
const unreachable =
  /^(08...|57P0[1-5]|25P03|53300|E(CONN\w+|TIMEDOUT|PIPE|HOST\w+|NET\w+|NOTFOUND|AI_AGAIN|NOENT))$/;
const busy = /^(55P03|57014|40P01|40001)$/;
const untrusted = /CERT|SIGNATURE|_TLS_|_SSL_/;
const damaged = /^XX00[12]$/;
/** Of the client library, which gives these no code. */
const lost =
  /^(Connection terminated|timeout exceeded|Query read timeout|Client (has encountered|was closed))/;

/** Turns what PostgreSQL or the way to it threw into our error; our own pass through. `place` has no password in it. */
export function postgresError(error: unknown, place: string): unknown {
  if (error instanceof SecretsError || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code === undefined && lost.test(error.message)) return notReached(place, error);
  if (code === undefined && error.message.startsWith('SASL')) return refused(place, error);
  if (code === undefined && error.message.includes('SSL connections')) return noTls(place, error);
  return code === undefined ? error : fromCode(code, place, error);
}

/** Whether a connection that threw this is of no more use: another process has changed the tables under its statements. */
export function isOutdated(error: unknown): boolean {
  return error instanceof Error && ['0A000', '26000'].includes(codeOf(error) ?? '');
}

/** Lost between COMMIT and its answer. It is not tried again: it may have been done. */
export function uncertain(error: SecretsError, place: string): SecretsError {
  return new SecretsError(
    'outcome_unknown',
    `the database ${place} went away while it committed; the change was made or it was not`,
    { cause: error, hint: 'look whether it was made before you make it again' },
  );
}

function codeOf(error: Error): string | undefined {
  // Several addresses of one name: each has failed, and says so in its own error.
  const one: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = (one as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

function fromCode(code: string, place: string, cause: Error): SecretsError {
  if (unreachable.test(code)) return notReached(place, cause);
  if (busy.test(code))
    return new SecretsError('vault_busy', `the database ${place} kept this waiting for too long`, {
      cause,
      hint: 'try again; see what holds the lock: SELECT * FROM pg_stat_activity',
    });
  if (damaged.test(code))
    return new SecretsError('vault_damaged', `the database ${place} says that its data is damaged`, {
      cause,
    });
  if (untrusted.test(code))
    return new SecretsError('failed', `the certificate of the database ${place} is not trusted: ${code}`, {
      cause,
      hint: 'name the file with its authority: add ?sslmode=verify-full&sslrootcert=FILE to the URL',
    });
  return named(code, place, cause) ?? other(code, place, cause);
}

function named(code: string, place: string, cause: Error): SecretsError | undefined {
  switch (code) {
    case '25006':
      return new SecretsError('vault_read_only', `the database ${place} takes no writes`, {
        cause,
        hint: 'name its primary server in --database, not a standby',
      });
    case '53100':
      return new SecretsError('disk_full', `no space left for the database ${place}; nothing was changed`, {
        cause,
        hint: 'free some space where it runs',
      });
    case '42501':
      return new SecretsError('failed', `the user of the database ${place} may not do this`, {
        cause,
        hint: 'make it the owner of the schema, or GRANT ALL ON SCHEMA … TO …',
      });
    case '28P01':
    case '28000':
      return refused(place, cause);
    case '3D000':
      return new SecretsError('failed', `there is no such database: ${place}`, {
        cause,
        hint: 'make it: createdb NAME',
      });
    case '3F000':
      return new SecretsError('failed', `the search path of ${place} names no schema that is there`, {
        cause,
        hint: 'make it: CREATE SCHEMA …',
      });
    default:
      return undefined;
  }
}

function other(code: string, place: string, cause: Error): SecretsError {
  const what = isSystemError(cause)
    ? `cannot connect to the database ${place}: ${code}`
    : `the database ${place} answered with error ${code}`;
  return new SecretsError('failed', what, { cause });
}

function notReached(place: string, cause: Error): SecretsError {
  return new SecretsError('store_unreachable', `the database ${place} does not answer`, {
    cause,
    hint: 'see whether it runs: pg_isready',
  });
}

function refused(place: string, cause: Error): SecretsError {
  return new SecretsError('failed', `the database ${place} refused the login`, {
    cause,
    hint: 'check the user and the password in --database, and pg_hba.conf of the server',
  });
}

function noTls(place: string, cause: Error): SecretsError {
  return new SecretsError('failed', `the database ${place} does not speak TLS, and its URL asks for it`, {
    cause,
    hint: 'turn it on there (ssl = on), or say sslmode=disable where nobody can listen',
  });
}
