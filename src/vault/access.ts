import type { Member } from '../api/team.ts';

/** What a call wants to do. `list` sees names, `read` sees values, `manage` changes projects and environments. */
export type Action = 'list' | 'read' | 'write' | 'manage';

/**
 * The one place where access is decided; deny is the default. An admin may do everything; a member may list and read
 * development and nothing else. `environment` is undefined where the action is about no environment.
 */
export function mayDo(member: Pick<Member, 'role'>, action: Action, environment?: string): boolean {
  if (member.role === 'admin') return true;
  if (member.role !== 'member') return false;
  return (action === 'list' || action === 'read') && environment === 'development';
}
