import type { Scope, VersionInfo } from '../api/backend.ts';
import { isSecretName } from '../api/names.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { SecretRow } from '../store/schema.ts';
import { readSecrets, supersededVersions } from '../store/secrets.ts';
import { isWithin } from './access.ts';
import { record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { Denied, forbidden } from './denial.ts';
import { dataKeyOf, openRow } from './opening.ts';
import { absent, assertAllThere } from './reading.ts';
import { requireScope } from './scopes.ts';

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
