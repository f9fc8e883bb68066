import type { Context } from '../context.ts';

/** Tells somebody who works on a server that a command is about the vault of this machine all the same. */
export async function tellEmbeddedOnly(ctx: Context): Promise<void> {
  const place = ctx.place();
  if (place.kind !== 'server') return;
  await ctx.print.warn(`this is about the vault of this machine, not about ${place.origin}`, [
    'the master key of a server is kept where it runs',
  ]);
}
