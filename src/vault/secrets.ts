import type { KeyObject } from 'node:crypto';
import type {
  Change,
  Scope,
  SecretList,
  SecretSet,
  VersionedSecret,
  VersionInfo,
  WriteIntent,
  Written,
} from '../api/backend.ts';
import { assertSecretName, assertValue } from '../api/names.ts';
import { secretNotFound } from '../api/near.ts';
import { sealValue } from '../crypto/envelope.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { type FoundScope, setRevision } from '../store/projects.ts';
import type { SecretRow } from '../store/schema.ts';
import {
  deleteSecrets,
  listSecrets,
  putSecrets,
  readSecrets,
  supersededVersions,
  versionsOf,
} from '../store/secrets.ts';
import { type AuditAction, record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { requireScope } from './scopes.ts';
import { dataKeyOf, openAll, openRow } from './opening.ts';
import { readWhole } from './snapshots.ts';

/** Reads current values; one audit event lists every name and version that was handed out. */
export async function read(call: Call, scope: Scope, names?: readonly string[]): Promise<SecretSet> {
  const found = await requireScope(call, scope, 'read');
  const secrets = names === undefined ? await readWhole(call, found) : await readNamed(call, found, names);
  const versions = [...secrets].map(([name, { version }]) => ({ name, version }));
  await record(call, 'secrets.read', scope, { revision: found.revision, secrets: versionsByName(versions) });
  return { revision: found.revision, secrets };
}

async function readNamed(
  call: Call,
  found: FoundScope,
  names: readonly string[],
): Promise<Map<string, VersionedSecret>> {
  return openAll(call, found, await readSecrets(call.tx, found.environmentId, [...new Set(names)]));
}

export async function list(look: Look, scope: Scope): Promise<SecretList> {
  const found = await requireScope(look, scope, 'list');
  const rows = await listSecrets(look.tx, found.environmentId);
  return {
    revision: found.revision,
    secrets: rows.map((row) => ({
      name: row.name,
      version: row.version,
      updatedAt: row.written_at,
      updatedBy: row.written_by,
    })),
  };
}

/** Writes all changes or none. */
export async function write(
  call: Call,
  scope: Scope,
  changes: readonly Change[],
  intent: WriteIntent = 'set',
): Promise<Written> {
  const found = await requireScope(call, scope, 'write');
  return put(call, scope, found, changes, `secrets.${intent}`);
}

/** The one way by which new versions come to be: checked, sealed, put in place, told to the audit trail. */
export async function put(
  call: Call,
  scope: Scope,
  found: FoundScope,
  changes: readonly Change[],
  action: AuditAction,
  detail: object = {},
): Promise<Written> {
  if (changes.length === 0) return { revision: found.revision, secrets: [] };
  assertChanges(changes);
  const names = changes.map((change) => change.name);
  const current = new Map(
    (await versionsOf(call.tx, found.environmentId, names)).map((row) => [row.name, row]),
  );
  await assertExpected(call, scope, changes, current);
  const key = dataKeyOf(call, found);
  const rows = changes.map((change) =>
    sealChange(call, key, found, change, (current.get(change.name)?.version ?? 0) + 1),
  );
  const revision = found.revision + 1;
  await putSecrets(call.tx, found.environmentId, rows);
  await setRevision(call.tx, found.environmentId, revision);
  await record(call, action, scope, { ...detail, revision, secrets: versionsByName(rows) });
  return { revision, secrets: rows.map(({ name, version }) => ({ name, version })) };
}

/** Deletes secrets with every version. The audit event stays. */
export async function remove(call: Call, scope: Scope, names: readonly string[]): Promise<void> {
  const found = await requireScope(call, scope, 'write');
  const unique = [...new Set(names)];
  if (unique.length === 0) return;
  const rows = await versionsOf(call.tx, found.environmentId, unique);
  await assertAllThere(call, scope, unique, new Set(rows.map((row) => row.name)));
  const revision = found.revision + 1;
  await deleteSecrets(call.tx, found.environmentId, unique);
  await setRevision(call.tx, found.environmentId, revision);
  await record(call, 'secrets.delete', scope, { revision, secrets: versionsByName(rows) });
}

/** The versions of one secret, newest first. */
export async function history(look: Look, scope: Scope, name: string): Promise<VersionInfo[]> {
  const rows = await allVersions(look, scope, name);
  return rows.map((row, i) => ({
    version: row.version,
    createdAt: row.written_at,
    createdBy: row.written_by,
    current: i === 0,
  }));
}

/** One version of one secret. */
export async function readVersion(call: Call, scope: Scope, name: string, version: number): Promise<Secret> {
  const found = await requireScope(call, scope, 'read');
  const row = (await allVersions(call, scope, name)).find((candidate) => candidate.version === version);
  if (!row) {
    throw new SecretsError('not_found', `"${name}" has no version ${version}`, {
      hint: `see them: secrets history ${name}`,
    });
  }
  await record(call, 'secrets.read-version', scope, { secrets: { [name]: version } });
  return openRow(dataKeyOf(call, found), found, row);
}

async function allVersions(look: Look, scope: Scope, name: string): Promise<SecretRow[]> {
  const found = await requireScope(look, scope, 'list');
  const current = await readSecrets(look.tx, found.environmentId, [name]);
  await assertAllThere(look, scope, [name], new Set(current.map((row) => row.name)));
  return [...current, ...(await supersededVersions(look.tx, found.environmentId, name))];
}

function assertChanges(changes: readonly Change[]): void {
  const seen = new Set<string>();
  for (const { name, value, allowHijacking } of changes) {
    assertSecretName(name, { allowHijacking });
    assertValue(name, value);
    if (seen.has(name)) throw new SecretsError('invalid', `"${name}" is given more than once`);
    seen.add(name);
  }
}

async function assertExpected(
  call: Call,
  scope: Scope,
  changes: readonly Change[],
  current: ReadonlyMap<string, { version: number; written_by: string }>,
): Promise<void> {
  const mustExist = changes.filter((change) => change.expect === 'exists').map((change) => change.name);
  await assertAllThere(call, scope, mustExist, new Set(current.keys()));
  for (const { name, expect } of changes) {
    const now = current.get(name);
    if (typeof expect !== 'number' || expect === (now?.version ?? 0)) continue;
    const state = now ? `is at version ${now.version} by ${now.written_by}` : 'was deleted';
    throw new SecretsError(
      'conflict',
      `"${name}" ${state}: somebody changed it meanwhile; nothing was written`,
      {
        hint: `see what happened: secrets history ${name}`,
      },
    );
  }
}

async function assertAllThere(
  look: Look,
  scope: Scope,
  names: readonly string[],
  there: ReadonlySet<string>,
): Promise<void> {
  const missing = names.find((name) => !there.has(name));
  if (missing === undefined) return;
  const { secrets } = await list(look, scope);
  throw await secretNotFound(
    scope,
    missing,
    secrets.map((info) => info.name),
  );
}

function sealChange(
  call: Call,
  key: KeyObject,
  found: FoundScope,
  change: Change,
  version: number,
): SecretRow {
  const { environmentId, projectId } = found;
  const { name } = change;
  return {
    environment_id: environmentId,
    name,
    version,
    sealed: sealValue(key, { projectId, environmentId, name, version }, change.value.reveal()),
    written_at: call.at,
    written_by: call.actor.name,
  };
}

function versionsByName(rows: readonly { name: string; version: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row.name, row.version]));
}
