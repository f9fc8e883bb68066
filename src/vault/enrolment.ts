import { assertPrincipalName } from '../api/names.ts';
import type { Enrolled, MemberRole, Origin } from '../api/team.ts';
import { parseCode } from '../crypto/enrolment-code.ts';
import { credentialHash } from '../crypto/token.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import * as store from '../store/codes.ts';
import { listPrincipals } from '../store/principals.ts';
import type { CodeRow, PrincipalRow, Tx } from '../store/schema.ts';
import { record } from './audit.ts';
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
  if (!found || at >= found.expires_at) throw refused();
  const principal = await principalOf({ tx, at }, found, name);
  await store.deleteCode(tx, found.hash);
  const call = { tx, keys, at, origin, actor: { name: principal.name } };
  const { token, row } = await issuePersonal(call, principal.id);
  await record(call, 'member.enrol', {}, { member: principal.name, role: principal.role, issued: row.id });
  return { token, name: principal.name, role: principal.role as MemberRole, expiresAt: row.expires_at };
}

async function principalOf(
  call: Pick<Call, 'tx' | 'at'>,
  { principal_id }: CodeRow,
  name: string | undefined,
): Promise<PrincipalRow> {
  const rows = await listPrincipals(call.tx);
  if (principal_id !== null) return rows.find(({ id }) => id === principal_id)!;
  if (rows.length > 0) throw refused();
  if (name === undefined || name === '') {
    throw new SecretsError('invalid', 'this code is for the first admin: say under which name', {
      hint: 'your e-mail address: secrets login --name EMAIL',
    });
  }
  assertPrincipalName(name);
  return makePrincipal(call, name, 'admin');
}

function refused(): SecretsError {
  return new SecretsError('code_refused', 'this enrolment code is wrong, was used already, or is too old', {
    hint: 'ask an admin for a new one: secrets member invite NAME',
  });
}
