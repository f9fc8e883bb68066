import type { TeamApi } from '../api/team.ts';
import { SecretsError } from '../errors.ts';

/** Revokes the token by which the team is called. `gone`: it was not valid any more; an error: it could not be done. */
export async function revokeOwn(team: TeamApi): Promise<'revoked' | 'gone' | SecretsError> {
  try {
    const { token } = await team.whoami();
    if (!token) return 'gone';
    await team.revokeToken(token.id);
    return 'revoked';
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return error.code === 'not_logged_in' ? 'gone' : error;
  }
}
