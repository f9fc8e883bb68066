import { newCode } from '../crypto/enrolment-code.ts';
import { credentialHash } from '../crypto/token.ts';
import type { Secret } from '../secret.ts';
import { putCode } from '../store/codes.ts';
import type { Tx } from '../store/schema.ts';

/** Minutes that the code of the first admin is open. */
export const firstCodeMinutes = 15;

/** A code for a principal, or, with null, for the first admin; an older one is void. */
export async function keepCode(
  { tx, at, actor }: { tx: Tx; at: string; actor: { name: string } },
  principalId: string | null,
  minutes: number,
): Promise<{ code: Secret; expiresAt: string }> {
  const code = newCode();
  const expiresAt = new Date(Date.parse(at) + minutes * 60_000).toISOString();
  await putCode(tx, {
    hash: credentialHash(code),
    principal_id: principalId,
    expires_at: expiresAt,
    created_at: at,
    created_by: actor.name,
  });
  return { code, expiresAt };
}
