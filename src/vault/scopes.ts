import type { Scope } from '../api/backend.ts';
import { notFound } from '../api/near.ts';
import { SecretsError } from '../errors.ts';
import {
  findProject,
  findScope,
  type FoundScope,
  listEnvironments,
  listProjects,
} from '../store/projects.ts';
import type { Tables } from '../store/schema.ts';
import { type Action, mayDo } from './access.ts';
import type { Look } from './call.ts';

/** The environment that a scope names, if the actor may do this there. What it may not see answers as not found. */
export async function requireScope(look: Look, scope: Scope, action: Action): Promise<FoundScope> {
  const found = await findScope(look.tx, scope.project, scope.environment);
  if (found && mayDo(look.actor, action, scope.environment)) return found;
  if (found && mayDo(look.actor, 'list', scope.environment)) throw forbidden(action, scope);
  const project = await requireProject(look, scope.project);
  const names = (await listEnvironments(look.tx, project.id)).map((row) => row.name);
  throw await notFound('environment', scope.environment, {
    where: scope.project,
    among: names.filter((name) => mayDo(look.actor, 'list', name)),
    listWith: `secrets env list --project ${scope.project}`,
  });
}

/** The project of that name. Throws `not_found` with near names. */
export async function requireProject(look: Look, name: string): Promise<Tables['projects']> {
  const found = await findProject(look.tx, name);
  if (found) return found;
  const names = (await listProjects(look.tx)).map((row) => row.name);
  throw await notFound('project', name, {
    among: names,
    listWith: 'secrets project list',
    makeWith: `secrets project create ${name}`,
  });
}

/** Throws `forbidden` unless the actor may manage projects and environments. */
export function requireManage({ actor }: Look, what: string): void {
  if (!mayDo(actor, 'manage'))
    throw new SecretsError('forbidden', `you may not ${what}`, { hint: 'ask an admin of the team' });
}

function forbidden(action: Action, scope: Scope): SecretsError {
  return new SecretsError('forbidden', `you may not ${action} in ${scope.project}/${scope.environment}`, {
    hint: 'ask an admin of the team',
  });
}
