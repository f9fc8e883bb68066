import type { KeyObject } from 'node:crypto';
import type { VersionedSecret } from '../api/backend.ts';
import { openValue } from '../crypto/envelope.ts';
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
export function openRow(key: KeyObject, { projectId, environmentId }: FoundScope, row: SecretRow): Secret {
  const { name, version } = row;
  return new Secret(openValue(key, { projectId, environmentId, name, version }, row.sealed));
}

/** The key that seals everything in the project of a scope. */
export function dataKeyOf({ keys }: Call, found: FoundScope): KeyObject {
  return keys.dataKey(found.projectId, found.dataKey);
}
