import { relative } from 'node:path';
import { defineCommand, jsonOption } from '../../cli/define.ts';
import { removeHooks } from '../../hooks/change.ts';
import { findHookPlace } from '../../hooks/place.ts';

export const remove = defineCommand({
  name: 'remove',
  summary: 'take the hooks away again',
  description: 'Only the lines of `secrets hook install` go; a hook that held nothing else goes with them.',
  args: {},
  options: { json: jsonOption },
  examples: [['Hear of changes no more', 'secrets hook remove']],
  async run(ctx, { json }) {
    const place = findHookPlace(ctx.cwd);
    const changed = (await removeHooks(place)).filter(({ change }) => change !== 'none');
    if (json) return ctx.print.json({ manager: place.manager, files: changed });
    if (changed.length === 0) ctx.print.note('there was no hook of ours');
    for (const { path } of changed)
      ctx.print.note(`the hook is no longer in ${relative(ctx.cwd, path) || path}`);
  },
});
