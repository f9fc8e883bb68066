import { SecretsError } from '../errors.ts';

/**
 * A server is named by its origin: scheme, host and port, and nothing else. What has a path, a query or a password is
 * refused and not quoted: it may be a secret, and a token is bound to an origin, not to a path on it.
 */
export function originIn(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') return undefined;
  // Compared with what was typed: URL drops an empty password, query or fragment.
  const bare = /^https?:\/\/[^/?#@\\\s]+\/?$/i.test(text.trim());
  return bare && url.pathname === '/' ? url.origin : undefined;
}

/** Reads the address of a server; `source` names where it came from. Throws `invalid`. */
export function parseOrigin(text: string, source: string): string {
  const origin = originIn(text);
  if (origin !== undefined) return origin;
  throw new SecretsError('invalid', `${source} is not the address of a server`, {
    hint: 'write it like https://secrets.example.com or, on this machine, http://127.0.0.1:7700: no path, no query, no user, no password',
  });
}

/** Throws `invalid` for plain HTTP that leaves this machine, unless the user has consented. */
export function assertEncrypted(origin: string, consent: boolean): void {
  if (origin.startsWith('https:') || consent || isLoopback(origin)) return;
  throw new SecretsError(
    'invalid',
    `${origin} is not encrypted: whoever is on the way can read every secret`,
    {
      hint: [
        `use its https address: ${origin.replace(/^http:/, 'https:')}`,
        'or, in a network that you trust: --insecure-http',
      ],
    },
  );
}

/** Whether the origin is on this machine: 127.0.0.0/8, ::1 or localhost. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
