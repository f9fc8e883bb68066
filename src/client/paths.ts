import type { Scope } from '../api/backend.ts';
import type { AuditQuery } from '../api/team.ts';
import {
  assertGroupName,
  assertPrincipalName,
  assertScopeName,
  assertSecretName,
  isPrincipalName,
  isSecretName,
} from '../api/names.ts';
import { SecretsError } from '../errors.ts';

/** Longest query with names; more of them go in a body: proxies cut off or refuse long addresses. */
const longestQuery = 4096;

/**
 * What cannot be a name names nothing, and may be a value that was given in the wrong place: it is refused before it comes
 * into an address, which servers and proxies log. These throw `invalid`.
 */
export function projectPath(project: string, ...rest: string[]): string {
  assertScopeName('project', project);
  return path('projects', project, ...rest);
}

export function environmentPath({ project, environment }: Scope, ...rest: string[]): string {
  assertScopeName('environment', environment);
  return projectPath(project, 'environments', environment, ...rest);
}

export function versionsPath(scope: Scope, name: string, ...rest: string[]): string {
  if (!isSecretName(name)) assertSecretName(name);
  return environmentPath(scope, 'secrets', name, 'versions', ...rest);
}

export function principalPath(name: string): string {
  return path('principals', principal(name));
}

export function groupMemberPath(group: string, name: string): string {
  assertGroupName(group);
  return path('groups', group, 'principals', principal(name));
}

/** The page of the audit trail that is asked for. */
export function auditPath(asked: AuditQuery): string {
  const { secret, principal: who, project, environment } = asked;
  if (secret !== undefined && !isSecretName(secret)) assertSecretName(secret);
  if (who !== undefined) principal(who);
  if (project !== undefined) assertScopeName('project', project);
  if (environment !== undefined) assertScopeName('environment', environment);
  return path('audit') + query({ ...asked });
}

function principal(name: string): string {
  if (!isPrincipalName(name)) assertPrincipalName(name);
  return name;
}

/** `/v1/…`, with every part percent-encoded: a name never becomes a path of its own. */
export function path(...parts: readonly string[]): string {
  return `/v1/${parts.map(segment).join('/')}`;
}

/** `?a=1&b=2`, without what is undefined; empty for nothing. */
function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** The names as a query; undefined when they need a body: there are too many, or one is none and may be a value. */
export function namesQuery(names: readonly string[] | undefined): string | undefined {
  if (names === undefined) return '';
  const text = query({ names: names.join(',') });
  return names.length > 0 && names.every(isSecretName) && text.length <= longestQuery ? text : undefined;
}

/** Throws `not_found` for what cannot stand in a path: empty, or a step of it, encoded or not. Nothing has such a name. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..')
    throw new SecretsError('not_found', `nothing is named "${text}"`);
  return encodeURIComponent(text.toWellFormed());
}
