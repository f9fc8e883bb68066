import { GroupParams, InvitationBody, PrincipalParams, RoleBody } from '../../api/schemas.ts';
import { shownCode } from '../wire.ts';
import { type Route, route } from './route.ts';

const tag = 'members';
const principal = '/v1/principals/:name';
const inGroup = '/v1/groups/:group/principals/:name';

/** Members, service accounts and groups. */
export const peopleRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: '/v1/whoami',
    id: 'whoami',
    tag,
    summary: 'tell who is calling, and through which token',
    answer: [200, 'Whoami'],
    handle: ({ team }) => team.whoami(),
  }),
  route({
    method: 'GET',
    url: '/v1/principals',
    id: 'listPrincipals',
    tag,
    summary: 'list members and service accounts, by name',
    answer: [200, 'Principals'],
    handle: async ({ team }) => ({ principals: await team.listPrincipals() }),
  }),
  route({
    method: 'PATCH',
    url: principal,
    id: 'setRole',
    tag,
    summary: 'change the role of a member',
    params: PrincipalParams,
    body: RoleBody,
    answer: [204],
    handle: ({ team, params, body }) => team.setRole(params.name, body.role),
  }),
  route({
    method: 'DELETE',
    url: principal,
    id: 'removePrincipal',
    tag,
    summary: 'remove a member or a service account with its tokens, grants and codes',
    params: PrincipalParams,
    answer: [204],
    handle: ({ team, params }) => team.removePrincipal(params.name),
  }),
  route({
    method: 'POST',
    url: '/v1/invitations',
    id: 'invite',
    tag,
    summary: 'make an enrolment code for a new member, or for another machine of one that is there',
    body: InvitationBody,
    answer: [201, 'Invited'],
    handle: async ({ team, body }) => shownCode(await team.invite(body)),
  }),
  route({
    method: 'GET',
    url: '/v1/groups',
    id: 'listGroups',
    tag,
    summary: 'list groups and who is in them',
    answer: [200, 'Groups'],
    handle: async ({ team }) => ({ groups: await team.listGroups() }),
  }),
  route({
    method: 'PUT',
    url: inGroup,
    id: 'addToGroup',
    tag,
    summary: 'add a member or a service account to a group',
    params: GroupParams,
    answer: [204],
    handle: ({ team, params }) => team.addToGroup(params.group, params.name),
  }),
  route({
    method: 'DELETE',
    url: inGroup,
    id: 'removeFromGroup',
    tag,
    summary: 'take a member or a service account out of a group',
    params: GroupParams,
    answer: [204],
    handle: ({ team, params }) => team.removeFromGroup(params.group, params.name),
  }),
];
