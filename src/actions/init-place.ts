import type { TeamApi } from '../api/team.ts';
import { type FoundLink, linkFileName } from '../config/link.ts';
import { parseOrigin } from '../config/origin.ts';
import { serverVariable } from '../config/paths.ts';
import type { Place } from '../config/place.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';

/**
 * Where `init` is to find or make the project: what its options say, else what any command would work on. Throws
 * `conflict` and `usage` where the link file, or SECRETS_URL, which win afterwards, say something else.
 */
export function chosenPlace(
  ctx: Context,
  link: FoundLink | undefined,
  { server, local }: { server: string | undefined; local: boolean },
): Place {
  if (server === undefined && !local) return ctx.place();
  if (server !== undefined && local)
    throw new SecretsError('usage', 'give one of --server and --local, not both');
  const origin = server === undefined ? undefined : parseOrigin(server, '--server');
  const variable = ctx.env[serverVariable];
  if (variable && parseOrigin(variable, serverVariable) !== origin) {
    throw new SecretsError(
      'usage',
      `${serverVariable} names another place than ${local ? '--local' : '--server'}`,
      {
        hint: `leave the option out, or: unset ${serverVariable}`,
      },
    );
  }
  if (variable) return ctx.place();
  if (link && link.server !== origin) {
    throw new SecretsError(
      'conflict',
      `${link.path} ties this folder to ${link.server ?? 'the vault of this machine'} already`,
      { hint: `to change that, edit "server" in ${linkFileName}` },
    );
  }
  return origin === undefined ? { kind: 'embedded' } : { kind: 'server', origin, from: 'argument' };
}

/** Makes the project where there is none; tells whether. Throws `forbidden` where a server has none that the user may see. */
export async function ensureProject(team: TeamApi, place: Place, project: string): Promise<boolean> {
  const known = (await team.listProjects()).some((it) => it.name === project);
  if (known) return false;
  try {
    return await made(() => team.createProject(project));
  } catch (error) {
    if (place.kind !== 'server' || !(error instanceof SecretsError) || error.code !== 'forbidden')
      throw error;
    throw new SecretsError('forbidden', `${place.origin} has no project "${project}" that you may see`, {
      cause: error,
      hint: [
        'see those that you may: secrets project list',
        `only admins make projects; ask one to run: secrets project create ${project}`,
      ],
    });
  }
}

/** Whether it was made here; another `init` may have been faster, and what it made is as good. */
export async function made(make: () => Promise<unknown>): Promise<boolean> {
  try {
    await make();
    return true;
  } catch (error) {
    if (error instanceof SecretsError && error.code === 'conflict') return false;
    throw error;
  }
}
