import { SecretsError } from '../errors.ts';

export const roles = ['admin', 'member'] as const;

/** A role that a member can have. Throws `usage`. */
export function memberRole(text: string): (typeof roles)[number] {
  const role = roles.find((it) => it === text);
  if (role) return role;
  throw new SecretsError('usage', 'that is no role', { hint: `a role is ${roles.join(' or ')}` });
}
