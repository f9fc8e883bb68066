import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defineCommand, jsonOption } from '../../cli/define.ts';
import type { Context } from '../../context.ts';
import { installHooks } from '../../hooks/change.ts';
import { findHookPlace, type HookPlace } from '../../hooks/place.ts';
import { findProgram } from '../../process/find.ts';

export const install = defineCommand({
  name: 'install',
  summary: 'have git tell after a merge or a checkout which secrets changed',
  description:
    'A post-merge and a post-checkout hook say which secrets changed since your pull. They never pull, and they never ' +
    'fail or hold up git: what takes more than two seconds is left out. The lines go into the hooks that git uses ' +
    '(core.hooksPath, too), into those of husky, or into the config of lefthook; what stands there already stays.',
  args: {},
  options: { json: jsonOption },
  examples: [['Hear of changes after git pull', 'secrets hook install']],
  async run(ctx, { json }) {
    const place = findHookPlace(ctx.cwd);
    const changed = await installHooks(place);
    if (place.manager === 'lefthook' && !isCalled(place))
      await ctx.print.warn('lefthook does not make these hooks yet', ['lefthook install']);
    if (place.isShared)
      await ctx.print.warn(`${place.folder} has the hooks of all repositories of this user (core.hooksPath)`);
    if (!isOnPath(ctx))
      await ctx.print.warn(
        'the hooks call the program on PATH, and "secrets" is not there: they will be silent',
      );
    if (json) return ctx.print.json({ manager: place.manager, files: changed });
    for (const { path, change } of changed) {
      const name = relative(ctx.cwd, path) || path;
      ctx.print.note(change === 'none' ? `${name} has the hook already` : `the hook is in ${name}`);
    }
  },
});

function isOnPath({ env, cwd }: Context): boolean {
  try {
    return findProgram('secrets', env.PATH, cwd) !== undefined;
  } catch {
    return false;
  }
}

function isCalled({ folder }: HookPlace): boolean {
  try {
    return ['post-merge', 'post-checkout'].every((name) =>
      readFileSync(join(folder, name), 'utf8').includes('lefthook'),
    );
  } catch {
    return false;
  }
}
