import { defaultEnvironment } from '../api/names.ts';
import { fits } from '../api/pattern.ts';
import type { Permission, Role } from '../api/team.ts';

/**
 * The one place where access is decided; deny is the default. An admin may do everything. A member reads development of
 * every project. Beyond that, each grant allows what it says and nothing else; grants only ever add.
 */
export interface Subject {
  readonly role: Role;
  /** Its own and those of its groups. */
  readonly grants: readonly Grant[];
}

/** What one grant allows. Of the three that name a place, null stands for any. */
export interface Grant {
  readonly permission: Permission;
  readonly project_id: string | null;
  readonly environment_id: string | null;
  readonly environment_name: string | null;
  readonly names: string;
  readonly expires_at: string | null;
}

/** An environment. */
export interface Place {
  readonly projectId: string;
  readonly environmentId: string;
  readonly environment: string;
}

/** Which names are within reach: a test of a name, or `every` and `none` where that is known for all. */
export type Reach = 'every' | 'none' | ((name: string) => boolean);

/** Which secrets of an environment the subject may read, or write, at a time (ISO 8601, UTC). */
export function reach(subject: Subject, permission: Permission, place: Place, at: string): Reach {
  const patterns = patternsOf(subject, permission, place, at);
  if (patterns.length === 0) return 'none';
  return patterns.includes('*') ? 'every' : (name) => patterns.some((pattern) => fits(pattern, name));
}

/** The same for two subjects or two times only if they reach the same. */
export function reachKey(subject: Subject, permission: Permission, place: Place, at: string): string {
  const patterns = patternsOf(subject, permission, place, at);
  return patterns.includes('*') ? '*' : [...new Set(patterns)].toSorted().join(' ');
}

function patternsOf(subject: Subject, permission: Permission, place: Place, at: string): string[] {
  if (subject.role === 'admin' || isBirthright(subject, permission, place)) return ['*'];
  return subject.grants
    .filter((grant) => grant.permission === permission && isAbout(grant, place) && isAlive(grant, at))
    .map((grant) => grant.names);
}

/** Whether one secret may be read, or written. */
export function mayDo(
  subject: Subject,
  permission: Permission,
  place: Place,
  name: string,
  at: string,
): boolean {
  return isWithin(reach(subject, permission, place, at), name);
}

/** Which names may be seen: those that may be read or written. */
export function sight(subject: Subject, place: Place, at: string): Reach {
  const [read, write] = [reach(subject, 'read', place, at), reach(subject, 'write', place, at)];
  if (read === 'every' || write === 'none') return read;
  if (write === 'every' || read === 'none') return write;
  return (name) => read(name) || write(name);
}

/** Whether an environment is there for the subject at all. */
export function maySee(subject: Subject, place: Place, at: string): boolean {
  return sight(subject, place, at) !== 'none';
}

/** Whether the subject governs: projects, environments, members, grants, tokens, the audit trail. */
export function mayGovern(subject: Pick<Subject, 'role'>): boolean {
  return subject.role === 'admin';
}

export function isWithin(within: Reach, name: string): boolean {
  return typeof within === 'function' ? within(name) : within === 'every';
}

function isBirthright({ role }: Subject, permission: Permission, { environment }: Place): boolean {
  return role === 'member' && permission === 'read' && environment === defaultEnvironment;
}

function isAbout(grant: Grant, { projectId, environmentId, environment }: Place): boolean {
  return (
    (grant.project_id === null || grant.project_id === projectId) &&
    (grant.environment_id === null || grant.environment_id === environmentId) &&
    (grant.environment_name === null || grant.environment_name === environment)
  );
}

function isAlive({ expires_at }: Grant, at: string): boolean {
  return expires_at === null || at < expires_at;
}
