import { keptText } from '../cli/place.ts';
import { timeText } from '../cli/text.ts';
import type { ServerPlace } from '../config/place.ts';
import { type Check, type Checks, ok, warning } from './finding.ts';

/** Milliseconds by which two clocks may differ. */
const clockTolerance = 60_000;

/** The checks of a server: whether it answers and is trusted, who we are there, and whether the clocks agree. */
export function serverChecks(place: ServerPlace): Checks {
  let time: Date | undefined;
  const server: Check = async (ctx) => {
    time = await (await ctx.server(place)).time();
    return ok('server', `${place.origin} answers (${place.from})`);
  };
  const clock: Check = async (ctx) => {
    if (!time) return undefined;
    const apart = Math.abs(ctx.now().getTime() - time.getTime());
    if (apart <= clockTolerance) return ok('clock', 'agrees with the server');
    const text = `differs from the server's by ${Math.round(apart / 1000)} s`;
    return warning('clock', text, ['set the clock of this machine, or have that of the server set']);
  };
  // A token is looked at even where the server does not answer: a broken keychain is a fault of its own.
  const login: Check = async (ctx, examined) => {
    const remote = await ctx.server(place);
    const team = remote.teamWith(await remote.token());
    if (!time) return undefined;
    const { name, role, token } = await team.whoami();
    examined.team = team;
    const { storage, tokens } = remote;
    const until = token ? `, until ${timeText(token.expiresAt)}` : '';
    const text = `as ${name} (${role})${until}; the token is ${keptText(storage, tokens.file)}`;
    if (storage !== 'file') return ok('login', text);
    return warning('login', text, [`where there is a keychain: secrets login ${place.origin}`]);
  };
  return [
    ['server', server],
    ['clock', clock],
    ['login', login],
  ];
}
