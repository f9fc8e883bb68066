import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { Deadline } from './deadline.ts';
import { failureOf } from './failure.ts';
import { type HttpAnswer, type HttpRequest, send } from './http.ts';
import { notOurs, problemIn } from './problem.ts';
import { retrying } from './retry.ts';
import type { Check } from './wire.ts';

/** How to reach a server, and what to tell it of ourselves. */
export interface ConnectionOptions {
  readonly origin: string;
  /** Sent to this origin and to no other. */
  readonly token?: Secret | undefined;
  /** Seconds that a call may take. */
  readonly timeout: number;
  readonly ca?: readonly string[] | undefined;
  readonly proxyEnv?: Readonly<Record<string, string>> | undefined;
  readonly host: string;
  readonly program: string;
  /** What to do when the token is not valid, where it is not to log in again. */
  readonly renew?: string | undefined;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** May be made twice: by its method, unless it is said here of a POST that only reads. */
  readonly repeatable?: boolean;
}

const mostRedirects = 3;
const toldLength = 200;

/** Calls to one server: each with its deadline, its retries, and its error in our words. */
export class Connection {
  readonly origin: string;
  readonly #options: ConnectionOptions;

  constructor(options: ConnectionOptions) {
    this.origin = options.origin;
    this.#options = options;
  }

  /** Makes a call and reads its answer. Throws the error that the server tells, `server_unreachable` or `server_untrusted`. */
  async call<T>(call: Call, check: Check<T>): Promise<T> {
    return this.parse(await this.exchange(call), check);
  }

  /** Reads an answer. Throws `failed` for one that no server of ours would give. */
  parse<T>({ body }: HttpAnswer, check: Check<T>): T {
    const parsed = check(parseJson(body), '');
    if ('value' in parsed) return parsed.value;
    throw notOurs(this.origin, parsed.wrong);
  }

  /** Makes a call; its answer is a success, or, for one with If-None-Match, 304. */
  async exchange(call: Call): Promise<HttpAnswer> {
    const deadline = new Deadline(this.#options.timeout);
    const repeatable = call.repeatable ?? (call.method !== 'POST' && call.method !== 'PATCH');
    try {
      const { answer, brokeBefore } = await retrying({ repeatable }, deadline, () =>
        this.#send(call, deadline),
      );
      if (isSuccess(answer, call)) return answer;
      const problem = this.#advised(problemIn(answer, this.origin));
      throw brokeBefore && call.method === 'DELETE' ? perhapsDone(problem) : problem;
    } catch (error) {
      throw failureOf(error, this.origin, deadline);
    }
  }

  #advised(problem: SecretsError): SecretsError {
    const { renew } = this.#options;
    if (problem.code !== 'not_logged_in' || renew === undefined) return problem;
    return new SecretsError(problem.code, problem.message, { cause: problem, hint: renew });
  }

  async #send(call: Call, deadline: Deadline): Promise<HttpAnswer> {
    let url = new URL(call.path, this.origin);
    for (let redirects = 0; ; redirects++) {
      const answer = await send(this.#request(call, url), deadline);
      const { location } = answer.headers;
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer;
      url = this.#redirected(call, url, location);
      if (redirects === mostRedirects) throw notOurs(this.origin, `more than ${mostRedirects} redirects`);
    }
  }

  #redirected({ method }: Call, from: URL, location: string): URL {
    const to = URL.canParse(location, from) ? new URL(location, from) : undefined;
    if (!to || !/^https?:$/.test(to.protocol)) throw notOurs(this.origin, 'a redirect that leads nowhere');
    if (to.origin !== this.origin) {
      throw new SecretsError(
        'failed',
        `${this.origin} sends us on to ${to.origin}; your token does not go there`,
        {
          hint: `if the server has moved, log in there: secrets login ${to.origin}`,
        },
      );
    }
    if (method !== 'GET') throw notOurs(this.origin, `a redirect of ${method}`);
    return to;
  }

  #request({ method, body, headers }: Call, url: URL): HttpRequest {
    const { token, ca, proxyEnv, host, program } = this.#options;
    return {
      url,
      method,
      headers: {
        accept: 'application/json, application/problem+json',
        'secrets-client-host': told(host),
        'secrets-client-program': told(program),
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      ca,
      proxyEnv,
    };
  }
}

function isSuccess({ status }: HttpAnswer, { headers }: Call): boolean {
  return (status >= 200 && status < 300) || (status === 304 && headers?.['if-none-match'] !== undefined);
}

/** A header holds ASCII; what is cut must not end in half an escape. */
function told(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .slice(0, toldLength)
    .replace(/%[0-9A-F]?$/, '');
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** It is not there: perhaps because the attempt whose answer was lost removed it. */
function perhapsDone(problem: SecretsError): SecretsError {
  if (problem.code !== 'not_found') return problem;
  const hint = ['the connection broke during the first attempt, which may have removed it', ...problem.hints];
  return new SecretsError(problem.code, problem.message, { cause: problem, hint });
}
