import { assertIds, eachInTurn } from '../../actions/chosen-ids.ts';
import { defineCommand, jsonOption, several } from '../../cli/define.ts';
import { count } from '../../cli/text.ts';

export const remove = defineCommand({
  name: 'remove',
  summary: 'take grants back',
  description:
    'Without a question: it can be granted again. Of several, none is taken back where one id is wrong. What only ' +
    'these grants allowed is refused from the next call on; rotate what was read and may not be known any more.',
  args: { ids: several('id of a grant, as `secrets grant list` shows it', 'grant') },
  options: { json: jsonOption },
  examples: [['See the ids, then take one back', 'secrets grant list && secrets grant remove ID']],
  async run(ctx, { ids: typed, json }) {
    const team = await ctx.team();
    const known = await team.listGrants();
    const ids = await assertIds(
      'grant',
      typed,
      known.map(({ id }) => id),
    );
    await eachInTurn(ctx, ids, 'took back', (id) => team.removeGrant(id));
    if (json) return ctx.print.json({ removed: ids });
    ctx.print.note(`took ${count(ids.length, 'grant')} back`);
  },
});
