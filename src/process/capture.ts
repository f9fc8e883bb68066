import { SecretsError } from '../errors.ts';

export interface Captured {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CaptureOptions {
  /** What it reads from its stdin; nothing unless given. */
  readonly input?: string;
  /** Variables that it does not see. */
  readonly without?: readonly string[];
}

/**
 * Runs a short helper program to its end and returns what it printed; undefined where it is not installed. It speaks
 * English. Limit: 10 s. (Not execa: this is on the path of `pull`, and loading execa costs more than git does.)
 */
export function capture(
  file: string,
  args: readonly string[],
  cwd: string,
  { input, without = [] }: CaptureOptions = {},
): Captured | undefined {
  const hidden = [...without, 'SECRETS_MASTER_KEY', 'SECRETS_TOKEN'].map(
    (name) => [name, undefined] as const,
  );
  // Loaded here, because a pull outside of any repository starts no git: it brings all of node:net along.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { error, status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C', ...Object.fromEntries(hidden) },
    encoding: 'utf8',
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(input !== undefined && { input }),
    timeout: 10_000,
  });
  const code = (error as NodeJS.ErrnoException)?.code;
  if (code === 'ENOENT') return undefined;
  // Who ends without reading what it was given has said why.
  if (error && !(code === 'EPIPE' && status !== null))
    throw new SecretsError('failed', `${file} did not run`, { cause: error });
  return { status: status ?? 1, stdout, stderr };
}

/**
 * Asks git. A repository is somebody else's text: what it can have git run (core.fsmonitor, a bare repository hidden in a
 * folder of it) is switched off, and git never sees a key of ours.
 */
export function captureGit(
  args: readonly string[],
  cwd: string,
  options: CaptureOptions = {},
): Captured | undefined {
  const safe = ['-c', 'safe.bareRepository=explicit', '-c', 'core.fsmonitor=false'];
  return capture('git', [...safe, ...args], cwd, options);
}

/** What points git to another repository than the one that a folder is in, or makes it read names as patterns. */
export const gitVariables = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_NAMESPACE',
  'GIT_PREFIX',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
] as const;

/** Whether a variable names a repository, as in a hook of git, or where somebody keeps their home folder in one. */
export function isGitNamed(): boolean {
  return Boolean(process.env.GIT_DIR) || Boolean(process.env.GIT_WORK_TREE);
}
