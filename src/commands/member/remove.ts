import { confirmName } from '../../actions/confirm-name.ts';
import type { TeamApi } from '../../api/team.ts';
import { defineCommand, jsonOption, positional, yesOption } from '../../cli/define.ts';
import { count } from '../../cli/text.ts';

export const remove = defineCommand({
  name: 'remove',
  summary: 'remove a member or a service account with its tokens and grants',
  description:
    'At once: the next call with any of its tokens is refused. What it knows, it knows: rotate what it could read; ' +
    '`secrets audit --who NAME --action secrets` lists what it did read. Its name stays in the audit trail.',
  args: { name: positional('member or service account', 'principal') },
  options: { yes: yesOption, json: jsonOption },
  examples: [
    ['After typing the name', 'secrets member remove colleague@example.com'],
    ['A service account that nothing uses any more', 'secrets member remove ci-web --yes'],
  ],
  async run(ctx, { name, yes, json }) {
    const team = await ctx.team();
    const what = yes ? undefined : await whatGoes(team, name);
    if (what !== undefined) await confirmName(ctx, what, name, yes);
    await team.removePrincipal(name);
    if (json) return ctx.print.json({ removed: name });
    ctx.print.note(`removed ${name}; rotate what they could read`);
  },
});

/** Undefined where nobody has the name: that is told by the removal itself. */
async function whatGoes(team: TeamApi, name: string): Promise<string | undefined> {
  if (!(await team.listPrincipals()).some((it) => it.name === name)) return undefined;
  const tokens = (await team.listTokens()).filter((it) => it.principal === name);
  const grants = (await team.listGrants()).filter(({ to }) => 'principal' in to && to.principal === name);
  return `${name} goes with ${count(tokens.length, 'token')} and ${count(grants.length, 'grant')}, for good.`;
}
