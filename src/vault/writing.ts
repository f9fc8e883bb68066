import type { KeyObject } from 'node:crypto';
import type { Change, Scope, WriteOptions, Written } from '../api/backend.ts';
import { assertSecretName, assertValue, maxEnvironmentBytes, maxSecrets } from '../api/names.ts';
import { sealValue } from '../crypto/envelope.ts';
import { SecretsError } from '../errors.ts';
import { type FoundScope, setRevision } from '../store/projects.ts';
import type { SecretRow } from '../store/schema.ts';
import { deleteSecrets, putSecrets, sizeOf, versionsOf } from '../store/secrets.ts';
import { isWithin, type Reach } from './access.ts';
import { type AuditAction, record } from './audit.ts';
import type { Call } from './call.ts';
import { forbidden, refusedNames } from './denial.ts';
import { versionsByName } from './name-lists.ts';
import { dataKeyOf } from './opening.ts';
import { assertAllThere } from './reading.ts';
import { type OpenScope, requireScope } from './scopes.ts';
import { stale } from './trail.ts';

/** Writes all changes or none. */
export async function write(
  call: Call,
  scope: Scope,
  changes: readonly Change[],
  { intent = 'set', revision }: WriteOptions = {},
): Promise<Written> {
  const names = changes.map(({ name }) => name);
  const into = await requireScope(call, scope, 'write', names);
  if (revision !== undefined && revision !== into.found.revision)
    throw await stale(call, scope, { now: into.found.revision, seen: revision });
  return put(call, scope, into, changes, `secrets.${intent}`);
}

/** The one way by which new versions come to be: checked, sealed, put in place, told to the audit trail. */
export async function put(
  call: Call,
  scope: Scope,
  { found, within }: OpenScope,
  changes: readonly Change[],
  action: AuditAction,
  detail: object = {},
): Promise<Written> {
  if (changes.length === 0) return { revision: found.revision, secrets: [] };
  assertChanges(changes);
  const names = changes.map((change) => change.name);
  assertWithin(scope, within, names);
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
  await assertRoom(call, scope, found.environmentId);
  await setRevision(call.tx, found.environmentId, revision);
  const place = found.environmentId;
  await record(call, action, scope, { ...detail, revision, place, secrets: versionsByName(rows) });
  return { revision, secrets: rows.map(({ name, version }) => ({ name, version })) };
}

/** Deletes secrets with every version. The audit event stays. */
export async function remove(call: Call, scope: Scope, names: readonly string[]): Promise<void> {
  const { found, within } = await requireScope(call, scope, 'write', names);
  const unique = [...new Set(names)];
  if (unique.length === 0) return;
  assertWithin(scope, within, unique);
  const rows = await versionsOf(call.tx, found.environmentId, unique);
  await assertAllThere(call, scope, unique, new Set(rows.map((row) => row.name)));
  const revision = found.revision + 1;
  await deleteSecrets(call.tx, found.environmentId, unique);
  await setRevision(call.tx, found.environmentId, revision);
  const place = found.environmentId;
  await record(call, 'secrets.delete', scope, { revision, place, secrets: versionsByName(rows) });
}

/** A name that may not be written may not be asked about either: the answer is the same whether it is there or not. */
function assertWithin(scope: Scope, within: Reach, names: readonly string[]): void {
  const refused = names.filter((name) => !isWithin(within, name));
  if (refused.length === 0) return;
  const told = refusedNames(refused);
  const shown = told.names.slice(0, 3).join(', ') || 'that';
  const more = refused.length > 3 ? ` and ${refused.length - 3} more` : '';
  throw forbidden(`write ${shown}${more}`, { ...scope, ...told, what: 'write' });
}

/** Every read opens all of an environment, and one writer must not make it unreadable for all. */
async function assertRoom(
  { tx }: Call,
  { project, environment }: Scope,
  environmentId: string,
): Promise<void> {
  const { names, bytes } = await sizeOf(tx, environmentId);
  const where = `${project}/${environment}`;
  if (names > maxSecrets) {
    throw new SecretsError('too_large', `${where} would have ${names} secrets; the limit is ${maxSecrets}`, {
      hint: 'nothing was written; make another environment or project for some of them',
    });
  }
  if (bytes > maxEnvironmentBytes) {
    throw new SecretsError(
      'too_large',
      `${where} would hold ${bytes} bytes; the limit is ${maxEnvironmentBytes}`,
      { hint: 'nothing was written; keep large files elsewhere, and their key here' },
    );
  }
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
