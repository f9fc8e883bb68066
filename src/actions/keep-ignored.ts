import { basename, dirname, relative } from 'node:path';
import { findWorkTree } from '../config/git.ts';
import type { Context } from '../context.ts';
import { cannotSay, excludeTemporaries, gitState, ignoreFile, ignoreLine } from '../dotenv/git-safety.ts';
import { SecretsError } from '../errors.ts';

/**
 * Sees to it that git ignores a file before values are written to it. Throws `invalid` when git tracks it already, or
 * does not ignore it and may not be told to.
 */
export function keepIgnored(ctx: Context, file: string, mayAdd: boolean): void {
  // Git is not started where there is none: it costs more than the rest of a pull.
  if (!findWorkTree(dirname(file)) && !ctx.env.GIT_DIR) return;
  const state = gitState(file);
  // There is a work tree: git is missing, or does not know it for one.
  if (state === 'outside' && findWorkTree(dirname(file))) throw cannotSay(file);
  if (state !== 'outside') excludeTemporaries(file);
  if (state !== 'exposed') return;
  if (!mayAdd) {
    throw new SecretsError(
      'invalid',
      `git does not ignore "${basename(file)}"; values must not be committed`,
      {
        hint: ignoreLine(file),
      },
    );
  }
  const path = ignoreFile(file);
  ctx.print.note(`added ${basename(file)} to ${relative(ctx.cwd, path) || path}`);
}
