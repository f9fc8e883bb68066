import { basename, dirname, join, resolve } from 'node:path';
import { defaultEnvironment } from '../../api/names.ts';
import { findWorkTree } from '../../config/git.ts';
import type { ResolvedScope } from '../../config/scope.ts';
import type { LinkTarget } from '../../config/targets.ts';
import { SecretsError } from '../../errors.ts';
import { isWithin } from './real-path.ts';

const place = '{environment}';

/**
 * The file of a target in the environment that is pulled: by its own name in the default one, else with `.<environment>`
 * behind its `.env`; `{environment}` in it stands for either. Throws `invalid` where there is no place for the name, and
 * for a path that leads out of the repository.
 */
export function linkedFile(scope: ResolvedScope, cwd: string, target: LinkTarget): string {
  const { file: written, format } = target;
  if (format === 'github-env')
    throw invalid(`"${written}": the format "github-env" has no file`, 'secrets pull --for github-env');
  const file = inEnvironment(scope, cwd, target);
  if (file === undefined) {
    throw invalid(
      `"${written}", a target of the link file, has no place for the environment "${scope.environment}"`,
      placeHint(written),
    );
  }
  const folder = folderOf(scope, cwd);
  const root = findWorkTree(folder)?.root ?? folder;
  if (isWithin(file, root)) return file;
  throw invalid(`"${written}", a target of the link file, leads out of the repository`, `it is in ${root}`);
}

/** Whether a target is meant by the file that was named, as it stands in the link file or in this environment. */
export function isMeant(scope: ResolvedScope, cwd: string, target: LinkTarget, file: string): boolean {
  return [resolve(folderOf(scope, cwd), target.file), inEnvironment(scope, cwd, target)].includes(file);
}

/** A name with the place in it. What Terraform takes by the name alone, it goes on to take by another. */
function placeHint(written: string): string | readonly string[] {
  const named = (behind: string): string =>
    `name it in the link file: "file": "${written.replace(/[^/\\]*$/, `{environment}.${behind}`)}"`;
  if (!/^terraform\.tfvars(?:\.json)?$/.test(basename(written))) return named('$&');
  return [
    named(basename(written).replace('terraform.', 'auto.')),
    'terraform takes every *.auto.tfvars of its folder: keep no two environments there',
  ];
}

function inEnvironment(
  { environment, link }: ResolvedScope,
  cwd: string,
  { file }: LinkTarget,
): string | undefined {
  const folder = link?.folder ?? cwd;
  const isDefault = environment === (link?.environment ?? defaultEnvironment);
  if (isDefault || file.includes(place)) return resolve(folder, file.replaceAll(place, environment));
  const name = basename(file);
  const named = name.replace(/\.env(?=\.|$)/, `$&.${environment}`);
  return named === name ? undefined : join(folder, dirname(file), named);
}

function folderOf({ link }: ResolvedScope, cwd: string): string {
  return link?.folder ?? cwd;
}

function invalid(what: string, hint: string | readonly string[]): SecretsError {
  return new SecretsError('invalid', what, { hint });
}
