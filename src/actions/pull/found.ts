import type { SecretSet } from '../../api/backend.ts';
import type { ResolvedScope } from '../../config/scope.ts';
import { scopeText } from '../../cli/text.ts';
import type { Context } from '../../context.ts';
import { whereOf } from '../last-seen.ts';
import type { Source } from '../remember-pull.ts';
import type { Faults } from './faults.ts';
import type { Located } from './locate.ts';
import type { PullOptions } from './options.ts';
import { prepareAll, type Ready } from './prepare.ts';
import { namesToRead } from './selection.ts';

/** What a pull read, ready to be planned. */
export interface Found {
  readonly source: Source;
  readonly ready: readonly Ready[];
  /** The whole environment, where no less was read. */
  readonly all: SecretSet | undefined;
  /** Before it began to read: whoever wrote later may have read later, too. */
  readonly began: Date;
}

/** Reads what all targets need at once, and makes them ready; those that cannot be are among the faults. */
export async function find(
  ctx: Context,
  places: readonly Located[],
  scope: ResolvedScope,
  options: PullOptions,
  faults: Faults,
): Promise<Found> {
  const began = ctx.now();
  const names = namesToRead(places.map(({ target }) => target.selection));
  const set = await (await ctx.team()).read(scope, names);
  const source = { ...scope, revision: set.revision, place: whereOf(ctx) };
  const ready = await prepareAll(ctx, places, { scope, set, options }, faults);
  return { source, ready, began, all: names ? undefined : set };
}

/**
 * Whether another pull wrote something newer while this one read: then what was read is not to be written. Only while: a
 * vault that was brought back from a backup has an older revision for good.
 */
export function isOvertaken({ source, ready, began }: Found): boolean {
  return ready.some(({ place }) => {
    if (!place.memory.isSavedSince(began)) return false;
    const last = place.memory.load();
    const isOfSame = last?.place === source.place && last && scopeText(last) === scopeText(source);
    return isOfSame && last.revision > source.revision && last.at >= began.toISOString();
  });
}
