import { constants } from 'node:os';
import { execa } from 'execa';
import { isSystemError, SecretsError } from '../errors.ts';
import type { ChildEnv } from './exec.ts';
import type { Program } from './find.ts';

const forwarded = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'] as const;

/**
 * Runs the program as a child and reports its status: its own, or 128 + n for death by signal n. Used where this
 * process cannot become the program (exec.ts). Ctrl-C is not forwarded: the terminal sends it to the child as well.
 */
export async function supervise(
  { file, before }: Program,
  argv: readonly string[],
  env: ChildEnv,
): Promise<number> {
  const options = {
    stdio: 'inherit',
    env,
    extendEnv: false,
    reject: false,
    ...(argv[0] ? { argv0: argv[0] } : {}),
  } as const;
  const child = execa(file, [...before, ...argv.slice(1)], options);
  process.on('SIGINT', () => {});
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  const result = await child;
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return 128 + constants.signals[result.signal];
  throw startError(result.cause, argv[0] ?? file);
}

function startError(cause: unknown, command: string): SecretsError {
  const code = isSystemError(cause) ? cause.code : 'unknown reason';
  const hint = code === 'E2BIG' ? 'too much for one environment: run with fewer secrets' : [];
  return new SecretsError('run_failed', `"${command}" could not be started: ${code}`, { cause, hint });
}
