import type { FastifyError } from 'fastify';
import { type ErrorCode, errorTable, SecretsError } from '../errors.ts';
import { RateLimited } from './attempts.ts';

/** How an error is told over the wire: a problem document (RFC 9457). */
export interface Problem {
  readonly status: number;
  /** Seconds, for Retry-After: where nothing was done and it may go better then. */
  readonly retryAfter?: number;
  readonly body: string;
  /** Whether it is for whoever runs the server, and was kept back from the client. */
  readonly ours: boolean;
}

/** Of the server itself: what the client could not have done better. Their words name paths and hosts of this machine. */
const inside = new Set<ErrorCode>(['no_vault', 'not_linked', 'drift']);
/** The vault is there, and its master key is not. */
const keyless = new Set<ErrorCode>(['key_missing', 'key_wrong']);
const hintsFor: Partial<Record<ErrorCode, string>> = {
  outcome_unknown: 'see whether the change was made before you make it again',
  not_ready: 'whoever runs the server: its log says why; has its master key been changed?',
};

/**
 * Words an error. One of ours keeps its words, unless it is about the inside of the server; of any other nothing is told
 * but that there was one. Neither the body nor a value of the request is ever quoted.
 */
export function problemOf(error: unknown, request: { readonly id: string }): Problem {
  const told = asOurs(error);
  const ours = errorTable[told.code].http >= 500 || toldAs(told.code) !== told.code;
  const code = toldAs(told.code);
  const { http: status, meaning } = errorTable[code];
  const retryAfter = retryAfterOf(told);
  const hints = [hintsFor[code] ?? 'ask who runs the server'];
  const body = JSON.stringify({
    type: `urn:team-secrets:error:${code}`,
    title: meaning,
    status,
    detail: ours ? `the server: ${meaning}` : told.message,
    code,
    hints: ours ? hints : told.hints,
    instance: `urn:team-secrets:request:${request.id}`,
  });
  return { status, body, ours, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

/** What is logged of an error: its words where they are ours, and else only its name and where it happened. */
export function traceOf(error: unknown): { code?: string; what: string; at: readonly string[] } {
  if (!(error instanceof Error)) return { what: typeof error, at: [] };
  const at = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const frames = at.slice(0, 8).map((line) => line.trim());
  if (error instanceof SecretsError) return { code: error.code, what: error.message, at: frames };
  const { code } = error as { code?: unknown };
  return { ...(typeof code === 'string' ? { code } : {}), what: error.name, at: frames };
}

function toldAs(code: ErrorCode): ErrorCode {
  if (keyless.has(code)) return 'not_ready';
  return inside.has(code) ? 'failed' : code;
}

/** Seconds, where it is certain that nothing was done. */
function retryAfterOf(error: SecretsError): number | undefined {
  if (error instanceof RateLimited) return error.seconds;
  return error.code === 'vault_busy' || error.code === 'store_unreachable' ? 1 : undefined;
}

function asOurs(error: unknown): SecretsError {
  if (error instanceof SecretsError) return error;
  if (isFastifyError(error)) return fromFastify(error);
  return new SecretsError('failed', 'a bug of ours', { cause: error });
}

function isFastifyError(error: unknown): error is FastifyError {
  const { code, validation } = (error ?? {}) as Partial<FastifyError>;
  return error instanceof Error && (String(code).startsWith('FST_ERR_') || validation !== undefined);
}

function fromFastify(error: FastifyError): SecretsError {
  if (error.validation) return fromSchema(error);
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new SecretsError('usage', 'the body must be of the type application/json');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new SecretsError('too_large', 'the body is over the limit of this request');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return nothingThere();
    default:
      return (error.statusCode ?? 500) < 500
        ? new SecretsError('usage', 'the request cannot be understood')
        : new SecretsError('failed', 'a bug of ours', { cause: error });
  }
}

/** Says where, and what was expected there; never what was there. */
function fromSchema({ validation, validationContext }: FastifyError): SecretsError {
  if (validationContext === 'params') return nothingThere();
  const [first] = validation ?? [];
  const where = `${validationContext ?? 'the request'}${first?.instancePath ?? ''}`;
  return new SecretsError('invalid', `${where} ${first?.message ?? 'is not acceptable'}`);
}

/** What cannot be the name of anything names nothing, whatever it was meant to reach. */
export function nothingThere(): SecretsError {
  return new SecretsError('not_found', 'there is nothing at this address');
}
