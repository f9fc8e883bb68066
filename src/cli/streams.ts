import { fstatSync, readSync, writeSync } from 'node:fs';

/**
 * The three streams. Output is written synchronously and whole: nothing is lost when the process ends, and the stream
 * classes of Node, which cost milliseconds to set up, stay unloaded. A reader that closes early (`| head`) ends the
 * program quietly, as it does for other tools.
 */
export interface Streams {
  readonly in: Input;
  readonly out: Output;
  readonly err: Output;
  /** stderr as a stream of Node, for the libraries that draw on a terminal. */
  drawing(): NodeJS.WritableStream;
}

export interface Input {
  readonly isTerminal: boolean;
  /** Everything up to the end; waits for it. What is over `limit` bytes is not read to the end. */
  readAll(limit?: number): Buffer;
}

export interface Output {
  readonly isTerminal: boolean;
  write(text: string | Uint8Array): void;
}

/** The streams of this process. */
export function processStreams(): Streams {
  return {
    in: {
      get isTerminal() {
        return isTerminal(0);
      },
      readAll: (limit) => readAll(0, limit),
    },
    out: output(1, () => process.exit(0)),
    // Nobody can be told that nobody reads the errors.
    err: output(2, () => {}),
    drawing: () => process.stderr,
  };
}

function output(fd: number, closed: () => void): Output {
  let known: boolean | undefined;
  return {
    get isTerminal() {
      return (known ??= isTerminal(fd));
    },
    write: (text) => writeAll(fd, text, closed),
  };
}

/** node:tty is asked last, and only about a device: it loads the whole of node:net, which costs more than a query. */
function isTerminal(fd: number): boolean {
  try {
    if (!fstatSync(fd).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(fd);
}

/** Keeps Node's own notices about experimental parts (node:sqlite, execve) off the user's terminal; others are shown. */
export function quietExperiments(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning')
      writeAll(2, `secrets: node: ${warning.name}: ${warning.message}\n`, () => {});
  });
}

function writeAll(fd: number, text: string | Uint8Array, closed: () => void): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE' || code === 'ECONNRESET') return closed();
      if (code !== 'EAGAIN') throw error;
      pause();
    }
  }
}

function readAll(fd: number, limit = Infinity): Buffer {
  const parts: Buffer[] = [];
  let total = 0;
  while (total <= limit) {
    const part = Buffer.allocUnsafe(64 * 1024);
    try {
      const length = readSync(fd, part);
      if (length === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, length));
      total += length;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') pause();
      // Windows reports the end of a pipe as EOF; the others mean that there is nothing to read from.
      else if (code === 'EOF' || code === 'EBADF' || code === 'EIO' || code === 'EISDIR')
        return Buffer.concat(parts);
      else throw error;
    }
  }
  return Buffer.concat(parts);
}

/** Another process has set the pipe to non-blocking, and it is full or empty: wait a moment. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
}
