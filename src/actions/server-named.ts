import { parseOrigin } from '../config/origin.ts';
import { placeByLink, placeByVariable, type ServerPlace } from '../config/place.ts';
import { readSettings, serverIn } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';

/** The server that a command is about: the one named on its line, else that of SECRETS_URL, else that of the link file. */
export function serverNamed(ctx: Context, typed: string | undefined): ServerPlace | undefined {
  if (typed !== undefined)
    return { kind: 'server', origin: parseOrigin(typed, 'what was given'), from: 'argument' };
  const link = ctx.link();
  return placeByVariable(ctx.env) ?? (link && placeByLink(link));
}

/**
 * The server to log in to; `given` says that the credential comes from stdin. A committed file must not decide where a
 * code or a token goes: a server that only the link file names is asked about, unless the user has logged in there before.
 * Throws `usage` where none is named or nobody can be asked, and `interrupted` for a no.
 */
export async function serverToLogIn(
  ctx: Context,
  typed: string | undefined,
  given: boolean,
): Promise<ServerPlace> {
  const place = serverNamed(ctx, typed);
  if (!place) {
    throw new SecretsError('usage', 'no server is named', {
      hint: 'name it: secrets login https://secrets.example.com',
    });
  }
  const { origin, from, link } = place;
  if (from !== 'link file' || serverIn(readSettings(ctx.paths().settings), origin)) return place;
  const hint = `if that is the server of your team, name it: secrets login ${origin}`;
  if (given || !ctx.ask.possible) {
    throw new SecretsError('usage', `${link} names ${origin}, where you have not logged in before`, { hint });
  }
  if (await ctx.ask.confirm(`This repository names ${origin}; log in there?`, hint, false)) return place;
  throw new SecretsError('interrupted', 'not logged in; nothing was sent', { hint });
}
