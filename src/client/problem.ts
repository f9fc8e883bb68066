import { type ErrorCode, errorTable, oneLine, SecretsError } from '../errors.ts';
import type { HttpAnswer } from './http.ts';
import { retryAfter } from './retry.ts';

/** Longest message or hint that is taken over, in characters, and the most hints. */
const [longestText, mostHints] = [600, 8];

/**
 * The error that an answer tells. A problem document of ours becomes the error that the vault threw; anything else was
 * written by somebody in between, and is told by its status alone.
 */
export function problemIn(answer: HttpAnswer, origin: string): SecretsError {
  return told(answer) ?? foreign(answer, origin);
}

/** It answered, but with something that our server would not say. `what` tells it in a few words of ours. */
export function notOurs(origin: string, what: string, cause?: unknown): SecretsError {
  return new SecretsError('failed', `${origin} answers, but is not a secrets server (${what})`, {
    cause,
    hint: 'check the address: secrets whoami shows which is used, and what named it',
  });
}

function told({ status, headers, body }: HttpAnswer): SecretsError | undefined {
  if (!/^application\/problem\+json\b/i.test(headers['content-type'] ?? '')) return undefined;
  const { code, detail, hints } = parse(body);
  if (!isCode(code) || errorTable[code].http !== status || typeof detail !== 'string') return undefined;
  const wait = retryAfter(headers['retry-after']);
  const taken = Array.isArray(hints) ? hints.filter((hint) => typeof hint === 'string') : [];
  const hint = taken.slice(0, mostHints).map(short);
  if (wait !== undefined && hint.length === 0) hint.push(`try again in ${Math.ceil(wait / 1000)} s`);
  return new SecretsError(code, short(detail), { hint });
}

/** Codes from 125 on are about this machine: the exit status of `run` tells them apart from the program's own. */
function isCode(code: unknown): code is ErrorCode {
  return (
    typeof code === 'string' && Object.hasOwn(errorTable, code) && errorTable[code as ErrorCode].exit < 125
  );
}

function foreign({ status, headers }: HttpAnswer, origin: string): SecretsError {
  const kind = oneLine((headers['content-type'] ?? 'no content type').slice(0, 60));
  if (status === 407)
    return new SecretsError('server_unreachable', 'the proxy wants to know who you are (407)');
  if (status === 429) return new SecretsError('rate_limited', `${origin} turns requests away for now (429)`);
  if ([502, 503, 504].includes(status))
    return new SecretsError(
      'server_unreachable',
      `${origin} is not there: what stands before it says ${status}`,
    );
  return notOurs(origin, `status ${status}, ${kind}`);
}

function parse(body: Buffer): Record<string, unknown> {
  try {
    const parsed = JSON.parse(body.toString('utf8')) as unknown;
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function short(text: string): string {
  const line = oneLine(text.slice(0, longestText));
  return text.length > longestText ? `${line}…` : line;
}
