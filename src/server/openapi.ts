import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { answers, type AnswerName } from '../api/schemas.ts';
import type { Route } from './routes/route.ts';

type Answer = Route['answer'];

/** Makes the OpenAPI document out of the routes that are registered after it; served at /v1/openapi.json. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  for (const [$id, schema] of Object.entries(answers)) app.addSchema({ ...schema, $id });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'team-secrets',
        version,
        description: "The server of a team's secrets. An error is a problem document (RFC 9457).",
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'this server' }],
      security: [{ token: [] }],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
    refResolver: { buildLocalReference: ({ $id }) => $id as string },
  } as FastifyDynamicSwaggerOptions);
}

const tags = {
  secrets: 'the secrets of an environment',
  projects: 'projects and their environments',
  members: 'members, service accounts and groups',
  grants: 'who may reach what',
  tokens: 'what a client is known by',
  audit: 'who did what',
  server: 'the server itself',
};

/** The schemas of a route that needs a token. */
export function schemaOf(route: Route): FastifySchema {
  const { params, query, body, headers } = route;
  const { security: _, ...schema } = described(route.id, route.tag, route.summary, route.answer);
  const also = route.also ? { [route.also[0]]: { type: 'null', description: route.also[1] } } : {};
  return {
    ...schema,
    ...(params ? { params } : {}),
    ...(query ? { querystring: query } : {}),
    ...(body ? { body } : {}),
    ...(headers ? { headers: headersOf(headers) } : {}),
    response: { ...schema.response, ...also },
  };
}

/** The schemas of a route that needs no token, but for what it takes. */
export function described(operationId: string, tag: string, summary: string, answer?: Answer) {
  const [status, name] = answer ?? [];
  const success = status === undefined ? {} : { [status]: name ? jsonAnswer(name) : nothing };
  return { operationId, tags: [tag], summary, security: [], response: { ...success, ...problems } };
}

/** An answer that is plain text. */
export function textAnswer(description: string) {
  return { 200: { description, content: { 'text/plain': { schema: { type: 'string' } } } }, ...problems };
}

const nothing = { type: 'null', description: 'done' };

function jsonAnswer(name: AnswerName) {
  return { description: 'done', content: { 'application/json': { schema: { $ref: `${name}#` } } } };
}

const problem = { 'application/problem+json': { schema: { $ref: 'Problem#' } } };
const problems = {
  '4xx': { description: 'the request cannot be done as it is', content: problem },
  '5xx': { description: 'the server cannot do it now', content: problem },
};

function headersOf(headers: Readonly<Record<string, string>>) {
  const properties = Object.entries(headers).map(([name, description]) => [
    name,
    { type: 'string', description },
  ]);
  return { type: 'object', properties: Object.fromEntries(properties) };
}
