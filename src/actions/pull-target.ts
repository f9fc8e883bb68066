import { join, resolve } from 'node:path';
import { defaultEnvironment } from '../api/names.ts';
import type { ResolvedScope } from '../config/scope.ts';

/**
 * The file that a pull writes: the one that was named, else `.env` beside the link file for the default environment
 * and `.env.<environment>` for any other.
 */
export function pullTarget(
  { environment, link }: ResolvedScope,
  named: string | undefined,
  cwd: string,
): string {
  if (named !== undefined) return resolve(cwd, named);
  const isDefault = environment === (link?.environment ?? defaultEnvironment);
  return join(link?.folder ?? cwd, isDefault ? '.env' : `.env.${environment}`);
}
