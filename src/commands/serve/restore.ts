import { defineCommand, jsonOption, positional, serverOptions } from '../../cli/define.ts';

export const restore = defineCommand({
  name: 'restore',
  summary: 'bring a backup back into an empty database',
  description:
    'The database must have nothing in it, the file of an SQLite one must not be there. The backup may come from ' +
    'either kind of database.',
  args: { file: positional('backup to read', 'file') },
  options: { ...serverOptions, json: jsonOption },
  examples: [
    [
      'Move a team to PostgreSQL',
      'secrets serve restore secrets.db --database postgres://secrets@db/secrets',
    ],
  ],
  async run(ctx, { file, json, ...options }) {
    const { ServerVault } = await import('../../serving.ts');
    const vault = new ServerVault({ ...ctx, ...options, paths: ctx.paths() });
    const { admins, members } = await vault.restore(file);
    if (json) return ctx.print.json({ restored: file, admins, members });
    ctx.print.note(`admins that are back: ${admins.join(', ') || 'none'}; other members: ${members}`);
    ctx.print.note('restored; start the server: secrets serve');
  },
});
