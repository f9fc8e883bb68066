import { randomBytes } from 'node:crypto';
import { assertGroupName, isNamePattern, printable } from '../api/names.ts';
import { notFound } from '../api/near.ts';
import type { GrantInfo, NewGrant } from '../api/team.ts';
import { SecretsError } from '../errors.ts';
import * as store from '../store/grants.ts';
import type { GrantRow } from '../store/schema.ts';
import { mayGovern } from './access.ts';
import { record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { requirePrincipal } from './principals.ts';
import { requireGovern, requireProject, requireScope } from './scopes.ts';
import { assertTime } from './times.ts';

/** All grants, oldest first, for who governs; else one's own and those of one's groups. */
export async function list({ tx, actor, at }: Look): Promise<GrantInfo[]> {
  const rows = await store.listGrants(tx);
  const mine = (row: GrantRow): boolean =>
    // One that has ended would go on telling what its places are called by now.
    (row.expires_at === null || at < row.expires_at) &&
    (row.principal_id === actor.id || (row.group_name !== null && actor.groups.includes(row.group_name)));
  return rows.filter((row) => mayGovern(actor) || mine(row)).map(infoOf);
}

export async function add(call: Call, grant: NewGrant): Promise<GrantInfo> {
  requireGovern(call, 'give grants');
  const [row] = await keepGrants(call, [grant]);
  await record(call, 'grant.add', {}, { grant: { ...grant, id: row!.id } });
  return { ...grant, id: row!.id, createdAt: row!.created_at, createdBy: row!.created_by };
}

export async function remove(call: Call, id: string): Promise<void> {
  requireGovern(call, 'take grants away');
  const rows = await store.listGrants(call.tx);
  const found = rows.find((row) => row.id === id);
  if (!found)
    throw await notFound('grant', id, { among: rows.map((row) => row.id), listWith: 'secrets grant list' });
  await store.deleteGrant(call.tx, id);
  await record(call, 'grant.remove', {}, { grant: infoOf(found) });
}

/** Puts grants into the store, with the names in them looked up. Throws `not_found` and `invalid`. */
export async function keepGrants(call: Call, grants: readonly NewGrant[]): Promise<GrantRow[]> {
  const rows: GrantRow[] = [];
  for (const grant of grants) rows.push(await rowOf(call, grant));
  await store.insertGrants(call.tx, rows);
  return rows;
}

async function rowOf(call: Call, grant: NewGrant): Promise<GrantRow> {
  const { permission, names, expiresAt } = grant;
  if (!isNamePattern(names)) {
    throw new SecretsError('invalid', `"${printable(names)}" is no pattern of names`, {
      hint: 'a pattern is the characters of a name, and * for any: PINECONE_*',
    });
  }
  if (expiresAt !== undefined) assertTime(expiresAt);
  if (expiresAt !== undefined && !(expiresAt > call.at))
    throw new SecretsError('invalid', 'the grant would end before it begins');
  return {
    id: randomBytes(6).toString('hex'),
    ...(await receiverOf(call, grant)),
    ...(await placeOf(call, grant)),
    permission,
    names,
    expires_at: expiresAt ?? null,
    created_at: call.at,
    created_by: call.actor.name,
  };
}

async function receiverOf(
  call: Call,
  { to }: NewGrant,
): Promise<Pick<GrantRow, 'principal_id' | 'group_name'>> {
  if ('principal' in to)
    return { principal_id: (await requirePrincipal(call, to.principal)).id, group_name: null };
  assertGroupName(to.group);
  return { principal_id: null, group_name: to.group };
}

async function placeOf(
  call: Call,
  { project, environment }: NewGrant,
): Promise<Pick<GrantRow, 'project_id' | 'environment_id' | 'environment_name'>> {
  if (project === '*') {
    return {
      project_id: null,
      environment_id: null,
      environment_name: environment === '*' ? null : environment,
    };
  }
  if (environment === '*') {
    const { id } = await requireProject(call, project);
    return { project_id: id, environment_id: null, environment_name: null };
  }
  const { found } = await requireScope(call, { project, environment }, 'list');
  return { project_id: found.projectId, environment_id: found.environmentId, environment_name: null };
}

function infoOf(row: store.NamedGrant): GrantInfo {
  return {
    id: row.id,
    to: row.principal === null ? { group: row.group_name! } : { principal: row.principal },
    permission: row.permission,
    project: row.project ?? '*',
    environment: row.environment ?? row.environment_name ?? '*',
    names: row.names,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
