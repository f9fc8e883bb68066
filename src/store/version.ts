import { SecretsError } from '../errors.ts';

/** The schema that this program reads and writes. Kept apart from the migrations, which are loaded when there are any to run. */
export const schemaVersion = 2;

/** Throws `vault_too_new` for a schema that only a newer program knows. */
export function assertKnownSchema(version: number, where: string): void {
  if (version <= schemaVersion) return;
  throw new SecretsError(
    'vault_too_new',
    `${where} has schema ${version}; this program knows ${schemaVersion}`,
    {
      hint: 'update: npm install -g team-secrets@latest',
    },
  );
}
