import { defineCommand, jsonOption } from '../../cli/define.ts';

export const generate = defineCommand({
  name: 'generate',
  summary: 'print a new master key, for SECRETS_MASTER_KEY',
  description:
    'For a machine without a keychain, before its first `secrets init`. It is stored nowhere: keep it where the ' +
    'variable is set from. It does not open a vault that was made with another key.',
  args: {},
  options: { json: jsonOption },
  examples: [
    [
      'A vault in a container',
      'export SECRETS_MASTER_KEY="$(secrets key generate)" && secrets init --project web',
    ],
  ],
  async run(ctx, { json }) {
    const { newMasterKeyText } = await import('../../credentials/backup.ts');
    const masterKey = newMasterKeyText().reveal();
    if (json) return ctx.print.json({ masterKey });
    ctx.print.line(masterKey);
  },
});
