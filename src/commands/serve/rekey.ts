import { defineCommand, jsonOption, serverOptions, value } from '../../cli/define.ts';
import { SecretsError } from '../../errors.ts';

export const rekey = defineCommand({
  name: 'rekey',
  summary: 'put the vault of a server under another master key',
  description:
    'Every data key is wrapped under the new key in one transaction; values are not touched. Servers that run meanwhile ' +
    'go on where they were started with both keys: first restart them with both, then rekey, then drop the old one.',
  args: {},
  options: {
    ...serverOptions,
    newMasterKey: value('--new-master-key <place>', "the new key: file:PATH, env:NAME or command:'…'"),
    json: jsonOption,
  },
  examples: [
    [
      'Change from a file to what a KMS prints',
      `secrets serve rekey --master-key file:old.key --new-master-key command:'kms-decrypt master.key.enc'`,
    ],
  ],
  async run(ctx, { newMasterKey, json, ...options }) {
    if (newMasterKey === undefined)
      throw new SecretsError('usage', 'say where the new key is: --new-master-key PLACE');
    const { ServerVault } = await import('../../serving.ts');
    const projects = await new ServerVault({ ...ctx, ...options, paths: ctx.paths() }).rekey(newMasterKey);
    if (json) return ctx.print.json({ projects });
    ctx.print.note(`the data keys of ${projects} projects are under the new master key`);
  },
});
