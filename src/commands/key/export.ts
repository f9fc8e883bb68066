import { resolve } from 'node:path';
import { tellEmbeddedOnly } from '../../actions/embedded-only.ts';
import { defineCommand, jsonOption, positional, value } from '../../cli/define.ts';
import { passphraseIn } from '../../cli/input.ts';
import { spinning } from '../../cli/progress.ts';
import type { Context } from '../../context.ts';
import { SecretsError } from '../../errors.ts';
import type { Secret } from '../../secret.ts';

export const exportKey = defineCommand({
  name: 'export',
  summary: 'back up the master key to a file, under a passphrase',
  description:
    'Without its master key a vault is lost for good. The backup is a small file that opens with the passphrase alone; ' +
    'keep it somewhere else than this machine. A file that is there already is never replaced.',
  args: { file: positional('file to write', 'file') },
  options: {
    passphraseFile: value('--passphrase-file <file>', 'take the passphrase from a file', 'file'),
    json: jsonOption,
  },
  examples: [['Back it up to a memory stick', 'secrets key export /media/stick/secrets-key.json']],
  async run(ctx, { file, passphraseFile, json }) {
    const { assertPassphrase, exportKey: writeBackup } = await import('../../credentials/backup.ts');
    await tellEmbeddedOnly(ctx);
    const vault = await ctx.embedded();
    const opened = await vault.open();
    const masterKey = await vault.keys.read(opened.id);
    opened.assertKey(masterKey);
    const passphrase =
      passphraseFile === undefined ? await askTwice(ctx, assertPassphrase) : passphraseIn(passphraseFile);
    assertPassphrase(passphrase);
    const path = resolve(ctx.cwd, file);
    await spinning(ctx, 'Stretching the passphrase', () =>
      writeBackup(masterKey, opened.id, passphrase, path),
    );
    await opened.markKeyExported(ctx.now().toISOString());
    if (json) return ctx.print.json({ file: path });
    ctx.print.note(`wrote ${file}: keep it away from this machine, and the passphrase away from it`);
  },
});

/** Checked before it is asked for again. */
async function askTwice(ctx: Context, check: (passphrase: Secret) => void): Promise<Secret> {
  const instead = 'take it from a file: --passphrase-file FILE';
  const first = await ctx.ask.secret('Passphrase for the backup', instead);
  check(first);
  if (first.equals(await ctx.ask.secret('The same again', instead))) return first;
  throw new SecretsError('invalid', 'the two passphrases differ; nothing was written');
}
