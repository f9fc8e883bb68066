import { CompareBody, CopyBody, NameBody, ProjectParams, ScopeParams } from '../../api/schemas.ts';
import { scopeOf } from '../wire.ts';
import { type Route, route } from './route.ts';

const tag = 'projects';
const projects = '/v1/projects';
const project = `${projects}/:project`;
const environments = `${project}/environments`;
const environment = `${environments}/:environment`;

/** Projects and their environments. */
export const projectRoutes: readonly Route[] = [
  route({
    method: 'GET',
    url: projects,
    id: 'listProjects',
    tag,
    summary: 'list the projects that the caller may see',
    answer: [200, 'Projects'],
    handle: async ({ team }) => ({ projects: await team.listProjects() }),
  }),
  route({
    method: 'POST',
    url: projects,
    id: 'createProject',
    tag,
    summary: 'make a project',
    body: NameBody,
    answer: [201, 'ProjectInfo'],
    handle: ({ team, body }) => team.createProject(body.name),
  }),
  route({
    method: 'PATCH',
    url: project,
    id: 'renameProject',
    tag,
    summary: 'rename a project',
    params: ProjectParams,
    body: NameBody,
    answer: [204],
    handle: ({ team, params, body }) => team.renameProject(params.project, body.name),
  }),
  route({
    method: 'DELETE',
    url: project,
    id: 'deleteProject',
    tag,
    summary: 'delete a project with everything in it, for good',
    params: ProjectParams,
    answer: [204],
    handle: ({ team, params }) => team.deleteProject(params.project),
  }),
  route({
    method: 'GET',
    url: environments,
    id: 'listEnvironments',
    tag,
    summary: 'list the environments of a project',
    params: ProjectParams,
    answer: [200, 'Environments'],
    handle: async ({ team, params }) => ({ environments: await team.listEnvironments(params.project) }),
  }),
  route({
    method: 'POST',
    url: environments,
    id: 'createEnvironment',
    tag,
    summary: 'make an environment',
    params: ProjectParams,
    body: NameBody,
    answer: [204],
    handle: ({ team, params, body }) =>
      team.createEnvironment({ project: params.project, environment: body.name }),
  }),
  route({
    method: 'PATCH',
    url: environment,
    id: 'renameEnvironment',
    tag,
    summary: 'rename an environment',
    params: ScopeParams,
    body: NameBody,
    answer: [204],
    handle: ({ team, params, body }) => team.renameEnvironment(scopeOf(params), body.name),
  }),
  route({
    method: 'DELETE',
    url: environment,
    id: 'deleteEnvironment',
    tag,
    summary: 'delete an environment with everything in it, for good',
    params: ScopeParams,
    answer: [204],
    handle: ({ team, params }) => team.deleteEnvironment(scopeOf(params)),
  }),
  route({
    method: 'POST',
    url: `${environment}/copy`,
    id: 'copyEnvironment',
    tag,
    summary: 'copy every secret of an environment into another one of the project',
    params: ScopeParams,
    body: CopyBody,
    answer: [200, 'Differences'],
    handle: async ({ team, params, body: { to, overwrite = false } }) => ({
      differences: await team.copyEnvironment(scopeOf(params), to, { overwrite }),
    }),
  }),
  route({
    method: 'POST',
    url: `${environment}/compare`,
    id: 'compareEnvironments',
    tag,
    summary: 'compare two environments of a project by name and value; values stay inside',
    params: ScopeParams,
    body: CompareBody,
    answer: [200, 'Differences'],
    handle: async ({ team, params, body }) => ({
      differences: await team.compareEnvironments(scopeOf(params), body.to),
    }),
  }),
];
