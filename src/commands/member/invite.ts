import { defineCommand, jsonOption, positional, value, values } from '../../cli/define.ts';
import { memberRole, roles } from '../../cli/role.ts';
import { timeText } from '../../cli/text.ts';

export const invite = defineCommand({
  name: 'invite',
  summary: 'make a one-time code by which somebody joins the team',
  description:
    'Prints the code, which is kept nowhere in readable form: pass it on by a safe way. It works once, within a day; ' +
    'a new code for the same person puts an end to the one before. For somebody who is a member already it is a code ' +
    'for another machine, which members may make for themselves. Codes are used by `secrets login`, which asks a ' +
    'server: a code made in the vault of this machine works once a server serves that vault.',
  args: { name: positional('e-mail address of the new member') },
  options: {
    role: value('--role <role>', 'admin or member (default: member)', roles),
    group: values('--group <name>', 'put them into this group; may be given several times', 'group'),
    json: jsonOption,
  },
  examples: [
    ['A new colleague', 'secrets member invite colleague@example.com --group backend'],
    ['The code alone, for a script', 'code=$(secrets member invite colleague@example.com)'],
  ],
  async run(ctx, { name, role, group, json }) {
    const asked = role === undefined ? {} : { role: memberRole(role) };
    const team = await ctx.team();
    const invited = await team.invite({
      name,
      ...asked,
      ...(group.length > 0 && { groups: group }),
    });
    if (json) return ctx.print.json({ ...invited, code: invited.code.reveal() });
    ctx.print.line(invited.code.reveal());
    ctx.print.note(
      `pass it on to ${name} (${invited.role}): it works once, until ${timeText(invited.expiresAt)}`,
    );
    const place = ctx.place();
    const server = place.kind === 'server' ? place.origin : 'https://YOUR-SERVER';
    ctx.print.note(`they type it when asked: secrets login ${server}`);
  },
});
