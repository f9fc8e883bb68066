import { defaultEnvironment } from '../api/names.ts';
import { fits } from '../api/pattern.ts';
import { SecretsError } from '../errors.ts';
import { currentBranch, findWorkTree } from './git.ts';
import { findLink, type FoundLink, linkFileName } from './link.ts';
import type { Env } from './paths.ts';

/** What told us the project or the environment. */
export type Origin = 'flag' | 'variable' | 'link file' | 'git branch' | 'default';

export interface ResolvedScope {
  readonly project: string;
  readonly environment: string;
  readonly projectFrom: Origin;
  readonly environmentFrom: Origin;
  readonly link: FoundLink | undefined;
}

export interface ScopeFlags {
  readonly project?: string | undefined;
  readonly env?: string | undefined;
}

/** One order for both: flag, then variable (SECRETS_PROJECT, SECRETS_ENV), then link file, then the default environment. */
export function resolveScope(
  flags: ScopeFlags,
  env: Env,
  cwd: string,
  find: () => FoundLink | undefined = () => findLink(cwd),
): ResolvedScope {
  const link = find();
  const [project, projectFrom] =
    first<Origin>([flags.project, 'flag'], [env.SECRETS_PROJECT, 'variable'], [link?.project, 'link file']) ??
    fail(cwd);
  const [environment, environmentFrom] = first<Origin>(
    [flags.env, 'flag'],
    [env.SECRETS_ENV, 'variable'],
    [link && branchEnvironment(link, cwd), 'git branch'],
    [link?.environment, 'link file'],
  ) ?? [defaultEnvironment, 'default'];
  return { project, environment, projectFrom, environmentFrom, link };
}

function first<O>(...sources: [string | undefined, O][]): [string, O] | undefined {
  return sources.find((source): source is [string, O] => source[0] !== undefined && source[0] !== '');
}

function fail(cwd: string): never {
  throw new SecretsError('not_linked', `no project: there is no ${linkFileName} in ${cwd} or above it`, {
    hint: ['tie this repository to a project: secrets init', 'or name the project: --project NAME'],
  });
}

function branchEnvironment(link: FoundLink, cwd: string): string | undefined {
  const tree = link.branches && findWorkTree(cwd);
  const branch = tree && currentBranch(tree);
  if (branch === undefined) return undefined;
  return Object.entries(link.branches ?? {}).find(([pattern]) => fits(pattern, branch))?.[1];
}
