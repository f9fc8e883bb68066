import { assertIds, eachInTurn } from '../../actions/chosen-ids.ts';
import type { TokenInfo } from '../../api/team.ts';
import { defineCommand, jsonOption, several, yesOption } from '../../cli/define.ts';
import { count } from '../../cli/text.ts';
import type { Context } from '../../context.ts';
import { SecretsError } from '../../errors.ts';

export const revoke = defineCommand({
  name: 'revoke',
  summary: 'put an end to tokens, at once',
  description:
    'The next call with it is refused. No question is asked, because it may be urgent, unless it is the token in use ' +
    'here. Of several, none is revoked where one id is wrong. An admin revokes any; everybody else, their own. A ' +
    'service account stays with its grants; `secrets member remove` removes it.',
  args: { ids: several('id of a token, as `secrets token list` shows it', 'token') },
  options: { yes: yesOption, json: jsonOption },
  examples: [['See the ids, then revoke one', 'secrets token list && secrets token revoke ID']],
  async run(ctx, { ids: typed, yes, json }) {
    const team = await ctx.team();
    const known = await team.listTokens();
    const chosen = await assertIds(
      'token',
      typed,
      known.map(({ id }) => id),
    );
    const { token } = await team.whoami();
    const own = token !== undefined && chosen.includes(token.id) ? token : undefined;
    if (own && !yes) await confirmOwn(ctx, own);
    // The token in use goes last: no call is answered after it.
    const ids = own ? [...chosen.filter((id) => id !== own.id), own.id] : chosen;
    await eachInTurn(ctx, ids, 'revoked', (id) => team.revokeToken(id));
    if (own) await tellLoggedOut(ctx, own);
    if (json) return ctx.print.json({ revoked: chosen });
    ctx.print.note(`revoked ${count(ids.length, 'token')}`);
  },
});

async function confirmOwn(ctx: Context, { id }: TokenInfo): Promise<void> {
  const question = `${id} is the token in use here: you will have to log in again. Revoke it?`;
  if (
    await ctx.ask.confirm(
      question,
      'it is the token in use here; to revoke it without being asked: --yes',
      false,
    )
  )
    return;
  throw new SecretsError('interrupted', 'nothing was revoked');
}

async function tellLoggedOut(ctx: Context, { kind, principal }: TokenInfo): Promise<void> {
  const place = ctx.place();
  const server = place.kind === 'server' ? ` ${place.origin}` : '';
  const again =
    kind === 'service'
      ? `an admin makes another: secrets token create ${principal} --ttl 1h`
      : `log in again: secrets login${server}`;
  await ctx.print.warn('the token that was in use here is revoked', [again]);
}
