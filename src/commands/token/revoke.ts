import { defineCommand, jsonOption, several } from '../../cli/define.ts';
import { count } from '../../cli/text.ts';

export const revoke = defineCommand({
  name: 'revoke',
  summary: 'put an end to tokens, at once',
  description:
    'Without a question, because it may be urgent: the next call with it is refused. An admin revokes any; everybody ' +
    'else, their own. A service account stays with its grants; `secrets member remove` removes it.',
  args: { ids: several('id of a token, as `secrets token list` shows it', 'token') },
  options: { json: jsonOption },
  examples: [['See the ids, then revoke one', 'secrets token list && secrets token revoke ID']],
  async run(ctx, { ids, json }) {
    const team = await ctx.team();
    for (const id of ids) await team.revokeToken(id);
    if (json) return ctx.print.json({ revoked: ids });
    ctx.print.note(`revoked ${count(ids.length, 'token')}`);
  },
});
