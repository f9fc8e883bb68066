import { defineCommand, jsonOption, positional, serverOptions } from '../../cli/define.ts';
import { timeText } from '../../cli/text.ts';

export const invite = defineCommand({
  name: 'invite',
  summary: 'make an enrolment code for an admin, when none can log in any more',
  description:
    'For whoever runs the server: it needs the database and the master key, and no token. The admin is made if there is ' +
    'none of that name. It stands in the audit trail, by the name of operator. The server may run meanwhile.',
  args: { name: positional('e-mail address of the admin') },
  options: { ...serverOptions, json: jsonOption },
  examples: [
    [
      'All admins have lost their tokens',
      'secrets serve invite you@example.com --master-key file:master.key',
    ],
  ],
  async run(ctx, { name, json, ...options }) {
    const { ServerVault } = await import('../../serving.ts');
    const server = new ServerVault({ ...ctx, ...options, paths: ctx.paths() });
    const { code, expiresAt } = await server.inviteAdmin(name);
    if (json) return ctx.print.json({ name, role: 'admin', code: code.reveal(), expiresAt });
    ctx.print.line(code.reveal());
    ctx.print.note(`good for one login as ${name}, until ${timeText(expiresAt)}`);
  },
});
