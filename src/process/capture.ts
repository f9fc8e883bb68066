import { spawnSync } from 'node:child_process';
import { SecretsError } from '../errors.ts';

export interface Captured {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a short helper program to its end and returns what it printed; undefined where it is not installed. It speaks
 * English. Limit: 10 s. (Not execa: this is on the path of `pull`, and loading execa costs more than git does.)
 */
export function capture(file: string, args: readonly string[], cwd: string): Captured | undefined {
  const { error, status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C', SECRETS_MASTER_KEY: undefined, SECRETS_TOKEN: undefined },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 10_000,
  });
  if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  if (error) throw new SecretsError('failed', `${file} did not run`, { cause: error });
  return { status: status ?? 1, stdout, stderr };
}

/**
 * Asks git. A repository is somebody else's text: what it can have git run (core.fsmonitor, a bare repository hidden in a
 * folder of it) is switched off, and git never sees a key of ours.
 */
export function captureGit(args: readonly string[], cwd: string): Captured | undefined {
  return capture('git', ['-c', 'safe.bareRepository=explicit', '-c', 'core.fsmonitor=false', ...args], cwd);
}
