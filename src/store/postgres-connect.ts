import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { SecretsError } from '../errors.ts';

/** Milliseconds. The longest that a statement, a lock, a transaction that does nothing, and a connection may take. */
const limits = {
  statement_timeout: 30_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 15_000,
  connectionTimeoutMillis: 5_000,
  /** Ours, longer than the server's: for a server that went away without a word. */
  query_timeout: 35_000,
};

/** As pg_type has them. */
const types = { bytea: 17, int8: 20 };

/** How to connect, and what to call the database in an error: never by its URL, which has a password in it. */
export interface Way {
  readonly config: pg.ClientConfig;
  readonly place: string;
}

/**
 * Reads a URL `postgres://user:password@host:port/name?…`. TLS is as pg reads `sslmode`: `disable` is without, and
 * `require`, `verify-ca` and `verify-full` all check the certificate and the name; `no-verify` checks neither;
 * `sslrootcert` names a file with the authority. Without `sslmode`: no TLS. Throws `invalid`.
 */
export function wayTo(url: string): Way {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new Error('another scheme');
    const client = new pg.Client(configOf(url));
    const { host, port, database } = client;
    const config = { ...configOf(withoutTls(url)), ...tlsOf(client) };
    return { config, place: `${host}:${port}/${database}` };
  } catch (cause) {
    // The cause may quote the URL.
    const system = (cause as NodeJS.ErrnoException).syscall ? `: ${(cause as Error).message}` : '';
    throw new SecretsError('invalid', `the URL of the database cannot be used${system}`, {
      hint: 'write it as postgres://user:password@host:5432/name',
    });
  }
}

function configOf(connectionString: string): pg.ClientConfig {
  return {
    ...limits,
    connectionString,
    application_name: 'team-secrets',
    keepAlive: true,
    // Statements that do not need each other's answers travel together.
    pipeline: true,
    types: { getTypeParser: parserOf },
  };
}

/**
 * TLS as pg has read it from the URL. That the certificate is checked is said in so many words, unless `no-verify` says that
 * it is not: else NODE_TLS_REJECT_UNAUTHORIZED would switch the check off.
 */
function tlsOf(client: object): pg.ClientConfig {
  const { ssl, sslNegotiation } = client as { ssl: unknown; sslNegotiation?: 'postgres' | 'direct' };
  if (!ssl) return { ssl: false };
  const given = typeof ssl === 'object' ? (ssl as ConnectionOptions) : {};
  const { key } = given; // pg hides it from being copied
  return {
    ssl: { rejectUnauthorized: true, ...given, ...(key !== undefined && { key }) },
    ...(sslNegotiation !== undefined && { sslnegotiation: sslNegotiation }),
  };
}

/** What the URL says goes before what is given beside it, so it must not say it. */
function withoutTls(url: string): string {
  const [address = '', ...query] = url.split('?');
  const fields = query.join('?').split('&');
  const others = fields.filter(
    (it) => !/^(ssl|uselibpqcompat)/.test([...new URLSearchParams(it).keys()][0] ?? ''),
  );
  return others.length === 0 ? address : `${address}?${others.join('&')}`;
}

/** The types of JavaScript that SQLite gives, too: counts are numbers, bytes are plain. */
function parserOf(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  const usual: (text: string) => unknown = pg.types.getTypeParser(oid, format);
  if (oid === types.int8) return Number;
  if (oid !== types.bytea) return usual;
  return (text) => {
    const bytes = usual(text) as Buffer;
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  };
}
