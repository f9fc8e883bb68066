import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Static } from 'typebox';
import { EnrolBody } from '../../api/schemas.ts';
import { errorTable, SecretsError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { isLocal, networkOf } from '../addresses.ts';
import type { Attempts } from '../attempts.ts';
import type { Callers, ServedVault } from '../caller.ts';
import type { Metrics } from '../metrics.ts';
import { described, textAnswer } from '../openapi.ts';
import { shownToken } from '../wire.ts';

export interface Parts {
  readonly vault: ServedVault;
  readonly callers: Callers;
  readonly attempts: Attempts;
  readonly metrics: Metrics;
  /** Then nothing tells a request of this machine from one of the world: the proxy may write no header. */
  readonly behindProxy: boolean;
  /** Whether the server is about to end. */
  readonly draining: () => boolean;
}

/** What needs no token: the state of the server, its document, and the way in. */
export function openRoutes(app: FastifyInstance, parts: Parts): void {
  app.route(health());
  app.route(ready(parts));
  app.route(metrics(parts));
  app.route(document(app));
  app.route(enrol(parts));
}

function health(): RouteOptions {
  const schema = described('health', 'server', 'tell that the server runs', [200, 'Status']);
  return { method: 'GET', url: '/v1/health', schema, handler: async () => ({ status: 'ok' }) };
}

function ready({ vault, draining }: Parts): RouteOptions {
  const summary = 'tell whether the store answers and the master key is there';
  return {
    method: 'GET',
    url: '/v1/ready',
    schema: described('ready', 'server', summary, [200, 'Status']),
    handler: async () => {
      if (draining()) throw new SecretsError('server_unreachable', 'the server is about to end');
      try {
        await vault.ready();
      } catch (cause) {
        const passing = cause instanceof SecretsError && errorTable[cause.code].http === 503;
        throw passing ? cause : new SecretsError('not_ready', 'the vault is not ready', { cause });
      }
      return { status: 'ready' };
    },
  };
}

function metrics({ metrics: measured, callers, behindProxy }: Parts): RouteOptions {
  const summary =
    'measurements in the text format of Prometheus; with any token, or from the same machine without a proxy';
  return {
    method: 'GET',
    url: '/v1/metrics',
    schema: { ...described('metrics', 'server', summary), response: textAnswer('the measurements') },
    handler: async (request, reply) => {
      if (behindProxy || !isLocal(request.raw))
        await callers.as(callers.present(request), (team) => team.whoami());
      return reply.header('content-type', measured.registry.contentType).send(await measured.text());
    },
  };
}

function document(app: FastifyInstance): RouteOptions {
  return {
    method: 'GET',
    url: '/v1/openapi.json',
    schema: { hide: true },
    handler: async () => app.swagger(),
  };
}

function enrol({ vault, callers, attempts }: Parts): RouteOptions {
  const summary = 'exchange an enrolment code for a token';
  return {
    method: 'POST',
    url: '/v1/enrolments',
    schema: { ...described('enrol', 'members', summary, [201, 'Enrolled']), body: EnrolBody },
    handler: async (request, reply) => {
      const { code, name } = request.body as Static<typeof EnrolBody>;
      const origin = callers.originOf(request);
      const address = networkOf(origin.address!);
      attempts.tryCode(address);
      const enrolled = await vault.redeem(new Secret(code), origin, name);
      attempts.codeAccepted(address);
      return reply.code(201).send(shownToken(enrolled));
    },
  };
}
