import { warnOfNoFit } from '../../actions/pattern-fits.ts';
import type { GrantInfo, NewGrant, Permission } from '../../api/team.ts';
import { defineCommand, jsonOption, optional, positional, value } from '../../cli/define.ts';
import { parseMoment } from '../../cli/duration.ts';
import { parsePlace, placeText } from '../../cli/reach.ts';
import { timeText } from '../../cli/text.ts';
import type { Context } from '../../context.ts';
import { SecretsError } from '../../errors.ts';

const spelled = ['read', 'write', 'read,write'] as const;

export const add = defineCommand({
  name: 'add',
  summary: 'let somebody read or write secrets',
  description:
    'Read sees names and values; write sees names, and sets, rotates and deletes. Neither includes the other: ' +
    '`read,write` makes two grants. A place is project/environment, a project alone (every environment of it), ' +
    '*/environment, or * for everything; quote the star, or the shell reads it. Grants only ever add, and hold from ' +
    'the next call on. They are asked where a server serves the vault; whoever opens the vault of this machine is ' +
    'its owner, who may do everything.',
  args: {
    who: positional('member or service account, or group:NAME', 'grantee'),
    permission: positional('read, write, or read,write', spelled),
    place: positional('where: project/environment, project, */environment, or *', 'place'),
    names: optional("secret name, or a pattern such as 'PINECONE_*' (default: all)"),
  },
  options: {
    expires: value('--expires <when>', 'when it ends: 7d from now, or a time in ISO 8601 (default: never)'),
    json: jsonOption,
  },
  examples: [
    ['One service in production', "secrets grant add colleague@example.com read web/production 'PINECONE_*'"],
    ['A whole project, for a week', 'secrets grant add group:backend read,write web --expires 7d'],
    ['Staging of every project', "secrets grant add group:testers read '*/staging'"],
  ],
  async run(ctx, { who, permission, place, names, expires, json }) {
    const expiresAt =
      expires === undefined ? undefined : parseMoment(expires, '--expires', ctx.now(), 'after');
    const grant = {
      to: grantee(who),
      ...parsePlace(place),
      names: names ?? '*',
      ...(expiresAt !== undefined && { expiresAt }),
    };
    const made = await addAll(ctx, grant, permissionsIn(permission));
    if ('group' in grant.to) await warnOfEmpty(ctx, grant.to.group);
    await warnOfNoFit(ctx, grant);
    if (json) return ctx.print.json(made);
    const until = expiresAt === undefined ? '' : ` until ${timeText(expiresAt)}`;
    for (const it of made)
      ctx.print.note(`${who} may ${it.permission} ${it.names} in ${placeText(it)}${until} (${it.id})`);
  },
});

function grantee(who: string): NewGrant['to'] {
  const group = /^group:(.+)$/s.exec(who)?.[1];
  return group === undefined ? { principal: who } : { group };
}

/** A grant to a mistyped group would be of use to nobody, and say nothing. */
async function warnOfEmpty(ctx: Context, group: string): Promise<void> {
  const groups = await (await ctx.team()).listGroups();
  if (groups.some((it) => it.name === group)) return;
  await ctx.print.warn(`nobody is in the group "${group}" yet`, [
    `put somebody in: secrets group add ${group} NAME`,
    'see all groups: secrets group list',
  ]);
}

function permissionsIn(text: string): Permission[] {
  const found = [...new Set(text.split(','))];
  const known = found.filter((it) => it === 'read' || it === 'write');
  if (known.length === found.length) return known;
  throw new SecretsError('usage', 'that is no permission', {
    hint: `a permission is ${spelled.join(', ')}`,
  });
}

/** One after the other; where a later one fails, those that are made are told. */
async function addAll(
  ctx: Context,
  grant: Omit<NewGrant, 'permission'>,
  permissions: readonly Permission[],
): Promise<GrantInfo[]> {
  const team = await ctx.team();
  const made: GrantInfo[] = [];
  try {
    for (const permission of permissions) made.push(await team.addGrant({ ...grant, permission }));
    return made;
  } catch (error) {
    for (const { id, permission } of made) {
      await ctx.print.warn(`only the grant to ${permission} was made`, [
        `take it back: secrets grant remove ${id}`,
      ]);
    }
    throw error;
  }
}
