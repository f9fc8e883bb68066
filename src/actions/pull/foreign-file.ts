import { statSync } from 'node:fs';
import { existsSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { linkFileName } from '../../config/link.ts';
import type { Paths } from '../../config/paths.ts';
import type { Merge } from '../../dotenv/merge.ts';
import { SecretsError } from '../../errors.ts';
import { isWithin } from './real-path.ts';
import type { Target } from './targets.ts';

/** Files that are the repository's own, in lower case: no option makes one of them a file of secrets. */
const never = new Set([
  linkFileName,
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  'tsconfig.json',
  'jsconfig.json',
  'deno.json',
  'deno.jsonc',
  'composer.json',
  'composer.lock',
  'cargo.toml',
  'cargo.lock',
  'pyproject.toml',
  'poetry.lock',
  'requirements.txt',
  'pipfile',
  'gemfile',
  'go.mod',
  'go.sum',
  'makefile',
  'dockerfile',
  'procfile',
]);
const neverLike =
  /^(?:\.git\w*|\.\w+ignore|(?:docker-)?compose(?:\.[\w-]+)*\.ya?ml|(?:readme|license)(?:\.\w+)?)$/;

/** Throws `invalid` for a file that is never written to, whatever the options: the repository's own, and ours. */
export function assertMayBeTarget(path: string, { vault, settings, tokenFile, state }: Paths): void {
  const name = basename(path);
  const ours = [vault, settings, tokenFile].map(real);
  if (ours.some((one) => /^(?:[.-]\w+)?$/.test(behind(path, one))) || isWithin(path, real(state)))
    throw new SecretsError('invalid', `"${path}" is a file of this program; no secrets are written to it`);
  if (!never.has(name.toLowerCase()) && !neverLike.test(name.toLowerCase())) return;
  throw new SecretsError('invalid', `"${name}" is a file of the repository; no secrets are written to it`, {
    hint: 'name another file: secrets pull FILE',
  });
}

/** What a path has behind another one: SQLite and the key have files beside the vault. */
function behind(path: string, beginning: string): string {
  return path.startsWith(beginning) ? path.slice(beginning.length) : '/';
}

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}

/** Why a file is not merged into that no pull ever wrote: neither its name nor what is in it is that of a .env file. */
export function foreignFault(
  path: string,
  { shown, alone, isTyped }: Target,
  { unknownLines }: Merge,
): SecretsError | undefined {
  const isOdd = unknownLines.length > 0 || isProgram(path);
  if (!isOdd || /(?:^|[._-])env(?:[._-]|$)/i.test(basename(path))) return undefined;
  return new SecretsError('invalid', `"${shown}" does not look like a .env file; nothing was written`, {
    hint: [
      'name another file: secrets pull FILE',
      ...(isTyped ? [] : [`or replace it: ${alone} --overwrite`]),
    ],
  });
}

/** A script may be all assignments, too. On Windows no file says so. */
function isProgram(path: string): boolean {
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o111) !== 0;
}
