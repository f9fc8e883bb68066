import type { FastifyRequest } from 'fastify';
import type { Origin } from '../api/team.ts';
import { credentialHash, isToken, tokenPrefix } from '../crypto/token.ts';
import { oneLine, SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { ServedApi } from '../vault/calls.ts';
import type { Vault } from '../vault/vault.ts';
import { addressOf, networkOf } from './addresses.ts';
import type { Attempts, Presented } from './attempts.ts';

/** Longest text, in characters, that a client may tell of itself. */
const toldChars = 200;
/** A token has 51 characters; what is longer than this is not even looked at. */
const bearer = /^Bearer +([A-Za-z0-9_-]{1,128}) *$/i;

/** What a server needs of a vault. */
export type ServedVault = Pick<Vault, 'withTokenHash' | 'redeem' | 'ready'>;

/** Who sent a request, as far as can be told without asking the vault. */
export interface Caller extends Presented {
  /** SHA-256 of the token, which itself is not kept. */
  readonly digest: Buffer;
  readonly origin: Origin;
}

/** Finds out who calls: the vault decides in the transaction of the call, this keeps those away who guess. */
export class Callers {
  readonly #vault: ServedVault;
  readonly #attempts: Attempts;
  readonly #behindProxy: boolean;

  constructor(vault: ServedVault, attempts: Attempts, behindProxy: boolean) {
    this.#vault = vault;
    this.#attempts = attempts;
    this.#behindProxy = behindProxy;
  }

  /** Reads the token of a request. Throws `not_logged_in` for what cannot be one, and `rate_limited`. */
  present(request: FastifyRequest): Caller {
    const origin = this.originOf(request);
    const address = networkOf(origin.address!);
    const text = bearer.exec(request.headers.authorization ?? '')?.[1];
    if (text === undefined) throw this.#none(address, request.headers.authorization);
    const token = new Secret(text);
    const digest = credentialHash(token);
    const caller = { digest, origin, address, prefix: tokenPrefix(token), hash: digest.toString('hex') };
    if (this.#attempts.wasAccepted(caller)) return caller;
    if (!isToken(text)) throw this.#none(address, request.headers.authorization);
    this.#attempts.assertToken(caller);
    return caller;
  }

  /** Does something as the caller of a request. Throws what the vault throws. */
  async as<T>(caller: Caller, work: (team: ServedApi) => Promise<T>): Promise<T> {
    try {
      const result = await work(this.#vault.withTokenHash(caller.digest, caller.origin));
      this.#attempts.accepted(caller);
      return result;
    } catch (error) {
      if (error instanceof SecretsError && error.code === 'not_logged_in') this.#attempts.refused(caller);
      throw error;
    }
  }

  /** Where a request comes from, with what the client tells of itself. */
  originOf(request: FastifyRequest): Origin {
    const { headers } = request.raw;
    const toldHost = told(headers['secrets-client-host']);
    const toldProgram = told(headers['secrets-client-program']);
    return {
      address: addressOf(request.raw, this.#behindProxy),
      ...(toldHost === undefined ? {} : { toldHost }),
      ...(toldProgram === undefined ? {} : { toldProgram }),
      request: request.id,
    };
  }

  #none(address: string, header: string | undefined): SecretsError {
    this.#attempts.assertAddress(address);
    if (header !== undefined) this.#attempts.refusedAddress(address);
    const what = header === undefined ? 'this needs a token' : 'the Authorization header holds no token';
    return new SecretsError('not_logged_in', what, { hint: 'log in: secrets login' });
  }
}

function told(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string' || header === '') return undefined;
  const text = decoded(header.slice(0, 9 * toldChars));
  return oneLine(text.slice(0, toldChars).toWellFormed());
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
