import type { TokenInfo } from '../../api/team.ts';
import { defineCommand, jsonOption } from '../../cli/define.ts';
import { timeText } from '../../cli/text.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list the tokens that are valid, with their last use',
  description:
    'All of them, for an admin; else your own. The tokens themselves are kept nowhere and cannot be shown. Of a token ' +
    'that a login made, the machine is named as it named itself: that need not be true.',
  args: {},
  options: { json: jsonOption },
  examples: [['What is in use, and by whom', 'secrets token list']],
  async run(ctx, { json }) {
    const tokens = await (await ctx.team()).listTokens();
    if (json) return ctx.print.json(tokens);
    if (tokens.length === 0) return ctx.print.note('no tokens');
    const heading = ['ID', 'TOKEN', 'KIND', 'WHO', 'MADE', 'LAST USED', 'ENDS', 'HOST, AS TOLD', 'ONLY FROM'];
    await ctx.print.table(heading, tokens.map(row));
  },
});

function row({ id, prefix, kind, principal, ...it }: TokenInfo): string[] {
  const used = it.lastUsedAt === undefined ? 'never' : timeText(it.lastUsedAt);
  return [
    id,
    `${prefix}…`,
    kind,
    principal,
    timeText(it.createdAt),
    used,
    timeText(it.expiresAt),
    it.toldHost ?? '-',
    it.ranges.length > 0 ? it.ranges.join(', ') : '-',
  ];
}
