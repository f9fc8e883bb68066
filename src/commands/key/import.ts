import { tellEmbeddedOnly } from '../../actions/embedded-only.ts';
import { defineCommand, insecureOption, jsonOption, positional, value } from '../../cli/define.ts';
import { passphraseIn } from '../../cli/input.ts';
import { spinning } from '../../cli/progress.ts';
import { SecretsError } from '../../errors.ts';

export const importKey = defineCommand({
  name: 'import',
  summary: 'bring the master key back from a backup',
  description:
    'The backup must be of the vault on this machine: copy the vault file here first, then import its key.',
  args: { file: positional('backup file', 'file') },
  options: {
    passphraseFile: value('--passphrase-file <file>', 'take the passphrase from a file', 'file'),
    insecureStorage: insecureOption,
    json: jsonOption,
  },
  examples: [
    ['On a new machine, after copying the vault', 'secrets key import /media/stick/secrets-key.json'],
  ],
  async run(ctx, { file, passphraseFile, insecureStorage, json }) {
    const { importKey: openBackupFile } = await import('../../credentials/backup.ts');
    await tellEmbeddedOnly(ctx);
    const vault = await ctx.embedded({ insecureStorage });
    const opened = await vault.open();
    const passphrase =
      passphraseFile === undefined
        ? await ctx.ask.secret('Passphrase of the backup', 'take it from a file: --passphrase-file FILE')
        : passphraseIn(passphraseFile);
    const { vaultId, masterKey } = await spinning(ctx, 'Opening the backup', () =>
      openBackupFile(file, passphrase),
    );
    if (vaultId !== opened.id) {
      throw new SecretsError('key_wrong', `"${file}" is the backup of another vault than ${vault.path}`, {
        hint: 'name the vault that it belongs to: SECRETS_VAULT=FILE secrets key import …',
      });
    }
    opened.assertKey(masterKey);
    const storage = await vault.keys.keep(opened.id, masterKey);
    if (storage === 'file') await ctx.print.warn(`the master key is in a plain file, ${vault.keys.file}`);
    if (json) return ctx.print.json({ keyStorage: storage });
    ctx.print.note(`the master key is back, in ${storage === 'file' ? vault.keys.file : 'the keychain'}`);
  },
});
