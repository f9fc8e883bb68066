import type { Static } from 'typebox';
import type { Change, WriteOptions } from '../../api/backend.ts';
import {
  NamesBody,
  ReadBody,
  ReadQuery,
  ScopeParams,
  SecretParams,
  VersionParams,
  WriteBody,
} from '../../api/schemas.ts';
import { isSecretName } from '../../api/names.ts';
import { SecretsError } from '../../errors.ts';
import { Secret } from '../../secret.ts';
import { revisionOf, scopeOf, tagOf, valueText } from '../wire.ts';
import { type Route, route } from './route.ts';

const tag = 'secrets';
const environment = '/v1/projects/:project/environments/:environment';
const secrets = `${environment}/secrets`;
const json = 'application/json; charset=utf-8';
const MiB = 1024 * 1024;
/** 5,000 names of the length that names have; of 255 characters each, it is fewer. */
const namesLimit = 2 * MiB;

/** The secrets of an environment. */
export const secretRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: secrets,
    id: 'readSecrets',
    tag,
    summary: 'read an environment, or the named secrets of it',
    params: ScopeParams,
    query: ReadQuery,
    headers: { 'If-None-Match': 'the ETag of an earlier answer; the same again is answered 304' },
    answer: [200, 'SecretSet'],
    also: [304, 'nothing has changed since the answer with this ETag'],
    async handle({ team, params, query, request, reply }) {
      const names = query.names?.split(',').filter(isSecretName);
      const known = tagOf(request.raw.headers['if-none-match']);
      const scope = scopeOf(params);
      const read = await team.readText(scope, known, names);
      // Not returned: a reply is a thenable, and waits for its own end.
      if (read) void reply.header('etag', `"${read.tag}"`).header('content-type', json).send(read.body);
      else void reply.header('etag', `"${known}"`).code(304).send();
    },
  }),
  route({
    method: 'POST',
    url: `${secrets}/read`,
    id: 'readNamedSecrets',
    tag,
    summary: 'read named secrets, where their names are too long for a URL',
    params: ScopeParams,
    body: ReadBody,
    bodyLimit: namesLimit,
    answer: [200, 'SecretSet'],
    handle: async ({ team, params, body, reply }) => {
      const read = await team.readText(scopeOf(params), undefined, body.names.filter(isSecretName));
      void reply.header('content-type', json).send(read!.body);
    },
  }),
  route({
    method: 'PATCH',
    url: secrets,
    id: 'writeSecrets',
    tag,
    summary: 'write all changes, or none',
    params: ScopeParams,
    body: WriteBody,
    bodyLimit: 8 * MiB,
    headers: { 'If-Match': 'the ETag of an earlier answer, or a revision in quotes: at another one, 412' },
    answer: [200, 'Written'],
    handle: ({ team, params, body, request }) =>
      team.write(scopeOf(params), changesOf(body), optionsOf(body, request.raw.headers['if-match'])),
  }),
  route({
    method: 'POST',
    url: `${secrets}/delete`,
    id: 'deleteSecrets',
    tag,
    summary: 'delete the named secrets with all their versions, for good',
    params: ScopeParams,
    body: NamesBody,
    bodyLimit: namesLimit,
    answer: [204],
    handle: ({ team, params, body }) => team.delete(scopeOf(params), body.names),
  }),
  route({
    method: 'GET',
    url: `${environment}/names`,
    id: 'listSecrets',
    tag,
    summary: 'list names and versions, never values',
    params: ScopeParams,
    answer: [200, 'SecretList'],
    handle: ({ team, params }) => team.list(scopeOf(params)),
  }),
  route({
    method: 'GET',
    url: `${secrets}/:name/versions`,
    id: 'listVersions',
    tag,
    summary: 'list the versions of a secret, newest first',
    params: SecretParams,
    answer: [200, 'Versions'],
    handle: async ({ team, params }) => ({ versions: await team.history(scopeOf(params), params.name) }),
  }),
  route({
    method: 'GET',
    url: `${secrets}/:name/versions/:version`,
    id: 'readVersion',
    tag,
    summary: 'read one version of a secret',
    params: VersionParams,
    answer: [200, 'Value'],
    handle: async ({ team, params }) =>
      valueText(await team.readVersion(scopeOf(params), params.name, Number(params.version))),
  }),
];

function changesOf({ changes }: Static<typeof WriteBody>): Change[] {
  return changes.map(({ value, ...change }) => ({ ...change, value: new Secret(value) }));
}

/** Throws `usage` for an If-Match that is no revision: to write without regard to it would be worse. */
function optionsOf({ intent }: Static<typeof WriteBody>, ifMatch: string | undefined): WriteOptions {
  const revision = ifMatch === undefined ? undefined : revisionOf(ifMatch);
  if (ifMatch !== undefined && revision === undefined)
    throw new SecretsError('usage', 'If-Match holds no ETag of this server, and no revision in quotes');
  return { ...(intent === undefined ? {} : { intent }), ...(revision === undefined ? {} : { revision }) };
}
