import { minPassphraseLength, openBackup, parseBackup, sealBackup } from '../crypto/backup.ts';
import { formatMasterKey, newMasterKey } from '../crypto/master-key.ts';
import { SecretsError } from '../errors.ts';
import { readText } from '../files/read.ts';
import { writeFile } from '../files/write.ts';
import { Secret } from '../secret.ts';

/** A fresh master key as text, for SECRETS_MASTER_KEY. */
export function newMasterKeyText(): Secret {
  return new Secret(formatMasterKey(newMasterKey()));
}

/** Throws `invalid` for a passphrase that is too short to guard a key. */
export function assertPassphrase(passphrase: Secret): void {
  if (passphrase.reveal().length >= minPassphraseLength) return;
  throw new SecretsError(
    'invalid',
    `the passphrase is too short: at least ${minPassphraseLength} characters`,
    {
      hint: 'four or five random words are easy to keep and hard to guess',
    },
  );
}

/** Writes the master key, sealed under a passphrase, to a new file. Throws `conflict` where there is a file already. */
export async function exportKey(
  masterKey: Buffer,
  vaultId: string,
  passphrase: Secret,
  file: string,
): Promise<void> {
  const backup = await sealBackup(masterKey, vaultId, passphrase.reveal());
  writeFile(file, `${JSON.stringify(backup, null, 2)}\n`, { fresh: true });
}

/** Opens a backup file. Throws `invalid` for another file, `key_wrong` for a wrong passphrase. */
export async function importKey(
  file: string,
  passphrase: Secret,
): Promise<{ vaultId: string; masterKey: Buffer }> {
  const backup = parseBackup(readText(file, 'backup'), file);
  return { vaultId: backup.vaultId, masterKey: await openBackup(backup, passphrase.reveal()) };
}
