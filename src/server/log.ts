import { type Logger, pino } from 'pino';
import { oneLine } from '../errors.ts';

/** Where the lines of the log go. */
export interface LogTarget {
  /** Must neither throw nor wait. */
  write(text: string): void;
  /** Lines that could not be written. */
  readonly dropped?: number;
}

const pathChars = 300;
const redacted = '[redacted]';
/** Tokens, master keys and codes, should one stand in a path by mistake; a code also as people write it, with blanks of any kind. */
const credentials =
  /s(?:ct|mk)_[\w-]*|(?<![0-9a-z])(?:[0-9a-z]{5}[-+\s\u0080-\u00ff]{0,4}){3}[0-9a-z]{5}(?![0-9a-z])/gi;
/** How often a path may have been escaped over and over. */
const maxEscapes = 4;

/** The log of a server: JSON lines with the fields that are named where they are logged, and no others. */
export function makeLog(target: LogTarget): Logger {
  return pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (level) => ({ level }) },
      // A second wall: nothing that is logged has these fields.
      redact: { paths: ['authorization', 'token', 'value', 'headers', 'body'], censor: redacted },
    },
    new Lines(target),
  );
}

/** The path of a request as it was sent, without its query; where a credential is in it, unescaped and without that. */
export function loggedPath(url: string): string {
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  const plain = unescaped(path);
  const safe = plain?.replace(credentials, redacted) ?? redacted;
  return (safe === plain ? path : oneLine(safe)).slice(0, pathChars);
}

/** Undefined for what is escaped too often to be read. */
function unescaped(path: string): string | undefined {
  let text = path;
  for (let i = 0; i < maxEscapes; i++) {
    const before = text;
    // Byte by byte: what is not UTF-8 may still hold a credential, which is ASCII.
    text = before.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    if (text === before) return text;
  }
  return undefined;
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
