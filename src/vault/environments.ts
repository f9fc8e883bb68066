import { randomUUID } from 'node:crypto';
import type { Change, Scope, VersionedSecret } from '../api/backend.ts';
import { assertScopeName } from '../api/names.ts';
import type { Difference, EnvironmentInfo } from '../api/team.ts';
import { SecretsError } from '../errors.ts';
import * as store from '../store/projects.ts';
import type { Tables } from '../store/schema.ts';
import { countSecrets, listSecrets } from '../store/secrets.ts';
import { isWithin, sight } from './access.ts';
import { record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { isVisible, requireGovern, requireProject, requireScope } from './scopes.ts';
import { onlyWithin } from './reading.ts';
import { readWhole } from './snapshots.ts';
import { put } from './writing.ts';

type Environment = Tables['environments'];

export async function list(look: Look, project: string): Promise<EnvironmentInfo[]> {
  const { id } = await requireProject(look, project);
  const counts = await countSecrets(look.tx, id);
  const rows = (await store.listEnvironments(look.tx, id)).filter((row) => isVisible(look, row));
  const infos: EnvironmentInfo[] = [];
  for (const row of rows) {
    const secrets = await countWithin(look, row, counts.get(row.id) ?? 0);
    infos.push({ name: row.name, revision: row.revision, secrets });
  }
  return infos;
}

/** How many secrets are to be seen: whoever sees some is not told how many there are. */
async function countWithin(look: Look, row: Environment, all: number): Promise<number> {
  const place = { projectId: row.project_id, environmentId: row.id, environment: row.name };
  const within = sight(look.actor, place, look.at);
  if (within === 'every') return all;
  return (await listSecrets(look.tx, row.id)).filter(({ name }) => isWithin(within, name)).length;
}

export async function create(call: Call, scope: Scope): Promise<void> {
  requireGovern(call, 'make environments');
  const { id } = await requireProject(call, scope.project);
  const existing = await assertFree(call, id, scope);
  await store.insertEnvironment(call.tx, {
    id: randomUUID(),
    project_id: id,
    name: scope.environment,
    position: Math.max(-1, ...existing.map((row) => row.position)) + 1,
    revision: 0,
    created_at: call.at,
  });
  await record(call, 'environment.create', scope);
}

export async function rename(call: Call, scope: Scope, to: string): Promise<void> {
  requireGovern(call, 'rename environments');
  const { found } = await requireScope(call, scope, 'write');
  await assertFree(call, found.projectId, { project: scope.project, environment: to });
  await store.renameEnvironment(call.tx, found.environmentId, to);
  await record(call, 'environment.rename', scope, { to });
}

export async function remove(call: Call, scope: Scope): Promise<void> {
  requireGovern(call, 'delete environments');
  const { found } = await requireScope(call, scope, 'write');
  await store.deleteEnvironment(call.tx, found.environmentId);
  await record(call, 'environment.delete', scope);
}

/** Compares by name and value; no value leaves the vault, but the comparison is a read and is recorded as one. */
export async function compare(call: Call, from: Scope, to: string): Promise<Difference[]> {
  const { differences } = await openBoth(call, from, { project: from.project, environment: to });
  await record(call, 'secrets.compare', from, {
    to,
    names: differences.map((difference) => difference.name),
  });
  return differences;
}

/** Copies what the first has into the second; what differs there is a conflict unless `overwrite`. */
export async function copy(call: Call, from: Scope, to: string, overwrite: boolean): Promise<Difference[]> {
  const target = { project: from.project, environment: to };
  const into = await requireScope(call, target, 'write');
  const { differences, first } = await openBoth(call, from, target);
  const differing = differences.filter(({ kind }) => kind === 'differs').map(({ name }) => name);
  if (differing.length > 0 && !overwrite) {
    throw new SecretsError(
      'conflict',
      `${to} has other values for ${differing.join(', ')}; nothing was copied`,
      {
        hint: 'take the copied values all the same: --overwrite',
      },
    );
  }
  const copied = differences.filter(({ kind }) => kind === 'only-first' || kind === 'differs');
  // What stands in the source was let in once; its names are not judged again. What is there but may not be read looks
  // as if it were not: it is not overwritten for that.
  const changes = copied.map(({ name, kind }): Change => ({
    name,
    value: first.get(name)!.value,
    allowHijacking: true,
    ...(kind === 'only-first' ? { expect: 0 } : {}),
  }));
  const names = copied.map(({ name }) => name);
  await record(call, 'secrets.read', from, {
    secrets: Object.fromEntries(names.map((n) => [n, first.get(n)!.version])),
  });
  if (changes.length > 0) await put(call, target, into, changes, 'secrets.copy', { from: from.environment });
  return differences;
}

async function openBoth(
  call: Call,
  from: Scope,
  to: Scope,
): Promise<{ differences: Difference[]; first: Map<string, VersionedSecret> }> {
  const [first, second] = [await openWhole(call, from), await openWhole(call, to)];
  const names = [...new Set([...first.keys(), ...second.keys()])].toSorted();
  return {
    differences: names.map((name) => ({ name, kind: kindOf(first.get(name), second.get(name)) })),
    first,
  };
}

async function openWhole(call: Call, scope: Scope): Promise<Map<string, VersionedSecret>> {
  const { found, within } = await requireScope(call, scope, 'read');
  return onlyWithin(await readWhole(call, found), within);
}

function kindOf(a: VersionedSecret | undefined, b: VersionedSecret | undefined): Difference['kind'] {
  if (!a) return 'only-second';
  if (!b) return 'only-first';
  return a.value.equals(b.value) ? 'same' : 'differs';
}

async function assertFree({ tx }: Look, projectId: string, scope: Scope): Promise<{ position: number }[]> {
  assertScopeName('environment', scope.environment);
  const rows = await store.listEnvironments(tx, projectId);
  if (rows.some((row) => row.name === scope.environment)) {
    throw new SecretsError(
      'conflict',
      `${scope.project} has an environment named "${scope.environment}" already`,
    );
  }
  return rows;
}
