import { defineCommand, jsonOption } from '../cli/define.ts';
import { keptText } from '../cli/place.ts';
import { timeText } from '../cli/text.ts';
import type { ServerPlace } from '../config/place.ts';
import type { Context } from '../context.ts';

export const whoami = defineCommand({
  name: 'whoami',
  summary: 'show who you are, on which server, and how your token is kept',
  args: {},
  options: { json: jsonOption },
  examples: [['Which server is it, and as whom?', 'secrets whoami']],
  async run(ctx, { json }) {
    const place = ctx.place();
    return place.kind === 'server' ? onServer(ctx, place, json) : onThisMachine(ctx, json);
  },
});

async function onServer(ctx: Context, place: ServerPlace, json: boolean): Promise<void> {
  const server = await ctx.server(place);
  const { name, role, groups, token } = await (await server.team()).whoami();
  const { origin, storage, tokens } = server;
  if (json) {
    return ctx.print.json({ name, role, groups, server: origin, serverFrom: place.from, storage, token });
  }
  await ctx.print.table(undefined, [
    ['name', name],
    ['role', role],
    ['groups', groups.join(', ') || 'none'],
    ['server', `${origin} (${place.from})`],
    ['token', `${token?.prefix ?? ''}…, ${keptText(storage, tokens.file)}`],
    ['ends', token ? timeText(token.expiresAt) : 'unknown'],
  ]);
}

async function onThisMachine(ctx: Context, json: boolean): Promise<void> {
  const { name, role, groups } = await (await ctx.team()).whoami();
  const { path } = await ctx.embedded();
  if (json) return ctx.print.json({ name, role, groups, vault: path });
  await ctx.print.table(undefined, [
    ['name', name],
    ['role', role],
    ['vault', `${path} (on this machine)`],
  ]);
}
