import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';

/** Has a name typed before something is deleted for good; `yes` skips it. Throws `usage` without a terminal. */
export async function confirmName(ctx: Context, what: string, name: string, yes: boolean): Promise<void> {
  if (yes) return;
  const typed = await ctx.ask.text(
    `${what} Type ${name} to confirm:`,
    'to delete without being asked: --yes',
  );
  if (typed.trim() === name) return;
  throw new SecretsError('usage', 'that is not the name; nothing was deleted');
}
