import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Attempts } from './attempts.ts';
import { type Caller, Callers, type ServedVault } from './caller.ts';
import { parseBody } from './json.ts';
import { type LogTarget, makeLog } from './log.ts';
import { Metrics } from './metrics.ts';
import { describeApi, schemaOf } from './openapi.ts';
import { nothingThere } from './problem.ts';
import { Reporter } from './reporter.ts';
import { accessRoutes } from './routes/access.ts';
import { auditRoutes } from './routes/audit.ts';
import { openRoutes } from './routes/open.ts';
import { peopleRoutes } from './routes/people.ts';
import { projectRoutes } from './routes/projects.ts';
import type { Route } from './routes/route.ts';
import { secretRoutes } from './routes/secrets.ts';
import { makeValidators } from './validation.ts';

/**
 * The server is a thin skin over the vault: it finds out who calls, checks the shape of what was sent, calls the vault,
 * and words the answer. No rule about who may do what is in this folder. The way of a request: listen.ts takes it,
 * app.ts and caller.ts let it in, a route answers it, and reporter.ts words what went wrong and writes the log.
 */
export interface AppOptions {
  readonly vault: ServedVault;
  readonly version: string;
  readonly log: LogTarget;
  /** The address of a client is what the proxy before us says it is. */
  readonly behindProxy: boolean;
  /** Whether clients come by TLS that ends here. */
  readonly tls: boolean;
  readonly now?: () => number;
}

/** The server without its socket. */
export interface App {
  readonly fastify: FastifyInstance;
  readonly log: Logger;
  /** From here on it says that it is not ready. */
  drain(): void;
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
}

/** Body of a request, in bytes, unless its route takes more. */
const bodyLimit = 64 * 1024;
/** A name of 255 characters, each of them escaped. */
const maxParamLength = 3 * 255;

const everyRoute: readonly Route[] = [
  ...secretRoutes,
  ...projectRoutes,
  ...peopleRoutes,
  ...accessRoutes,
  ...auditRoutes,
];

/** Builds the server over a vault; nothing listens yet. */
export async function buildApp(options: AppOptions): Promise<App> {
  const { vault, behindProxy, version, tls, now = Date.now } = options;
  const log = makeLog(options.log);
  const [metrics, attempts] = [new Metrics(options.log), new Attempts(now)];
  const callers = new Callers(vault, attempts, behindProxy);
  const reporter = new Reporter({
    log,
    metrics,
    tls,
    addressOf: (request) => callers.originOf(request).address!,
  });
  const app = makeFastify(reporter);
  app.decorateRequest('caller', null);
  app.addHook('onRequest', reporter.onRequest);
  app.setErrorHandler(reporter.onError);
  app.setNotFoundHandler(async () => {
    throw nothingThere();
  });
  let draining = false;
  await describeApi(app, version);
  openRoutes(app, { vault, callers, attempts, metrics, behindProxy, draining: () => draining });
  for (const it of everyRoute) addRoute(app, it, callers);
  await app.ready();
  return { fastify: app, log, drain: () => (draining = true) };
}

function makeFastify(reporter: Reporter): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit,
    genReqId: () => crypto.randomUUID(),
    requestIdHeader: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength, ignoreTrailingSlash: false, caseSensitive: true },
    frameworkErrors: (error, request, reply) => reporter.onUnrouted(error, request, reply),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  app.setValidatorCompiler(makeValidators());
  // What the vault answers goes out as it is: a schema that is behind must show in a test, not cut a field off.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  return app;
}

function addRoute(app: FastifyInstance, it: Route, callers: Callers): void {
  const { method, url, answer } = it;
  const [status] = answer;
  const large = (it.bodyLimit ?? 0) > bodyLimit;
  app.route({
    method,
    url,
    schema: schemaOf(it),
    ...(it.bodyLimit === undefined ? {} : { bodyLimit: it.bodyLimit }),
    onRequest: large
      ? (request) => presentLarge(callers, request)
      : (request, _reply, done) => present(callers, request, done),
    async handler(request, reply) {
      const caller = request.caller!;
      const { params, query, body } = request as unknown as Record<string, never>;
      const result = await callers.as(caller, (team) =>
        it.handle({ team, caller, params, query, body, request, reply }),
      );
      // A route may have answered by itself.
      if (!reply.sent) void reply.code(status).send(result);
    },
  });
}

/** Lets the request in, before its body is read. */
function present(callers: Callers, request: FastifyRequest, done: (error?: Error) => void): void {
  try {
    request.caller = callers.present(request);
  } catch (error) {
    return done(error as Error);
  }
  done();
}

/** Large bodies are taken only from whoever is logged in. */
async function presentLarge(callers: Callers, request: FastifyRequest): Promise<void> {
  const caller = callers.present(request);
  request.caller = caller;
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY);
  if (length > bodyLimit) await callers.as(caller, (team) => team.whoami());
}
