import { SecretsError } from '../errors.ts';
import type { Scope } from './backend.ts';
import { printable } from './names.ts';

/** The candidates that a mistyped name may have meant, nearest first, three at most. */
export async function nearNames(typed: string, candidates: Iterable<string>): Promise<string[]> {
  const { distance } = await import('fastest-levenshtein');
  // Two letters swapped are two steps apart; half of a short name may not be guessed.
  const limit = Math.min(Math.max(2, Math.floor(typed.length / 3)), Math.floor(typed.length / 2));
  return [...candidates]
    .map((name) => ({ name, away: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= limit || begins(name, typed))
    .toSorted((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** `prod` may mean production; one letter alone begins too much. */
function begins(name: string, typed: string): boolean {
  return typed.length >= 2 && name.toLowerCase().startsWith(typed.toLowerCase());
}

/** The `not_found` error for something mistyped: near names first, else the command that lists what there is. */
export async function notFound(
  kind: string,
  typed: string,
  options: { where?: string; among: Iterable<string>; listWith: string; makeWith?: string },
): Promise<SecretsError> {
  const near = await nearNames(typed, options.among);
  const where = options.where === undefined ? '' : ` in ${options.where}`;
  const see = `see all names with \`${options.listWith}\``;
  const meant = near.map((name) => `"${name}"`).join(' or ');
  return new SecretsError('not_found', `no ${kind} named "${printable(typed)}"${where}`, {
    hint: [
      near.length > 0 ? `did you mean ${meant}? ${see}` : see,
      options.makeWith ? `or make it: ${options.makeWith}` : [],
    ].flat(),
  });
}

/** The same for a secret of an environment. */
export function secretNotFound(scope: Scope, typed: string, among: Iterable<string>): Promise<SecretsError> {
  const { project, environment } = scope;
  const listWith = `secrets list --project ${project} --env ${environment}`;
  return notFound('secret', typed, { where: `${project}/${environment}`, among, listWith });
}
