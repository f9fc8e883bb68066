import { GrantBody, IdParams, TokenBody } from '../../api/schemas.ts';
import { shownToken } from '../wire.ts';
import { type Route, route } from './route.ts';

/** Grants and tokens. */
export const accessRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/v1/grants',
    id: 'listGrants',
    tag: 'grants',
    summary: 'list all grants, for an admin; else those of the caller',
    answer: [200, 'Grants'],
    handle: async ({ team }) => ({ grants: await team.listGrants() }),
  }),
  route({
    method: 'POST',
    url: '/v1/grants',
    id: 'addGrant',
    tag: 'grants',
    summary: 'grant access to names of an environment',
    body: GrantBody,
    answer: [201, 'GrantInfo'],
    handle: ({ team, body }) => team.addGrant(body),
  }),
  route({
    method: 'DELETE',
    url: '/v1/grants/:id',
    id: 'removeGrant',
    tag: 'grants',
    summary: 'remove a grant',
    params: IdParams,
    answer: [204],
    handle: ({ team, params }) => team.removeGrant(params.id),
  }),
  route({
    method: 'GET',
    url: '/v1/tokens',
    id: 'listTokens',
    tag: 'tokens',
    summary: 'list the tokens that are valid: all for an admin; else those of the caller',
    answer: [200, 'Tokens'],
    handle: async ({ team }) => ({ tokens: await team.listTokens() }),
  }),
  route({
    method: 'POST',
    url: '/v1/tokens',
    id: 'createToken',
    tag: 'tokens',
    summary: 'make a token for a service account',
    body: TokenBody,
    answer: [201, 'CreatedToken'],
    handle: async ({ team, body }) => shownToken(await team.createToken(body)),
  }),
  route({
    method: 'DELETE',
    url: '/v1/tokens/:id',
    id: 'revokeToken',
    tag: 'tokens',
    summary: 'revoke a token at once',
    params: IdParams,
    answer: [204],
    handle: ({ team, params }) => team.revokeToken(params.id),
  }),
];
