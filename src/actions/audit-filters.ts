import { auditFilters } from '../api/audit-actions.ts';
import { operatorName, printable } from '../api/names.ts';
import { nearNames } from '../api/near.ts';
import type { TeamApi } from '../api/team.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import { namesAt, scopesAt } from './names-there.ts';

export interface NamedFilters {
  readonly secret?: string | undefined;
  readonly who?: string | undefined;
  readonly project?: string | undefined;
  readonly env?: string | undefined;
}

/** Throws `usage`, with what there is, for an action that the trail never tells of. */
export async function assertAction(action: string | undefined): Promise<void> {
  if (action === undefined || auditFilters.includes(action)) return;
  const near = (await nearNames(action, auditFilters)).map((it) => `"${it}"`).join(' or ');
  throw new SecretsError('usage', `no action named "${printable(action)}"`, {
    hint: [near === '' ? [] : `did you mean ${near}?`, `known are ${auditFilters.join(', ')}`].flat(),
  });
}

/**
 * Nothing was found: says so of each name that is not there now, for a mistyped one looks as if nobody had done a thing.
 * It is no error, because the trail also tells of what was deleted.
 */
export async function warnOfUnknown(ctx: Context, team: TeamApi, filters: NamedFilters): Promise<void> {
  const { secret, who, project, env } = filters;
  await warn(ctx, 'member or service account', who, 'secrets member list', async () => [
    ...(await team.listPrincipals()).map(({ name }) => name),
    operatorName,
  ]);
  const projects = (await team.listProjects()).map(({ name }) => name);
  await warn(ctx, 'project', project, 'secrets project list', async () => projects);
  // Of a project that is not there, the others may tell what was meant.
  const at = project !== undefined && projects.includes(project) ? project : undefined;
  const inProject = at === undefined ? '' : ` --project ${at}`;
  await warn(ctx, 'environment', env, `secrets env list${inProject}`, async () =>
    (await scopesAt(team, { project: at })).map(({ environment }) => environment),
  );
  const place = { project: at, environment: env };
  // Where there is no such place, what is in it need not be told.
  const there = (await scopesAt(team, place)).length > 0;
  await warn(ctx, 'secret', secret, `secrets list${inProject}`, async () =>
    there ? namesAt(team, place) : undefined,
  );
}

async function warn(
  ctx: Context,
  kind: string,
  typed: string | undefined,
  listWith: string,
  known: () => Promise<readonly string[] | undefined>,
): Promise<void> {
  if (typed === undefined) return;
  const names = await known();
  if (names === undefined || names.includes(typed)) return;
  const near = (await nearNames(typed, new Set(names))).map((it) => `"${it}"`).join(' or ');
  const see = `see all names with \`${listWith}\``;
  await ctx.print.warn(`there is no ${kind} named "${printable(typed)}" now; it may have been deleted`, [
    near === '' ? see : `did you mean ${near}? ${see}`,
  ]);
}
