import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { SecretsError } from '../errors.ts';
import { readPlain } from '../files/read.ts';
import { captureGit } from '../process/capture.ts';

/** Where the hooks of a work tree are kept, and by whom. */
export interface HookPlace {
  readonly manager: 'git' | 'husky' | 'lefthook';
  /** The folder of the hooks; for lefthook, of those that it makes. */
  readonly folder: string;
  /** The config of lefthook. */
  readonly config?: string;
  /** Root of the work tree. */
  readonly root: string;
  /** It lies outside of the repository: core.hooksPath of this user, for all repositories. */
  readonly isShared: boolean;
}

/** A package.json that is longer tells nothing. */
const maxManifestBytes = 1024 * 1024;

const lefthookConfigs = ['lefthook', '.lefthook', '.config/lefthook'].flatMap((name) =>
  ['yml', 'yaml', 'json', 'jsonc', 'toml'].map((end) => `${name}.${end}`),
);

/** The place that counts for a folder: git's own answer, and the managers that stand behind it. Throws `invalid` outside of a work tree. */
export function findHookPlace(cwd: string): HookPlace {
  const asked = ['--path-format=absolute', '--show-toplevel', '--git-common-dir', '--git-path', 'hooks'];
  const answer = captureGit(['rev-parse', ...asked], cwd);
  // Git before 2.31 prints what it does not know, and relative paths.
  const lines = answer?.status === 0 ? answer.stdout.split('\n').filter((it) => !it.startsWith('--')) : [];
  const [root, common, hooks] = lines.filter((it) => it !== '').map((it) => resolve(cwd, it));
  if (!root || !common || !hooks) {
    throw new SecretsError('invalid', `"${cwd}" is not in a work tree of git`, {
      hint: answer === undefined ? 'is git installed?' : 'make a repository: git init',
    });
  }
  const isShared = ![root, common].some((it) => hooks.startsWith(it + sep));
  const husky = huskyFolder(hooks, root);
  if (husky !== undefined) return { manager: 'husky', folder: husky, root, isShared: false };
  const config = lefthookConfigs.map((name) => join(root, name)).find((path) => existsSync(path));
  if (config !== undefined) return { manager: 'lefthook', folder: hooks, config, root, isShared: false };
  return { manager: 'git', folder: hooks, root, isShared };
}

/** husky 9 keeps its own scripts in `_`, and those of the repository above them; before its first run git knows neither. */
function huskyFolder(hooks: string, root: string): string | undefined {
  if (basename(hooks) === '_' && existsSync(join(hooks, 'h'))) return dirname(hooks);
  const folder = join(root, '.husky');
  return hooks !== folder && existsSync(folder) && usesHusky(root) ? folder : undefined;
}

function usesHusky(root: string): boolean {
  try {
    return /"husky"\s*:/.test(readPlain(join(root, 'package.json'), 'file', maxManifestBytes));
  } catch {
    return false;
  }
}
