import { constants } from 'node:os';
import { execa, type Options } from 'execa';
import { isSystemError, SecretsError } from '../errors.ts';
import type { ChildEnv } from './exec.ts';
import type { Program } from './find.ts';

const forwarded = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGCONT'] as const;

/**
 * Runs the program as a child and reports its status: its own, or 128 + n for death by signal n. Used where this
 * process cannot become the program (exec.ts, descriptors.ts). Ctrl-C is not forwarded: the terminal sends it to the
 * child as well.
 */
export async function supervise(
  { file, before }: Program,
  argv: readonly string[],
  env: ChildEnv,
  handed: readonly number[],
): Promise<number> {
  const options: Options = {
    stdio: ['inherit', 'inherit', 'inherit', ...beyondStandard(handed)],
    env,
    extendEnv: false,
    reject: false,
    ...(argv[0] ? { argv0: argv[0] } : {}),
  };
  let child: { kill(signal: NodeJS.Signals): boolean } | undefined;
  // Before the start: a signal that comes in between would end this process and leave the child.
  process.on('SIGINT', () => {});
  for (const signal of forwarded) process.on(signal, () => child?.kill(signal));
  const running = execa(file, [...before, ...argv.slice(1)], options);
  child = running;
  const result = await running;
  if (result.exitCode !== undefined) return result.exitCode;
  if (result.signal !== undefined) return 128 + constants.signals[result.signal];
  throw startError(result.cause, argv[0] ?? file);
}

/** From descriptor 3 on: each that was handed to us, under its own number. */
function beyondStandard(handed: readonly number[]): ('ignore' | 'inherit')[] {
  return Array.from({ length: Math.max(2, ...handed) - 2 }, (_, i) =>
    handed.includes(i + 3) ? 'inherit' : 'ignore',
  );
}

function startError(cause: unknown, command: string): SecretsError {
  const code = isSystemError(cause) ? cause.code : 'unknown reason';
  const hint = code === 'E2BIG' ? 'too much for one environment: run with fewer secrets' : [];
  return new SecretsError('run_failed', `"${command}" could not be started: ${code}`, { cause, hint });
}
