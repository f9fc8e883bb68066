import { SecretsError } from '../errors.ts';

/** Certificates of a file that come on top of those that Node trusts anyway. Throws `invalid` for a file that holds none. */
export function trustedWith(pem: string, file: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0 || !found.every(isCertificate)) {
    throw new SecretsError('invalid', `"${file}" does not hold certificates`, {
      hint: 'a CA file is text that starts with -----BEGIN CERTIFICATE-----',
    });
  }
  return [...process.getBuiltinModule('node:tls').getCACertificates('default'), ...found];
}

function isCertificate(pem: string): boolean {
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  try {
    return new X509Certificate(pem).subject !== '';
  } catch {
    return false;
  }
}

/** What is wrong with the certificate, and its cure; undefined for an error that is not about it. */
export function untrusted(origin: string, error: unknown): SecretsError | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  const fault = code === undefined ? undefined : faults[code];
  if (!fault) return undefined;
  const [what, cure] = fault;
  return new SecretsError('server_untrusted', `the certificate of ${origin} ${what}`, {
    cause: error,
    hint: [cure].flat(),
  });
}

const trustIt = [
  'if it is yours, trust the certificate or its authority: --ca-file FILE, or SECRETS_CA_FILE',
  'if you did not expect this, somebody may stand between you and the server: ask who runs it',
];
const unknownAuthority = ['is from an authority that is not known here', trustIt] as const;

const faults: Record<string, readonly [what: string, cure: string | readonly string[]]> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: ['is signed by itself alone', trustIt],
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  INVALID_CA: unknownAuthority,
  CERT_UNTRUSTED: unknownAuthority,
  CERT_SIGNATURE_FAILURE: unknownAuthority,
  CERT_HAS_EXPIRED: ['has expired', 'who runs the server must renew it; is the clock of this machine right?'],
  CERT_NOT_YET_VALID: ['is not valid yet', 'is the clock of this machine right?'],
  CERT_REVOKED: ['was revoked', 'who runs the server must replace it'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'is for another host name',
    'use a name that stands in the certificate, or have this one added to it',
  ],
};
