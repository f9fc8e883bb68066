/** Every action that the audit trail tells of; src/vault/audit.ts records no other. */
export const auditActions = [
  'vault.create',
  'vault.rekey',
  'secrets.read',
  'secrets.read-version',
  'secrets.compare',
  'secrets.set',
  'secrets.rotate',
  'secrets.import',
  'secrets.copy',
  'secrets.delete',
  'project.create',
  'project.rename',
  'project.delete',
  'environment.create',
  'environment.rename',
  'environment.delete',
  'member.invite',
  'member.enrol',
  'member.role',
  'member.remove',
  'group.add',
  'group.remove',
  'grant.add',
  'grant.remove',
  'token.create',
  'token.revoke',
  'audit.read',
  'denied',
] as const;

/** What stands before the dot: `secrets` for all that concerns them. */
export const auditKinds: readonly string[] = [
  ...new Set(auditActions.filter((it) => it.includes('.')).map((it) => it.slice(0, it.indexOf('.')))),
];

/** What an audit trail can be asked for: a kind, or one action. */
export const auditFilters: readonly string[] = [...auditKinds, ...auditActions];
