import type { Context } from '../../context.ts';
import { type GitState, trackedIn } from '../../exposure/git-safety.ts';
import { SecretsError } from '../../errors.ts';
import { assertIgnorable, makeIgnored, statesOf } from '../keep-ignored.ts';
import { backupsOf, nextBackup } from './backup.ts';
import type { Faults } from './faults.ts';
import type { Located } from './locate.ts';
import type { PullOptions } from './options.ts';
import type { Target } from './targets.ts';

/** A target with all that git must not get, and how that stands. */
export interface Guarded extends Located {
  readonly guarded: readonly OwnPath[];
}

interface OwnPath {
  readonly path: string;
  readonly state: GitState;
  /** What the names begin with of all that one line of .gitignore is to cover. */
  readonly series?: string;
}

/** Asks git once about all files; those that it tracks, or may not be told to ignore, are among the faults. */
export function guard(
  ctx: Context,
  places: readonly Located[],
  options: PullOptions,
  faults: Faults,
): Guarded[] {
  const own = (place: Located): string[] => ownPaths(place, options).map(({ path }) => path);
  const states = statesOf(ctx, places.flatMap(own));
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
  const own = ownPaths({ path, target }, options).map((one) =>
    Object.assign(one, { state: states.get(one.path)! }),
  );
  for (const { path: one, state, series } of own) assertIgnorable(one, state, options.gitignore, series);
  if (target.format === 'files' && own.some(({ state }) => state !== 'outside'))
    assertNoneTracked(path, target);
  return { target, path, memory, guarded: own };
}

/** Tells git to ignore what it does not ignore yet. Meanwhile another pull may have told it. */
export function ignoreAll(ctx: Context, places: readonly Guarded[]): void {
  const all = places.flatMap((place) => place.guarded);
  const exposed = all.flatMap(({ path, state }) => (state === 'exposed' ? [path] : []));
  const now = exposed.length > 0 ? statesOf(ctx, exposed) : undefined;
  for (const { path, state, series } of all) makeIgnored(ctx, path, now?.get(path) ?? state, series);
}

/** Backups of files in a folder are in that folder. */
function ownPaths(
  { path, target }: Pick<Located, 'path' | 'target'>,
  { backup }: PullOptions,
): Omit<OwnPath, 'state'>[] {
  if (!backup || target.format === 'files') return [{ path }];
  return [{ path }, { path: nextBackup(path), series: backupsOf(path) }];
}

/**
 * A folder that is ignored may hold what git tracks, be it there or not, and would commit as it is written. Nor is a folder
 * of the repository's own to be ignored: what is put there later would never be committed.
 */
function assertNoneTracked(folder: string, { shown }: Target): void {
  const tracked = trackedIn(folder);
  if (tracked === undefined) return;
  throw new SecretsError(
    'invalid',
    `"${shown}" holds "${tracked}", which is tracked by git; no secrets go there`,
    {
      hint: 'name a folder for the secrets alone: secrets pull FOLDER --format files',
    },
  );
}
