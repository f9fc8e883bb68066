import type { Scope } from '../api/backend.ts';
import type { TeamApi } from '../api/team.ts';
import { SecretsError } from '../errors.ts';

/** A project and an environment, either of which may be any. */
export interface Whereabouts {
  readonly project?: string | undefined;
  readonly environment?: string | undefined;
}

/** More environments are not looked through for the sake of a warning. */
const most = 100;

/** Environments that the caller can see, of one project or environment name or of any. */
export async function scopesAt(
  team: TeamApi,
  { project, environment }: Whereabouts,
): Promise<readonly Scope[]> {
  const projects = await team.listProjects();
  const all = projects.flatMap(({ name, environments }) =>
    environments.map((it) => ({ project: name, environment: it })),
  );
  return all.filter(
    (it) =>
      (project === undefined || it.project === project) &&
      (environment === undefined || it.environment === environment),
  );
}

/** Names of the secrets there; undefined where the caller cannot list them all, or where that would take long. */
export async function namesAt(team: TeamApi, where: Whereabouts): Promise<readonly string[] | undefined> {
  const scopes = await scopesAt(team, where);
  if (scopes.length > most) return undefined;
  try {
    const lists: string[][] = [];
    for (const scope of scopes) lists.push((await team.list(scope)).secrets.map(({ name }) => name));
    return [...new Set(lists.flat())];
  } catch (error) {
    if (error instanceof SecretsError && (error.code === 'forbidden' || error.code === 'not_found'))
      return undefined;
    throw error;
  }
}
