import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import type { GitState } from '../../dotenv/git-safety.ts';
import { assertIgnorable, makeIgnored, statesOf } from '../keep-ignored.ts';
import type { Faults } from './faults.ts';
import type { Located } from './locate.ts';
import type { PullOptions } from './options.ts';
import { backupOf } from './write.ts';

/** A target with all that git must not get, and how that stands. */
export interface Guarded extends Located {
  readonly guarded: readonly { readonly path: string; readonly state: GitState }[];
}

/** Asks git once about all files; those that it tracks, or may not be told to ignore, are among the faults. */
export function guard(
  ctx: Context,
  places: readonly Located[],
  options: PullOptions,
  faults: Faults,
): Guarded[] {
  const paths = places.flatMap((place) => [...ownPaths(place, options), ...insideOf(place)]);
  const states = statesOf(ctx, paths);
  return places.flatMap((place) => {
    const { target } = place;
    return faults.catch(target.shown, () => guardedBy(place, options, states)) ?? [];
  });
}

function guardedBy(
  { target, path, memory }: Located,
  options: PullOptions,
  states: ReadonlyMap<string, GitState>,
): Guarded {
  const own = ownPaths({ path }, options).map((one) => ({ path: one, state: states.get(one)! }));
  for (const { path: one, state } of own) assertIgnorable(one, state, options.gitignore);
  for (const one of insideOf({ path, target })) assertIgnorable(one, states.get(one)!, true);
  return { target, path, memory, guarded: own };
}

/** Tells git to ignore what it does not ignore yet. Meanwhile another pull may have told it. */
export function ignoreAll(ctx: Context, places: readonly Guarded[]): void {
  const all = places.flatMap((place) => place.guarded);
  const exposed = all.flatMap(({ path, state }) => (state === 'exposed' ? [path] : []));
  const now = exposed.length > 0 ? statesOf(ctx, exposed) : undefined;
  for (const { path, state } of all) makeIgnored(ctx, path, now?.get(path) ?? state);
}

function ownPaths({ path }: Pick<Located, 'path'>, { backup }: PullOptions): string[] {
  return backup ? [path, backupOf(path)] : [path];
}

/** A folder that is ignored may hold a file that is tracked. */
function insideOf({ path, target }: Pick<Located, 'path' | 'target'>): string[] {
  const isThere = target.format === 'files' && statSync(path, { throwIfNoEntry: false });
  return isThere ? readdirSync(path).map((name) => join(path, name)) : [];
}
