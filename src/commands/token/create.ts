import type { NewToken, Permission } from '../../api/team.ts';
import { defineCommand, jsonOption, positional, value, values } from '../../cli/define.ts';
import { parseDuration } from '../../cli/duration.ts';
import { parsePlace, placeText } from '../../cli/reach.ts';
import { timeText } from '../../cli/text.ts';
import { SecretsError } from '../../errors.ts';

const longest = '365d';

export const create = defineCommand({
  name: 'create',
  summary: 'make a token for a service account: CI, a server, a script',
  description:
    'Prints the token, once: it is kept nowhere in readable form. An account that is not there yet is made, and may do ' +
    'what --read and --write name, and nothing else; one that is there keeps its grants (`secrets grant`), and takes ' +
    'none here. With --names, only those names of each place. How long the token is to live must be said. A token is ' +
    'used with a server: SECRETS_URL and SECRETS_TOKEN.',
  args: { account: positional('name of the service account', 'principal') },
  options: {
    read: values('--read <place>', 'let it read project/environment; may be given several times', 'place'),
    write: values('--write <place>', 'let it write there; may be given several times', 'place'),
    names: values('--names <pattern>', 'only these names (default: all); may be given several times'),
    ttl: value('--ttl <span>', `how long it lives, must be given: 90s, 15m, 1h, 7d, at most ${longest}`),
    ip: values('--ip <range>', 'only from this address or CIDR range; may be given several times'),
    json: jsonOption,
  },
  examples: [
    [
      'For one job of CI',
      "token=$(secrets token create ci-web --read web/staging --names 'OPENAI_*' --ttl 1h)",
    ],
    ['One more for an account that is there', 'secrets token create ci-web --ttl 30d --ip 203.0.113.0/24'],
  ],
  async run(ctx, { account, read, write, names, ttl, ip, json }) {
    const grants = [...reaches('read', read, names), ...reaches('write', write, names)];
    if (names.length > 0 && grants.length === 0)
      throw new SecretsError('usage', '--names goes with --read or --write');
    const team = await ctx.team();
    const made = await team.createToken({ account, grants, ttl: timeToLive(ttl), ranges: ip });
    if (json) return ctx.print.json({ ...made, token: made.token.reveal() });
    ctx.print.line(made.token.reveal());
    ctx.print.note(`the token of ${account}: it is not shown again, and ends ${timeText(made.expiresAt)}`);
    for (const it of grants)
      ctx.print.note(`${account} may ${it.permission} ${it.names} in ${placeText(it)}`);
    ctx.print.note(`revoke it: secrets token revoke ${made.id}`);
  },
});

function timeToLive(text: string | undefined): number {
  if (text === undefined)
    throw new SecretsError('usage', 'say how long the token is to live', { hint: 'for an hour: --ttl 1h' });
  const seconds = parseDuration(text, '--ttl');
  if (seconds <= parseDuration(longest, '--ttl')) return seconds;
  throw new SecretsError('usage', `--ttl is too long`, { hint: `at most ${longest}` });
}

/** Each place with each pattern. */
function reaches(
  permission: Permission,
  places: readonly string[],
  patterns: readonly string[],
): NewToken['grants'] {
  const names = patterns.length > 0 ? patterns : ['*'];
  return places.flatMap((place) => {
    const { project, environment } = parsePlace(place);
    return names.map((pattern) => ({ project, environment, names: pattern, permission }));
  });
}
