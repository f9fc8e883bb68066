import { SecretsError } from '../errors.ts';
import { type Deadline } from './deadline.ts';
import { maxAnswer, Switched, TooMuch, TooSlow } from './http.ts';
import { notOurs } from './problem.ts';
import { untrusted } from './tls.ts';

/** What went wrong on the way to a server, in our words. Those of Node are not shown: they may quote a proxy's password. */
export function failureOf(error: unknown, origin: string, deadline: Deadline): unknown {
  if (error instanceof SecretsError) return error;
  if (error instanceof TooSlow) {
    return new SecretsError('server_unreachable', `${origin} did not answer within ${deadline.seconds} s`, {
      cause: error,
      hint: 'to wait longer: --timeout SECONDS, or SECRETS_TIMEOUT',
    });
  }
  if (error instanceof TooMuch) {
    const limit = maxAnswer / 1024 / 1024;
    return new SecretsError('too_large', `the answer of ${origin} is over ${limit} MiB`, { cause: error });
  }
  if (error instanceof Switched) {
    return new SecretsError('server_unreachable', `${origin} wants to speak another protocol (101)`, {
      cause: error,
      hint: 'is the address right? what stands before the server must not answer with 101',
    });
  }
  return untrusted(origin, error) ?? unreachable(origin, error);
}

function unreachable(origin: string, error: unknown): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) return error;
  if (code.startsWith('HPE_')) return notOurs(origin, 'what it says is not HTTP', error);
  const [why, hint] = reasons[code] ?? (code.startsWith('ERR_SSL_') || code === 'EPROTO' ? noTls : [code]);
  return new SecretsError('server_unreachable', `cannot reach ${origin}: ${why}`, {
    cause: error,
    ...(hint !== undefined && { hint }),
  });
}

type Reason = readonly [why: string, hint?: string];

const noTls: Reason = ['it does not speak TLS there', 'is the port right, and is it an http:// address?'];
const proxied: Reason = [
  'the proxy does not let it through',
  'see HTTPS_PROXY and HTTP_PROXY; to go past the proxy, name the host in NO_PROXY',
];
const reasons: Record<string, Reason> = {
  ECONNREFUSED: ['nothing listens there', 'is the address right, and is the server running?'],
  ENOTFOUND: ['there is no host of that name', 'is the address right?'],
  EAI_AGAIN: ['the host name could not be looked up', 'is this machine connected?'],
  EHOSTUNREACH: ['there is no way to that host', 'is this machine connected, and in the right network?'],
  ENETUNREACH: ['there is no way to that network', 'is this machine connected?'],
  ECONNRESET: ['the connection was cut off'],
  EPIPE: ['the connection was cut off'],
  ETIMEDOUT: ['it does not answer', 'is this machine connected, and in the right network?'],
  ERR_PROXY_TUNNEL: proxied,
  ERR_PROXY_INVALID_CONFIG: ['the address of the proxy is not one', 'see HTTPS_PROXY and HTTP_PROXY'],
};
