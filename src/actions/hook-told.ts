import { count, namesText, scopeText } from '../cli/text.ts';
import type { Context } from '../context.ts';
import { rememberSeen } from './last-seen.ts';
import { targetStates } from './pull-drift.ts';

/**
 * Says on stderr which secrets changed in the vault since they were pulled, and nothing where none did, where nothing was
 * pulled, or where it cannot be found out: a hook must not stand in the way of git, and `secrets status` tells the reason
 * to whoever asks.
 */
export async function tellChanges(ctx: Context): Promise<void> {
  const names = await changedNames(ctx).catch(() => []);
  if (names.length === 0) return;
  ctx.print.aside(`secrets: ${count(names.length, 'secret')} changed since your pull: ${namesText(names)}`);
  ctx.print.aside('secrets: hint: secrets pull');
}

async function changedNames(ctx: Context): Promise<readonly string[]> {
  const scope = ctx.scope({});
  const isOfHere = ({ last }: { last: Parameters<typeof scopeText>[0] | undefined }): boolean =>
    last !== undefined && scopeText(last) === scopeText(scope);
  // Nobody is asked where there is nothing to compare with.
  if (!targetStates(ctx, scope, undefined).some(isOfHere)) return [];
  const list = await (await ctx.team()).list(scope);
  rememberSeen(ctx, scope, list);
  const drifts = targetStates(ctx, scope, list)
    .filter(isOfHere)
    .flatMap(({ vault }) => vault ?? []);
  return [...new Set(drifts.flatMap(({ changed, added, removed }) => [changed, added, removed].flat()))];
}
