import { defineCommand, jsonOption, positional, serverOptions } from '../../cli/define.ts';

export const backup = defineCommand({
  name: 'backup',
  summary: 'copy the vault of a server to a file, sealed as it is',
  description:
    'The copy shows one moment, and the server may run meanwhile. Values stay sealed: the file is of no use without the ' +
    'master key, so keep the two apart. A file that is there already is never replaced.',
  args: { file: positional('file to write', 'file') },
  options: { ...serverOptions, json: jsonOption },
  examples: [['Back up before an update', 'secrets serve backup /backup/secrets-2026-01-31.db']],
  async run(ctx, { file, json, ...options }) {
    const { ServerVault } = await import('../../serving.ts');
    await new ServerVault({ ...ctx, ...options, paths: ctx.paths() }).backup(file);
    if (json) return ctx.print.json({ written: file });
    ctx.print.note(`wrote ${file}: it opens with the master key of the vault alone`);
  },
});
