import type { KeyObject } from 'node:crypto';
import type { VersionedSecret } from '../api/backend.ts';
import { openValue } from '../crypto/envelope.ts';
import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';
import type { FoundScope } from '../store/projects.ts';
import type { SecretRow } from '../store/schema.ts';
import type { Call } from './call.ts';

/** Opens rows of one environment. */
export function openAll(
  call: Call,
  found: FoundScope,
  rows: readonly SecretRow[],
): Map<string, VersionedSecret> {
  const key = dataKeyOf(call, found);
  return new Map(rows.map((row) => [row.name, { value: openRow(key, found, row), version: row.version }]));
}

/** Opens one row, current or superseded. */
export function openRow(
  key: KeyObject,
  { projectId, environmentId }: Pick<FoundScope, 'projectId' | 'environmentId'>,
  row: SecretRow,
): Secret {
  const { name, version } = row;
  try {
    return new Secret(openValue(key, { projectId, environmentId, name, version }, row.sealed));
  } catch (cause) {
    throw new SecretsError(
      'vault_damaged',
      `"${name}" (version ${version}) does not open: it was changed or moved`,
      {
        cause,
        hint: 'put a backup of the vault in its place; see all that is wrong: secrets doctor',
      },
    );
  }
}

/** The key that seals everything in the project of a scope. */
export function dataKeyOf({ keys }: Call, found: FoundScope): KeyObject {
  return keys.dataKey(found.projectId, found.dataKey);
}
