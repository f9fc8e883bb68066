import { assertPrincipalName } from '../api/names.ts';
import type { Enrolled, Invited, MemberRole, Origin } from '../api/team.ts';
import { parseCode } from '../crypto/enrolment-code.ts';
import { credentialHash } from '../crypto/token.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import * as store from '../store/codes.ts';
import { findPrincipal, listPrincipals } from '../store/principals.ts';
import type { CodeRow, PrincipalRow, Tx } from '../store/schema.ts';
import { record, type Recorded } from './audit.ts';
import { firstCodeMinutes, keepCode } from './codes.ts';
import type { Call } from './call.ts';
import type { VaultKeys } from './keys.ts';
import { makePrincipal } from './principals.ts';
import { issuePersonal } from './tokens.ts';

/** Exchanges a code for a token. Throws `code_refused`, and `invalid` where a name is wanted: the code stays good then. */
export async function redeem(
  { tx, keys, at }: { tx: Tx; keys: VaultKeys; at: string },
  typed: Secret,
  origin: Origin,
  name: string | undefined,
): Promise<Enrolled> {
  const found = await store.findCode(tx, credentialHash(parseCode(typed.reveal())));
  if (!found || at >= found.expires_at) throw refused((await listPrincipals(tx)).length > 0);
  const principal = await principalOf({ tx, at }, found, name);
  await store.deleteCode(tx, found.hash);
  const call = { tx, keys, at, origin, actor: { name: principal.name } };
  const { token, row } = await issuePersonal(call, principal.id);
  await record(call, 'member.enrol', {}, { member: principal.name, role: principal.role, issued: row.id });
  return { token, name: principal.name, role: principal.role as MemberRole, expiresAt: row.expires_at };
}

/** A code for an admin, made by whoever runs the server. */
export async function inviteAdmin(
  call: Recorded & { readonly tx: Tx; readonly at: string },
  name: string,
): Promise<Invited> {
  assertPrincipalName(name);
  const known = await findPrincipal(call.tx, name);
  if (known && known.role !== 'admin') {
    throw new SecretsError('conflict', `"${name}" is there already, and is no admin`, {
      hint: 'name an admin, or somebody who is not there yet',
    });
  }
  const admin = known ?? (await makePrincipal(call, name, 'admin'));
  const kept = await keepCode(call, admin.id, firstCodeMinutes);
  await record(call, 'member.invite', {}, { member: name, role: admin.role });
  return { name, role: 'admin', ...kept };
}

async function principalOf(
  call: Pick<Call, 'tx' | 'at'>,
  { principal_id }: CodeRow,
  name: string | undefined,
): Promise<PrincipalRow> {
  const rows = await listPrincipals(call.tx);
  if (principal_id !== null) return rows.find(({ id }) => id === principal_id)!;
  if (rows.length > 0) throw refused(true);
  if (name === undefined || name === '') {
    throw new SecretsError('invalid', 'this code is for the first admin: say under which name', {
      hint: 'your e-mail address: secrets login --name EMAIL',
    });
  }
  assertPrincipalName(name);
  return makePrincipal(call, name, 'admin');
}

/** While there is nobody, there is no admin to ask either. */
function refused(anybody: boolean): SecretsError {
  return new SecretsError('code_refused', 'this enrolment code is wrong, was used already, or is too old', {
    hint: anybody
      ? 'ask an admin for a new one: secrets member invite NAME'
      : 'each start of the server prints a new one, and only the newest counts: start it again',
  });
}
