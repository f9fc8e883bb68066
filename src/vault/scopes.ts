import type { Scope } from '../api/backend.ts';
import { notFound } from '../api/near.ts';
import type { SecretsError } from '../errors.ts';
import {
  findProject,
  findScope,
  type FoundScope,
  listEnvironments,
  listProjects,
} from '../store/projects.ts';
import type { Tables } from '../store/schema.ts';
import { mayGovern, maySee, type Place, type Reach, reach, sight } from './access.ts';
import type { Look } from './call.ts';
import { type Attempt, Denied, forbidden, refusedNames } from './denial.ts';
import { keep } from './known.ts';

/** A scope that was found, and the names in it that are within reach. */
export interface OpenScope {
  readonly found: FoundScope;
  readonly within: Reach;
}

/**
 * The environment that a scope names, with what the actor may do there. What it may not see answers as not found. `names`
 * are what the call is about.
 */
export async function requireScope(
  look: Look,
  scope: Scope,
  action: 'list' | 'read' | 'write',
  names: readonly string[] = [],
): Promise<OpenScope> {
  const found = await scopeOf(look, scope);
  const place = found && placeOf(found, scope);
  if (place) {
    const { actor, at } = look;
    const within = action === 'list' ? sight(actor, place, at) : reach(actor, action, place, at);
    if (within !== 'none') return { found, within };
    if (maySee(actor, place, at)) throw forbidden(action, { ...scope, ...about(names) });
  }
  const error = await scopeNotFound(look, scope);
  // What is there and may not be seen answers in the same words as what is not there.
  throw found ? new Denied(error, { what: action, ...scope, ...about(names) }) : error;
}

function about(names: readonly string[]): Partial<Attempt> {
  return names.length > 0 ? refusedNames(names) : {};
}

export function placeOf({ projectId, environmentId }: FoundScope, { environment }: Scope): Place {
  return { projectId, environmentId, environment };
}

async function scopeOf(look: Look, { project, environment }: Scope): Promise<FoundScope | undefined> {
  const key = `${project}/${environment}`;
  const known = look.known.scopes.get(key);
  if (known) return known;
  const found = await findScope(look.tx, project, environment);
  if (found) keep(look.known.scopes, key, found);
  return found;
}

async function scopeNotFound(look: Look, scope: Scope): Promise<SecretsError> {
  const project = await requireProject(look, scope.project);
  return notFound('environment', scope.environment, {
    where: scope.project,
    among: await visibleEnvironments(look, project.id),
    listWith: `secrets env list --project ${scope.project}`,
  });
}

/** The project of that name, if the actor may see anything in it. Throws `not_found` with near names. */
export async function requireProject(look: Look, name: string): Promise<Tables['projects']> {
  const found = await findProject(look.tx, name);
  if (found && (mayGovern(look.actor) || (await visibleEnvironments(look, found.id)).length > 0))
    return found;
  const error = await notFound('project', name, {
    among: await visibleProjects(look),
    listWith: 'secrets project list',
    ...(mayGovern(look.actor) ? { makeWith: `secrets project create ${name}` } : {}),
  });
  throw found ? new Denied(error, { what: 'see', project: name }) : error;
}

/** Names of the environments of a project that the actor may see, in order. */
export async function visibleEnvironments(look: Look, projectId: string): Promise<string[]> {
  const rows = await listEnvironments(look.tx, projectId);
  return rows.filter((row) => isVisible(look, row)).map((row) => row.name);
}

/** Names of the projects in which the actor may see anything, by name. */
export async function visibleProjects(look: Look): Promise<string[]> {
  const [projects, environments] = [await listProjects(look.tx), await listEnvironments(look.tx)];
  const seen = new Set(environments.filter((row) => isVisible(look, row)).map((row) => row.project_id));
  return projects.filter(({ id }) => mayGovern(look.actor) || seen.has(id)).map(({ name }) => name);
}

/** Whether the actor may see an environment. */
export function isVisible({ actor, at }: Look, row: Tables['environments']): boolean {
  return maySee(actor, { projectId: row.project_id, environmentId: row.id, environment: row.name }, at);
}

/** Throws `forbidden` unless the actor governs the team. */
export function requireGovern({ actor }: Pick<Look, 'actor'>, what: string): void {
  if (!mayGovern(actor)) throw forbidden(what);
}
