import type { Context } from '../context.ts';

/** Runs something slow; on a terminal, a spinner says what it is. */
export async function spinning<T>(
  { streams, print }: Context,
  text: string,
  work: () => Promise<T>,
): Promise<T> {
  if (print.quiet || !streams.err.isTerminal) return work();
  const { default: ora } = await import('ora');
  const spinner = ora({ text, stream: streams.drawing() }).start();
  try {
    return await work();
  } finally {
    spinner.stop();
  }
}
