import { flushCompileCache } from 'node:module';
import { type Program } from './find.ts';

/** Bytes of argv and environment that every kernel we run on takes (Linux: a quarter of an 8 MiB stack). */
const safeSize = 1.5 * 1024 * 1024;

export type ChildEnv = Record<string, string>;

/** Whether this process can become the program: POSIX, and not so much to hand over that the kernel may refuse. */
export function canReplace(argv: readonly string[], env: ChildEnv): boolean {
  if (process.platform === 'win32' || typeof process.execve !== 'function') return false;
  const size = [...argv, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].reduce(
    (sum, word) => sum + Buffer.byteLength(word) + 9,
    0,
  );
  return size < safeSize;
}

/**
 * Becomes the program: same pid, and nothing of ours left beside it. Node 22 and 24 abort where execve fails, so what
 * can be known to fail is sorted out before (find.ts, canReplace).
 */
export function replaceProcess({ file, before }: Program, argv: readonly string[], env: ChildEnv): never {
  // execve skips the exit handler that would write it.
  flushCompileCache();
  // Node ignores both, and what is ignored stays so through exec; what has a handler is reset to its default.
  process.on('SIGPIPE', () => {});
  process.on('SIGXFSZ', () => {});
  const [argv0 = file, ...rest] = argv;
  process.execve!(file, [before.length > 0 ? file : argv0, ...before, ...rest], env);
  throw new Error('execve returned');
}
