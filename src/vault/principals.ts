import { randomUUID } from 'node:crypto';
import { assertGroupName, assertPrincipalName } from '../api/names.ts';
import { notFound } from '../api/near.ts';
import type { Group, Invitation, Invited, MemberRole, PrincipalInfo } from '../api/team.ts';
import { SecretsError } from '../errors.ts';
import * as store from '../store/principals.ts';
import type { PrincipalRow } from '../store/schema.ts';
import { openCodes } from '../store/codes.ts';
import { listTokens } from '../store/tokens.ts';
import { mayGovern } from './access.ts';
import { record } from './audit.ts';
import type { Call, Look } from './call.ts';
import { keepCode } from './codes.ts';
import { requireGovern } from './scopes.ts';

/** Hours that an invitation is open. */
const invitationHours = 24;

/** Members and service accounts, oldest first; whoever does not govern sees nobody else. */
export async function list(look: Look): Promise<PrincipalInfo[]> {
  const { tx, at } = look;
  const [rows, members] = [await store.listPrincipals(tx), await store.listGroupMembers(tx)];
  const [holders, codes] = [await holdersOf(look), await openCodes(tx, at)];
  const seen = rows.filter(({ id }) => mayGovern(look.actor) || id === look.actor.id);
  return seen.map((row) => {
    const groups = members.filter((it) => it.principalId === row.id).map((it) => it.group);
    return infoOf(row, groups, holders.has(row.id), codes.get(row.id));
  });
}

function infoOf(
  { id, name, role, created_at }: PrincipalRow,
  groups: readonly string[],
  enrolled: boolean,
  invitedUntil: string | undefined,
): PrincipalInfo {
  const facts = { id, name, role, groups, enrolled, createdAt: created_at };
  return invitedUntil === undefined ? facts : { ...facts, invitedUntil };
}

/** Ids of those who have a token that is valid. */
async function holdersOf({ tx, at }: Look): Promise<Set<string>> {
  const valid = (await listTokens(tx)).filter((it) => at < it.expires_at);
  return new Set(valid.map((it) => it.principal_id));
}

/** Makes a member unless there is one of that name, and a code with which they enrol a machine. */
export async function invite(call: Call, { name, role, groups = [] }: Invitation): Promise<Invited> {
  if (!isOwnMachine(call, name, role, groups)) requireGovern(call, 'invite members');
  assertPrincipalName(name);
  for (const group of groups) assertGroupName(group);
  const known = await store.findPrincipal(call.tx, name);
  assertInvitable(name, known, role);
  const member = known ?? (await makePrincipal(call, name, role ?? 'member'));
  for (const group of groups) await store.addToGroup(call.tx, group, member.id);
  const kept = await keepCode(call, member.id, invitationHours * 60);
  const memberRole = member.role as MemberRole;
  await record(call, 'member.invite', {}, { member: name, role: memberRole, groups });
  return { name, role: memberRole, ...kept };
}

/** Another machine of one's own needs no admin. */
function isOwnMachine(
  { actor }: Call,
  name: string,
  role: MemberRole | undefined,
  groups: readonly string[],
): boolean {
  return actor.name === name && actor.role === 'member' && role === undefined && groups.length === 0;
}

function assertInvitable(name: string, known: PrincipalRow | undefined, role: MemberRole | undefined): void {
  if (known?.role === 'service') {
    throw new SecretsError('conflict', `"${name}" is a service account`, {
      hint: `make a token for it: secrets token create ${name} --ttl 1h`,
    });
  }
  if (known && role !== undefined && known.role !== role) {
    throw new SecretsError('conflict', `"${name}" is a member already, with the role ${known.role}`, {
      hint: `change it: secrets member role ${name} ${role}`,
    });
  }
}

/** A new member or service account, in the store. */
export async function makePrincipal(
  { tx, at }: Pick<Call, 'tx' | 'at'>,
  name: string,
  role: PrincipalRow['role'],
): Promise<PrincipalRow> {
  const row = { id: randomUUID(), name, role, created_at: at };
  await store.insertPrincipal(tx, row);
  return row;
}

export async function setRole(call: Call, name: string, role: MemberRole): Promise<void> {
  requireGovern(call, 'change roles');
  const principal = await requirePrincipal(call, name);
  if (principal.role === 'service')
    throw new SecretsError('conflict', `"${name}" is a service account: it has no role`);
  if (principal.role === 'admin' && role !== 'admin') await assertAnotherAdmin(call, principal);
  await store.setRole(call.tx, principal.id, role);
  await record(call, 'member.role', {}, { member: name, role });
}

/** Removes a member or a service account; tokens, grants and codes go with it. */
export async function remove(call: Call, name: string): Promise<void> {
  requireGovern(call, 'remove members');
  const principal = await requirePrincipal(call, name);
  if (principal.role === 'admin') await assertAnotherAdmin(call, principal);
  await store.deletePrincipal(call.tx, principal.id);
  await record(call, 'member.remove', {}, { member: name });
}

/** Groups with those who are in them, by name; whoever does not govern sees their own, and nobody else in them. */
export async function listGroups(look: Look): Promise<Group[]> {
  const rows = await store.listGroupMembers(look.tx);
  const seen = rows.filter((row) => mayGovern(look.actor) || row.principalId === look.actor.id);
  const groups = [...new Set(seen.map((row) => row.group))];
  return groups.map((name) => ({
    name,
    principals: seen.filter((row) => row.group === name).map((row) => row.name),
  }));
}

export async function addToGroup(call: Call, group: string, name: string): Promise<void> {
  requireGovern(call, 'change groups');
  assertGroupName(group);
  const { id } = await requirePrincipal(call, name);
  await store.addToGroup(call.tx, group, id);
  await record(call, 'group.add', {}, { group, principal: name });
}

export async function removeFromGroup(call: Call, group: string, name: string): Promise<void> {
  requireGovern(call, 'change groups');
  const { id } = await requirePrincipal(call, name);
  const groups = await store.groupsOf(call.tx, id);
  if (!groups.includes(group))
    throw await notFound('group', group, {
      where: `those of ${name}`,
      among: groups,
      listWith: 'secrets group list',
    });
  await store.removeFromGroup(call.tx, group, id);
  await record(call, 'group.remove', {}, { group, principal: name });
}

/** The member or service account of that name. Throws `not_found` with near names; only for those who govern. */
export async function requirePrincipal({ tx }: Look, name: string): Promise<PrincipalRow> {
  const found = await store.findPrincipal(tx, name);
  if (found) return found;
  const among = (await store.listPrincipals(tx)).map((row) => row.name);
  throw await notFound('member or service account', name, {
    among,
    listWith: 'secrets member list',
    makeWith: `secrets member invite ${name}`,
  });
}

/** Somebody who was invited and never came is nobody yet; in an embedded vault, nobody has a token. */
async function assertAnotherAdmin(call: Call, { id, name }: PrincipalRow): Promise<void> {
  const rows = await store.listPrincipals(call.tx);
  const admins = rows.filter((it) => it.role === 'admin' && it.id !== id);
  const holders = await holdersOf(call);
  if (admins.some((admin) => holders.has(admin.id) || call.actor.token === undefined)) return;
  throw new SecretsError('conflict', `"${name}" is the last admin who can log in`, {
    hint: 'make another one first: secrets member role NAME admin',
  });
}
