import { defineCommand, positional, serverOptions } from '../../cli/define.ts';

export const restore = defineCommand({
  name: 'restore',
  summary: 'bring a backup back into an empty database',
  description:
    'The database must have nothing in it, the file of an SQLite one must not be there. The backup may come from ' +
    'either kind of database.',
  args: { file: positional('backup to read', 'file') },
  options: serverOptions,
  examples: [
    [
      'Move a team to PostgreSQL',
      'secrets serve restore secrets.db --database postgres://secrets@db/secrets',
    ],
  ],
  async run(ctx, { file, ...options }) {
    const { ServerVault } = await import('../../serving.ts');
    await new ServerVault({ ...ctx, ...options, paths: ctx.paths() }).restore(file);
    ctx.print.note('restored; start the server: secrets serve');
  },
});
