import { type Arg, defineCommand } from '../cli/define.ts';
import { candidates } from '../completion/candidates.ts';

const words: Arg & { many: true } = {
  summary: 'the words after `secrets`, up to the cursor',
  many: true,
  required: false,
};

export const complete = defineCommand({
  name: 'complete',
  summary: 'print completion candidates; called by the scripts that `secrets completion` prints',
  args: { words },
  options: {},
  examples: [],
  passThrough: true,
  hidden: true,
  async run(ctx, input) {
    // PowerShell cannot hand over an empty word as it is.
    const typed = input.words.map((word) => (word === '""' ? '' : word));
    const found = await candidates(ctx, ctx.commands, typed.length > 0 ? typed : ['']);
    for (const { word, summary } of found) ctx.print.line(summary === '' ? word : `${word}\t${summary}`);
  },
});
