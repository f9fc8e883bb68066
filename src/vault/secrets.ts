import { hash, type KeyObject } from 'node:crypto';
import type {
  Change,
  Scope,
  SecretList,
  SecretSet,
  VersionedSecret,
  VersionInfo,
  WriteOptions,
  Written,
} from '../api/backend.ts';
import {
  assertSecretName,
  assertValue,
  isSecretName,
  maxEnvironmentBytes,
  maxSecrets,
} from '../api/names.ts';
import { secretNotFound } from '../api/near.ts';
import { writeSecretsText } from '../api/secrets-text.ts';
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
  sizeOf,
  supersededVersions,
  versionsOf,
} from '../store/secrets.ts';
import { isWithin, type Reach, reachKey } from './access.ts';
import { type AuditAction, record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { Denied, forbidden, refusedNames } from './denial.ts';
import { type OpenScope, placeOf, requireScope } from './scopes.ts';
import { stale } from './trail.ts';
import { dataKeyOf, openAll, openRow } from './opening.ts';
import { keep } from './known.ts';
import { listOf } from './name-lists.ts';
import { readWhole, readWholeText } from './snapshots.ts';

/** Names of an environment that are remembered; of more, there would be too many altogether. */
const mostKept = 1000;

/** Reads current values within reach; one audit event lists every name and version that was handed out. */
export async function read(call: Call, scope: Scope, names?: readonly string[]): Promise<SecretSet> {
  return readOpen(call, scope, await requireScope(call, scope, 'read', names), names);
}

/** The same, unless what it would answer has this tag. */
export async function readUnless(
  call: Call,
  scope: Scope,
  tag: string,
  names?: readonly string[],
): Promise<SecretSet | undefined> {
  const open = await requireScope(call, scope, 'read', names);
  return tagOf(call, scope, open, names) === tag ? undefined : readOpen(call, scope, open, names);
}

/**
 * As `readUnless`, with the answer as JSON in UTF-8: `{"revision":…,"secrets":{…}}`. Where all of an environment is handed
 * out, what was opened goes on as it is, without being read.
 */
export async function readText(
  call: Call,
  scope: Scope,
  tag: string | undefined,
  names?: readonly string[],
): Promise<{ tag: string; body: Buffer } | undefined> {
  const open = await requireScope(call, scope, 'read', names);
  const { found } = open;
  const now = tagOf(call, scope, open, names);
  if (now === tag) return undefined;
  if (names !== undefined || open.within !== 'every') {
    const { revision, secrets } = await readOpen(call, scope, open, names);
    return { tag: now, body: Buffer.from(`{"revision":${revision},"secrets":${writeSecretsText(secrets)}}`) };
  }
  const body = await readWholeText(call, found);
  const handedOut = await listOf(call, now, () => readWhole(call, found));
  await record(call, 'secrets.read', scope, { list: handedOut, revision: found.revision });
  return { tag: now, body };
}

async function readOpen(
  call: Call,
  scope: Scope,
  open: OpenScope,
  names: readonly string[] | undefined,
): Promise<SecretSet> {
  const { found, within } = open;
  const asked = names?.filter((name) => isWithin(within, name));
  const secrets =
    asked === undefined
      ? onlyWithin(await readWhole(call, found), within)
      : await readNamed(call, found, asked);
  const tag = tagOf(call, scope, open, names);
  const { revision } = found;
  const denied = names?.filter((name) => isSecretName(name) && !isWithin(within, name)) ?? [];
  if (denied.length > 0) await record(call, 'denied', scope, { what: 'read', ...refusedNames(denied) });
  const detail =
    names === undefined
      ? { list: await listOf(call, tag, async () => secrets), revision }
      : { revision, secrets: versionsOfAll(secrets) };
  // Where nothing was handed out and something refused, the refusal is all there is to tell.
  if (secrets.size > 0 || denied.length === 0) await record(call, 'secrets.read', scope, detail);
  return { revision, tag, secrets };
}

function versionsOfAll(secrets: ReadonlyMap<string, VersionedSecret>): Record<string, number> {
  return versionsByName([...secrets].map(([name, { version }]) => ({ name, version })));
}

/** An environment at one revision, seen through the same patterns and asked for the same names, answers the same. */
function tagOf(
  { actor, at, known }: Call,
  scope: Scope,
  { found }: OpenScope,
  names: readonly string[] | undefined,
): string {
  const patterns = reachKey(actor, 'read', placeOf(found, scope), at);
  const seen = JSON.stringify([found.environmentId, found.revision, patterns, names ?? '*']);
  const kept = known.tags.get(seen);
  if (kept !== undefined) return kept;
  const tag = `${found.revision}-${hash('sha256', seen).slice(0, 16)}`;
  if (names === undefined) keep(known.tags, seen, tag);
  return tag;
}

/** What of a set is within reach. */
export function onlyWithin(
  secrets: Map<string, VersionedSecret>,
  within: Reach,
): Map<string, VersionedSecret> {
  if (within === 'every') return secrets;
  return new Map([...secrets].filter(([name]) => isWithin(within, name)));
}

async function readNamed(
  call: Call,
  found: FoundScope,
  names: readonly string[],
): Promise<Map<string, VersionedSecret>> {
  return openAll(call, found, await readSecrets(call.tx, found.environmentId, [...new Set(names)]));
}

export async function list(look: Look, scope: Scope): Promise<SecretList> {
  const { found, within } = await requireScope(look, scope, 'list');
  const kept = look.known.names.get(found.environmentId);
  const rows = kept ?? (await listSecrets(look.tx, found.environmentId));
  if (!kept && rows.length <= mostKept) keep(look.known.names, found.environmentId, rows);
  return {
    revision: found.revision,
    secrets: rows
      .filter(({ name }) => isWithin(within, name))
      .map((row) => ({
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
  const { found, within } = await requireScope(call, scope, 'read', [name]);
  const rows = await allVersions(call, scope, name);
  if (!isWithin(within, name)) throw forbidden('read', { ...scope, names: [name] });
  const row = rows.find((candidate) => candidate.version === version);
  if (!row) {
    throw new SecretsError('not_found', `"${name}" has no version ${version}`, {
      hint: `see them: secrets history ${name}`,
    });
  }
  await record(call, 'secrets.read-version', scope, { secrets: { [name]: version } });
  return openRow(dataKeyOf(call, found), found, row);
}

async function allVersions(look: Look, scope: Scope, name: string): Promise<SecretRow[]> {
  const { found, within } = await requireScope(look, scope, 'list');
  if (!isWithin(within, name)) throw await unseen(look, scope, name);
  const current = await readSecrets(look.tx, found.environmentId, [name]);
  await assertAllThere(look, scope, [name], new Set(current.map((row) => row.name)));
  return [...current, ...(await supersededVersions(look.tx, found.environmentId, name))];
}

/** In the words for what is not there, and on record; what cannot be a name may be a value, and is not. */
async function unseen(look: Look, scope: Scope, name: string): Promise<SecretsError> {
  const error = await absent(look, scope, name);
  return isSecretName(name) ? new Denied(error, { what: 'read', ...scope, names: [name] }) : error;
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

async function assertAllThere(
  look: Look,
  scope: Scope,
  names: readonly string[],
  there: ReadonlySet<string>,
): Promise<void> {
  const missing = names.find((name) => !there.has(name));
  if (missing === undefined) return;
  throw await absent(look, scope, missing);
}

async function absent(look: Look, scope: Scope, name: string): Promise<SecretsError> {
  const { secrets } = await list(look, scope);
  return secretNotFound(
    scope,
    name,
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
