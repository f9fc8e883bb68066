import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { loggedPath } from './log.ts';
import type { Metrics } from './metrics.ts';
import { problemOf, traceOf } from './problem.ts';

export interface ReporterOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tls: boolean;
  readonly addressOf: (request: FastifyRequest) => string;
}

/** In place of a route, where there is none. */
const noRoute = 'none';

/** What is the same for every request: the headers of its answer, how an error is told, its line in the log. */
export class Reporter {
  readonly #options: ReporterOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #unreadable = new WeakSet<FastifyRequest>();

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#headers = {
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(options.tls ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    };
  }

  readonly onRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    this.#head(request, reply);
    done();
  };

  /** The one place where an error becomes an answer. */
  readonly onError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const { status, retryAfter, body, ours } = problemOf(error, request);
    if (ours) this.#options.log.error({ request: request.id, ...traceOf(error) }, 'failed');
    if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.code(status).header('content-type', 'application/problem+json').send(body);
  };

  /** A request whose path cannot be read never gets to the hooks. */
  onUnrouted(error: Error, request: FastifyRequest, reply: FastifyReply): void {
    this.#unreadable.add(request);
    this.#head(request, reply);
    this.onError(error, request, reply);
  }

  #head(request: FastifyRequest, reply: FastifyReply): void {
    const started = performance.now();
    this.#options.metrics.started();
    void reply.headers(this.#headers).header('request-id', request.id);
    // Not the hook for answers: it is not called for one that was cut off.
    reply.raw.once('close', () => this.#tell(request, reply, performance.now() - started));
  }

  #tell(request: FastifyRequest, reply: FastifyReply, took: number): void {
    const { method, url } = request.raw;
    const route = request.routeOptions.url ?? noRoute;
    const status = reply.raw.statusCode;
    const ms = Math.round(took * 100) / 100;
    this.#options.metrics.answered(method!, route, status, ms);
    const token = request.caller?.prefix;
    this.#options.log.info(
      {
        request: request.id,
        method,
        route,
        ...(this.#unreadable.has(request) || leadsNowhere(request, status) ? {} : { path: loggedPath(url!) }),
        status,
        ms,
        address: request.caller?.origin.address ?? this.#options.addressOf(request),
        ...(token === undefined ? {} : { prefix: token }),
        bytes: Number(reply.getHeader('content-length') ?? 0),
        ...(reply.raw.writableFinished ? {} : { cut: true }),
      },
      'request',
    );
  }
}

/**
 * Whether what stands in the path cannot be the name of anything: it may be a value, put into the wrong place. Looked at
 * here, because who is not let in is told so before that.
 */
function leadsNowhere(request: FastifyRequest, status: number): boolean {
  if (status < 400) return false;
  const { schema, url } = request.routeOptions;
  return (
    url !== undefined && schema?.params !== undefined && !request.validateInput(request.params, 'params')
  );
}
