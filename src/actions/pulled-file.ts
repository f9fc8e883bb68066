import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { type LastPull, PullMemory } from '../dotenv/last-pull.ts';
import { readerNamed } from '../dotenv/readers/index.ts';
import type { Reader } from '../dotenv/readers/reader.ts';
import { SecretsError } from '../errors.ts';
import { pullTargets, type Target } from './pull/targets.ts';
import { withPullLock } from './pull/write.ts';
import { type Agreed, rememberAgreed } from './remember-pull.ts';

/** A file that a pull of this scope wrote, or would write. */
export interface PulledFile {
  readonly memory: PullMemory;
  readonly last: LastPull | undefined;
  /** The one program that the link file names for it: it is written for that one, and read as that one does. */
  readonly as: Reader | undefined;
}

/** What is known of pulls into a file that is there; undefined for stdin and for a file of the user's own. */
export function pulledFile(ctx: Context, scope: ResolvedScope, file: string): PulledFile | undefined {
  if (file === '-' || !existsSync(resolve(ctx.cwd, file))) return undefined;
  const path = realpathSync(resolve(ctx.cwd, file));
  const target = targetsOf(scope, ctx.cwd).find(
    (one) => existsSync(one.file) && realpathSync(one.file) === path,
  );
  const memory = new PullMemory(ctx.paths().state, path);
  const last = memory.load();
  const isOfScope = last?.project === scope.project && last.environment === scope.environment;
  if (last ? !isOfScope : !target) return undefined;
  const [name, ...others] = target?.readers ?? [];
  return { memory, last, as: name === undefined || others.length > 0 ? undefined : readerNamed(name) };
}

/** Remembers that the file holds what the vault holds under these names, as after a pull. */
export function rememberFile(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
  values: ReadonlyMap<string, Agreed>,
): void {
  if (values.size === 0) return;
  withPullLock(ctx, () => {
    const pulled = pulledFile(ctx, scope, file);
    if (pulled) rememberAgreed(pulled.memory, scope, values, ctx.now());
  });
}

/** A link file that no pull can follow is the business of pulls. */
function targetsOf(scope: ResolvedScope, cwd: string): readonly Target[] {
  try {
    return pullTargets(scope, cwd);
  } catch (error) {
    if (error instanceof SecretsError) return [];
    throw error;
  }
}
