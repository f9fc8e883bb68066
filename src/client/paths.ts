import type { Scope } from '../api/backend.ts';
import { SecretsError } from '../errors.ts';

/** Longest query with names; more of them go in a body: proxies cut off or refuse long addresses. */
const longestQuery = 4096;

export function projectPath(project: string): string {
  return path('projects', project);
}

export function environmentPath({ project, environment }: Scope, ...rest: string[]): string {
  return path('projects', project, 'environments', environment, ...rest);
}

/** `/v1/…`, with every part percent-encoded: a name never becomes a path of its own. */
export function path(...parts: readonly string[]): string {
  return `/v1/${parts.map(segment).join('/')}`;
}

/** `?a=1&b=2`, without what is undefined; empty for nothing. */
export function query(fields: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

/** The names as a query; undefined when they need a body. */
export function namesQuery(names: readonly string[] | undefined): string | undefined {
  if (names === undefined) return '';
  const text = query({ names: names.join(',') });
  return names.length > 0 && names.every((name) => !name.includes(',')) && text.length <= longestQuery
    ? text
    : undefined;
}

/** Throws `not_found` for what cannot stand in a path: empty, or a step of it, encoded or not. Nothing has such a name. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..')
    throw new SecretsError('not_found', `nothing is named "${text}"`);
  return encodeURIComponent(text.toWellFormed());
}
