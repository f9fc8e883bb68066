import { SecretsError } from '../errors.ts';

/** Project and environment that a grant is about, `*` for any. */
export interface ReachedPlace {
  readonly project: string;
  readonly environment: string;
}

/** Reads `web/production`, `web` (every environment of it), `*` followed by `/staging`, or `*`. Throws `usage`. */
export function parsePlace(text: string): ReachedPlace {
  const [project = '', environment = '*', ...more] = text.split('/');
  if (project !== '' && environment !== '' && more.length === 0) return { project, environment };
  throw new SecretsError('usage', 'that is no place', {
    hint: "a place is project/environment, a project alone, '*/environment', or '*'",
  });
}

/** As `parsePlace` reads it. */
export function placeText({ project, environment }: ReachedPlace): string {
  if (environment !== '*') return `${project}/${environment}`;
  return project;
}
