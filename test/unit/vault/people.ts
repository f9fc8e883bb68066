import type { Enrolled, Invitation, NewToken, Origin, TeamApi } from '../../../src/api/team.ts';
import type { Secret } from '../../../src/secret.ts';
import type { FreshVault } from './fresh-vault.ts';

export const here: Origin = {
  address: '203.0.113.7',
  toldHost: 'laptop',
  toldProgram: 'secrets/0.1',
  request: 'r-1',
};

/** Somebody who enrolled. */
export interface Person extends Enrolled {
  /** The vault as they may use it. */
  readonly team: TeamApi;
}

/** Invites somebody, or another machine of theirs, and enrols it. */
export async function enrolled({ vault, team }: FreshVault, invitation: Invitation): Promise<Person> {
  const { code } = await team.invite(invitation);
  const answer = await vault.redeem(code, here);
  return { ...answer, team: vault.withToken(answer.token, here) };
}

/** A service account, and the vault as it may use it. */
export async function account(
  { vault, team }: FreshVault,
  wanted: Partial<NewToken>,
): Promise<{ id: string; token: Secret; team: TeamApi }> {
  const { id, token } = await team.createToken({
    account: 'ci',
    grants: [],
    ttl: 3600,
    ranges: [],
    ...wanted,
  });
  return { id, token, team: vault.withToken(token, here) };
}

/** The names of the secrets, or of whatever else has one. */
export function namesOf(all: readonly { readonly name: string }[]): string[] {
  return all.map(({ name }) => name);
}
