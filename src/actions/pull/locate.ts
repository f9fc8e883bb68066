import type { ResolvedScope } from '../../config/scope.ts';
import type { Context } from '../../context.ts';
import { PullMemory } from '../../dotenv/last-pull.ts';
import { SecretsError } from '../../errors.ts';
import type { Faults } from './faults.ts';
import { assertMayBeTarget } from './foreign-file.ts';
import { realPath } from './real-path.ts';
import type { Target } from './targets.ts';

/** A target whose links were followed. */
export interface Located {
  readonly target: Target;
  /** The file, or the folder, that is written. */
  readonly path: string;
  readonly memory: PullMemory;
}

/** Where a target really is. Throws `invalid` where it cannot be written; for a mere look, its folder may be missing. */
export function locate(
  ctx: Context,
  { link }: ResolvedScope,
  target: Target,
  { isLook = false } = {},
): Located {
  const kind = target.format === 'files' ? 'folder' : 'file';
  const path = realPath(target.file, link?.folder ?? ctx.cwd, kind, { mayLackFolder: isLook });
  assertMayBeTarget(path, ctx.paths());
  return { target, path, memory: new PullMemory(ctx.paths().state, path) };
}

/** The targets that can be written; those that cannot be are among the faults. */
export function locateAll(
  ctx: Context,
  scope: ResolvedScope,
  targets: readonly Target[],
  faults: Faults,
  { isLook = false } = {},
): Located[] {
  const places = targets.flatMap(
    (target) => faults.catch(target.shown, () => locate(ctx, scope, target, { isLook })) ?? [],
  );
  assertApart(places);
  return places;
}

/** Throws `invalid` where two targets are one file. */
function assertApart(places: readonly Located[]): void {
  const twice = places.find(({ path }, i) => places.findIndex((one) => one.path === path) < i);
  if (!twice) return;
  const all = places.filter(({ path }) => path === twice.path).map(({ target }) => target.shown);
  throw new SecretsError('invalid', `${all.join(' and ')} are one file; nothing was written`);
}
