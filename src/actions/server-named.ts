import { findLink } from '../config/link.ts';
import { parseOrigin } from '../config/origin.ts';
import { serverVariable } from '../config/paths.ts';
import type { ServerPlace } from '../config/place.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';

/** The server that a command is about: the one named on its line, else that of SECRETS_URL, else that of the link file. */
export function serverNamed(ctx: Context, typed: string | undefined): ServerPlace | undefined {
  if (typed !== undefined)
    return { kind: 'server', origin: parseOrigin(typed, 'what was given'), from: 'argument' };
  const variable = ctx.env[serverVariable];
  if (variable) return { kind: 'server', origin: parseOrigin(variable, serverVariable), from: 'variable' };
  const link = findLink(ctx.cwd, ctx.uid);
  if (link?.server === undefined) return undefined;
  return { kind: 'server', origin: link.server, from: 'link file', link: link.path };
}

/** The same. Throws `usage` where none is named. */
export function assertServerNamed(ctx: Context, typed: string | undefined, command: string): ServerPlace {
  const place = serverNamed(ctx, typed);
  if (place) return place;
  throw new SecretsError('usage', 'no server is named', {
    hint: `name it: secrets ${command} https://secrets.example.com`,
  });
}
