import { revokeOwn } from '../actions/revoke.ts';
import { serverNamed } from '../actions/server-named.ts';
import { defineCommand, jsonOption, optional } from '../cli/define.ts';
import { tokenVariable } from '../config/paths.ts';
import { placeBySettings, type ServerPlace } from '../config/place.ts';
import { forgetServer, readSettings } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';

export const logout = defineCommand({
  name: 'logout',
  summary: 'log out of a team server',
  description:
    'Revokes the token on the server and removes it from this machine. Where the server cannot be reached, it says so, ' +
    'and removes the token all the same.',
  args: {
    url: optional('address of the server (default: SECRETS_URL, that of the link file, or the last login)'),
  },
  options: { json: jsonOption },
  examples: [['Before this machine changes hands', 'secrets logout']],
  async run(ctx, { url, json }) {
    const place = serverNamed(ctx, url) ?? lastLogin(ctx);
    // A token in a variable is not ours to remove: what is looked for is what `login` kept.
    const server = await ctx.server({ ...place, from: 'argument' });
    const { origin, settings, tokens } = server;
    if (!settings)
      throw new SecretsError('not_logged_in', `you are not logged in to ${origin} on this machine`);
    const token = await tokens.read(origin, settings.storage);
    const outcome = token ? await revokeOwn(server.teamWith(token)) : 'gone';
    await tokens.remove(origin, settings.storage);
    forgetServer(ctx.paths().settings, origin);
    if (outcome instanceof SecretsError) {
      await ctx.print.warn(
        `the token is removed here, but was not revoked on the server: ${outcome.message}`,
        ['until it ends, whoever has a copy can use it; ask an admin to revoke it: secrets token list'],
      );
    }
    if (ctx.env[tokenVariable]) await ctx.print.warn(`${tokenVariable} is still set, and still used`);
    if (json) return ctx.print.json({ server: origin, revoked: outcome === 'revoked' });
    ctx.print.note(`logged out of ${origin}`);
  },
});

function lastLogin(ctx: Context): ServerPlace {
  const place = placeBySettings(readSettings(ctx.paths().settings));
  if (place) return place;
  throw new SecretsError('not_logged_in', 'you are not logged in to a server on this machine');
}
