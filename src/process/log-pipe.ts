import { constants, fstatSync, openSync, write } from 'node:fs';

/** Bytes that wait for whoever reads the log; what comes beyond is dropped. */
const most = 1024 * 1024;
const newline = 10;
/** Milliseconds until the next try: where the reader is slow, and where writing fails (a full disk). */
const [soon, later] = [20, 500];

/**
 * Writes text to stderr without ever throwing and without waiting for it: a program that serves others goes on where
 * its log cannot be written. Whole lines are dropped then, counted, and told of once writing goes on.
 */
export class LogPipe {
  readonly #fd: number;
  #waiting: Buffer[] = [];
  #bytes = 0;
  #current: Buffer | undefined;
  #busy = false;
  #dropped = 0;
  #untold = 0;
  #empty: (() => void) | undefined;

  constructor() {
    this.#fd = unblocked();
  }

  /** Lines that nobody will see. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes whole lines. */
  write(text: string | Uint8Array): void {
    const bytes = Buffer.from(text as string);
    if (this.#bytes + bytes.length > most) {
      const lines = countLines(bytes);
      this.#dropped += lines;
      this.#untold += lines;
      return;
    }
    this.#tellDropped();
    this.#take(bytes);
    this.#next();
  }

  /** Resolves when all is written, at the latest after so many milliseconds. */
  async flush(limit: number): Promise<void> {
    // What is logged at the end of this turn belongs to it.
    await new Promise((done) => setImmediate(done));
    if (this.#bytes === 0) return;
    await new Promise<void>((done) => {
      const late = setTimeout(done, limit);
      this.#empty = () => {
        clearTimeout(late);
        done();
      };
    });
  }

  #tellDropped(): void {
    if (this.#untold === 0) return;
    const [time, dropped] = [new Date().toISOString(), this.#untold];
    this.#untold = 0;
    const line = { level: 'warn', time, dropped, message: 'lines of the log were dropped' };
    this.#take(Buffer.from(`${JSON.stringify(line)}\n`));
  }

  #take(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
  }

  #next(): void {
    if (this.#busy) return;
    if (this.#bytes === 0) this.#tellDropped();
    if (this.#bytes === 0) return this.#empty?.();
    const part = (this.#current ??= Buffer.concat(this.#waiting.splice(0)));
    this.#busy = true;
    // In a thread: a slow disk is waited for there.
    write(this.#fd, part, 0, part.length, null, (error, written) => this.#wrote(part, error, written));
  }

  #wrote(part: Buffer, error: NodeJS.ErrnoException | null, written: number): void {
    if (error) {
      // Not only EAGAIN: a disk may have room again.
      setTimeout(() => this.#again(), error.code === 'EAGAIN' ? soon : later).unref();
      return;
    }
    this.#bytes -= written;
    this.#current = written < part.length ? part.subarray(written) : undefined;
    this.#again();
  }

  #again(): void {
    this.#busy = false;
    this.#next();
  }
}

/** What Node itself has to say goes the same way; of its experimental parts, nothing. */
export function onNodeWarning(tell: (text: string) => void): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== 'ExperimentalWarning') tell(`secrets: node: ${name}: ${message}\n`);
  });
}

/**
 * Stderr as a descriptor whose writes do not wait for a reader. A thread that waits would be waited for at the end of
 * the process, too: it would not end.
 */
function unblocked(): number {
  try {
    const stat = fstatSync(2);
    // A stream of Node over a pipe or a socket sets it to non-blocking, and back at the end of the process.
    if (stat.isFIFO() || stat.isSocket()) return (process.stderr as { fd?: number }).fd ?? 2;
    if (!stat.isCharacterDevice()) return 2;
    // A terminal that was stopped (Ctrl-S). Opened anew, the mode is ours alone.
    return openSync('/dev/stderr', constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return 2;
  }
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === newline) count++;
  return count;
}
