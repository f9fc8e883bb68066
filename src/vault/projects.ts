import { randomUUID } from 'node:crypto';
import { assertScopeName, environmentsAtBirth } from '../api/names.ts';
import type { ProjectInfo } from '../api/team.ts';
import { SecretsError } from '../errors.ts';
import * as store from '../store/projects.ts';
import { mayGovern } from './access.ts';
import { record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { isVisible, requireGovern, requireProject } from './scopes.ts';

export async function list(look: Look): Promise<ProjectInfo[]> {
  const [projects, environments] = [await store.listProjects(look.tx), await store.listEnvironments(look.tx)];
  const visible = environments.filter((row) => isVisible(look, row));
  const infos = projects.map(({ id, name, created_at }) => ({
    name,
    environments: visible.filter((row) => row.project_id === id).map((row) => row.name),
    createdAt: created_at,
  }));
  return infos.filter((info) => mayGovern(look.actor) || info.environments.length > 0);
}

/** Makes a project with a data key of its own and the environments of birth. */
export async function create(call: Call, name: string): Promise<ProjectInfo> {
  requireGovern(call, 'make projects');
  assertScopeName('project', name);
  await assertFree(call, name);
  const { tx, actor, keys, at } = call;
  const id = randomUUID();
  await store.insertProject(tx, {
    id,
    name,
    data_key: keys.newDataKey(id),
    created_at: at,
    created_by: actor.name,
  });
  for (const [position, environment] of environmentsAtBirth.entries()) {
    await store.insertEnvironment(tx, {
      id: randomUUID(),
      project_id: id,
      name: environment,
      position,
      revision: 0,
      created_at: at,
    });
  }
  await record(call, 'project.create', { project: name });
  return { name, environments: environmentsAtBirth, createdAt: at };
}

export async function rename(call: Call, name: string, to: string): Promise<void> {
  requireGovern(call, 'rename projects');
  const project = await requireProject(call, name);
  assertScopeName('project', to);
  await assertFree(call, to);
  await store.renameProject(call.tx, project.id, to);
  await record(call, 'project.rename', { project: name }, { to });
}

export async function remove(call: Call, name: string): Promise<void> {
  requireGovern(call, 'delete projects');
  const project = await requireProject(call, name);
  await store.deleteProject(call.tx, project.id);
  await record(call, 'project.delete', { project: name });
}

async function assertFree({ tx }: Look, name: string): Promise<void> {
  if (await store.findProject(tx, name))
    throw new SecretsError('conflict', `there is a project named "${name}" already`);
}
