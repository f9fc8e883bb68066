import { type Logger, pino } from 'pino';

/** Where the lines of the log go. */
export interface LogTarget {
  write(text: string): void;
}

const pathChars = 300;
/** Tokens, master keys and codes, should one stand in a path by mistake. */
const credentials = /s(?:ct|mk)_[\w-]*|\b(?:[0-9a-z]{5}-){3}[0-9a-z]{5}\b/gi;

/** The log of a server: JSON lines with the fields that are named where they are logged, and no others. */
export function makeLog(target: LogTarget): Logger {
  return pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      // A second wall: nothing that is logged has these fields.
      redact: { paths: ['authorization', 'token', 'value', 'headers', 'body'], censor: '[redacted]' },
    },
    new Lines(target),
  );
}

/** The path of a request as it was sent, escapes and all, without its query. */
export function loggedPath(url: string): string {
  const end = url.indexOf('?');
  const path = (end < 0 ? url : url.slice(0, end)).slice(0, pathChars);
  return path.replace(credentials, '[redacted]');
}

/** Lines that are logged in one turn of the event loop go out in one write. */
class Lines {
  readonly #target: LogTarget;
  #waiting = '';

  constructor(target: LogTarget) {
    this.#target = target;
  }

  write(line: string): void {
    if (this.#waiting === '') setImmediate(() => this.flushSync());
    this.#waiting += line;
  }

  flushSync(): void {
    const text = this.#waiting;
    this.#waiting = '';
    if (text !== '') this.#target.write(text);
  }
}
