import { isSystemError } from '../errors.ts';
import type { Deadline } from './deadline.ts';
import type { HttpAnswer } from './http.ts';

/**
 * When a request is made again. One that may be repeated (it reads, or it says how things shall be) also after the
 * connection broke; any other only where it is certain that nothing was done: the connection was refused, or the server
 * said so (429 or 503 with Retry-After).
 */
interface Repeatable {
  readonly repeatable: boolean;
}

/** Milliseconds of the first wait; each is twice the one before, to the longest. */
const [firstWait, longestWait] = [100, 2000];
/** Attempts where there is no answer. Somebody who mistyped a port does not wait for the deadline. */
const connectionAttempts = 4;

/** Nothing was sent: these come from connecting. */
const notSent = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
const broken = new Set([...notSent, 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED']);

/** Makes a request until it is answered for good, an error is final, or the deadline leaves no time for another wait. */
export async function retrying(
  { repeatable }: Repeatable,
  deadline: Deadline,
  attempt: () => Promise<HttpAnswer>,
): Promise<{ answer: HttpAnswer; brokeBefore: boolean }> {
  let brokeBefore = false;
  for (let tries = 1; ; tries++) {
    const outcome = await attempt().catch((error: unknown) => new Broken(error));
    const wait = outcome instanceof Broken ? backoff(tries) : askedWait(outcome, repeatable, tries);
    const again = outcome instanceof Broken ? mayReconnect(outcome, repeatable, tries) : wait !== undefined;
    if (!again || wait === undefined || wait >= deadline.left) {
      if (outcome instanceof Broken) throw outcome.error;
      return { answer: outcome, brokeBefore };
    }
    brokeBefore ||= outcome instanceof Broken && !notSent.has(outcome.code);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

class Broken {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }

  get code(): string {
    const { error } = this;
    if (isSystemError(error)) return error.code;
    return error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? '') : '';
  }
}

function mayReconnect({ code }: Broken, repeatable: boolean, tries: number): boolean {
  return tries < connectionAttempts && (repeatable ? broken : notSent).has(code);
}

/** How long to wait before the answer is asked for again; undefined when it stands. */
function askedWait({ status, headers }: HttpAnswer, repeatable: boolean, tries: number): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const asked = retryAfter(headers['retry-after']);
  if (asked === undefined) return repeatable ? backoff(tries) : undefined;
  return Math.max(asked, backoff(tries));
}

/** Milliseconds; the header has seconds or a date. */
export function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** Half of it is chance, so that many clients that failed at once do not come back at once. */
function backoff(tries: number): number {
  const whole = Math.min(longestWait, firstWait * 2 ** (tries - 1));
  return whole / 2 + (Math.random() * whole) / 2;
}
