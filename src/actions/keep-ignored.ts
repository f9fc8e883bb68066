import { basename, dirname, relative } from 'node:path';
import { findWorkTree } from '../config/git.ts';
import type { Context } from '../context.ts';
import {
  excludeTemporaries,
  type GitState,
  gitStates,
  ignoreFile,
  ignoreLine,
  trackedError,
} from '../exposure/git-safety.ts';
import { SecretsError } from '../errors.ts';

/**
 * Sees to it that git ignores a file before values are written to it. Throws `invalid` when git tracks it already, or
 * does not ignore it and may not be told to.
 */
export function keepIgnored(ctx: Context, file: string, mayAdd: boolean): void {
  const state = statesOf(ctx, [file]).get(file)!;
  assertIgnorable(file, state, mayAdd);
  makeIgnored(ctx, file, state);
}

/** Where files stand with git. It is not started where there is none: it costs more than the rest of a pull. */
export function statesOf(ctx: Context, files: readonly string[]): ReadonlyMap<string, GitState> {
  const isInTree = (file: string): boolean => findWorkTree(dirname(file)) !== undefined;
  if (!ctx.env.GIT_DIR && !files.some(isInTree)) return new Map(files.map((file) => [file, 'outside']));
  return gitStates(files);
}

/** Throws `invalid` when git tracks a file, or does not ignore it and may not be told to. */
export function assertIgnorable(file: string, state: GitState, mayAdd: boolean, series?: string): void {
  if (state === 'tracked') throw trackedError(file);
  if (state !== 'exposed' || mayAdd) return;
  throw new SecretsError('invalid', `git does not ignore "${basename(file)}"; values must not be committed`, {
    hint: ignoreLine(file, series),
  });
}

/**
 * Adds the line that makes git ignore a file, or all whose names begin with `series`, and tells; nothing to be done where
 * it is ignored.
 */
export function makeIgnored(ctx: Context, file: string, state: GitState, series?: string): void {
  if (state === 'outside') return;
  excludeTemporaries(file);
  if (state !== 'exposed') return;
  const { path, line } = ignoreFile(file, series);
  ctx.print.note(`added ${line} to ${relative(ctx.cwd, path) || path}`);
}
