import { tellChanges } from '../../actions/hook-told.ts';
import { type Arg, defineCommand } from '../../cli/define.ts';
import { saidBy } from '../../process/again.ts';

/** Milliseconds that git is held up, at most. */
const patience = 2000;
/** In place of the name of a hook: what is done under that limit. */
const inTime = 'in-time';

const words: Arg & { many: true } = {
  summary: 'name of the hook, and what git gave it',
  many: true,
  required: false,
};

export const run = defineCommand({
  name: 'run',
  summary: 'what the hooks call: tell which secrets changed since the last pull',
  args: { words },
  options: {},
  examples: [],
  passThrough: true,
  hidden: true,
  async run(ctx, { words: [hook, , , isBranch] }) {
    if (hook === inTime) return tellChanges(ctx);
    // The third word tells whether a branch was checked out, or only files.
    if ((hook === 'post-checkout' && isBranch !== '1') || !isLinked(ctx)) return;
    const said = await saidBy(['hook', 'run', inTime], patience);
    if (said !== '') ctx.print.aside(said.trimEnd());
  },
});

function isLinked(ctx: Parameters<typeof tellChanges>[0]): boolean {
  try {
    return ctx.link() !== undefined;
  } catch {
    // A broken link file is told by every other command.
    return false;
  }
}
