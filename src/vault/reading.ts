import { hash } from 'node:crypto';
import type { Scope, SecretList, SecretSet, VersionedSecret } from '../api/backend.ts';
import { isSecretName } from '../api/names.ts';
import { secretNotFound } from '../api/near.ts';
import { writeSecretsText } from '../api/secrets-text.ts';
import type { SecretsError } from '../errors.ts';
import type { FoundScope } from '../store/projects.ts';
import { listSecrets, readSecrets } from '../store/secrets.ts';
import { isWithin, type Reach, reachKey } from './access.ts';
import { record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { refusedNames } from './denial.ts';
import { keep } from './known.ts';
import { listOf, versionsIn } from './name-lists.ts';
import { openAll } from './opening.ts';
import { type OpenScope, placeOf, requireScope } from './scopes.ts';
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
      : { revision, secrets: versionsIn(secrets) };
  // Where nothing was handed out and something refused, the refusal is all there is to tell.
  if (secrets.size > 0 || denied.length === 0) await record(call, 'secrets.read', scope, detail);
  return { revision, tag, secrets };
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

/** Throws `not_found` for the first of the names that is not there. */
export async function assertAllThere(
  look: Look,
  scope: Scope,
  names: readonly string[],
  there: ReadonlySet<string>,
): Promise<void> {
  const missing = names.find((name) => !there.has(name));
  if (missing === undefined) return;
  throw await absent(look, scope, missing);
}

/** The error for a name that is not there, with near ones. */
export async function absent(look: Look, scope: Scope, name: string): Promise<SecretsError> {
  const { secrets } = await list(look, scope);
  return secretNotFound(
    scope,
    name,
    secrets.map((info) => info.name),
  );
}
