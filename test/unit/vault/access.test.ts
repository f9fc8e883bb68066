import { expect, it } from 'vitest';
import type { Role } from '../../../src/api/team.ts';
import { type Action, mayDo } from '../../../src/vault/access.ts';

const actions = ['list', 'read', 'write', 'manage'] as const;
const environments = ['development', 'staging', 'production', 'Development', 'development2', '', undefined];

it('an admin may do everything everywhere', () => {
  for (const action of actions)
    for (const environment of environments) expect(mayDo({ role: 'admin' }, action, environment)).toBe(true);
});

it('a member may list and read development, and nothing else', () => {
  const allowed = actions.flatMap((action) =>
    environments
      .filter((environment) => mayDo({ role: 'member' }, action, environment))
      .map((environment) => `${action} ${environment}`),
  );
  expect(allowed).toEqual(['list development', 'read development']);
});

it('a role that nobody knows may do nothing', () => {
  const roles = ['owner', 'Admin', 'ADMIN', '', 'constructor'] as unknown as Role[];
  for (const role of roles)
    for (const action of actions) expect(mayDo({ role }, action, 'development')).toBe(false);
});

it('an action that nobody knows is refused to a member', () => {
  expect(mayDo({ role: 'member' }, 'rotate' as Action, 'development')).toBe(false);
});
