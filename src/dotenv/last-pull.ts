import { hash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sweep, writeFile } from '../files/write.ts';

const keyFile = 'fingerprint.key';

/**
 * What this machine remembers of the last pull into a file: where it came from, at which revision, which versions, and
 * for each value keyed fingerprints (never the value), so that an edit made here can be told from a change made there.
 */
export interface LastPull {
  readonly project: string;
  readonly environment: string;
  /** The server, or the vault on this machine, that the revision is of; older versions did not say. */
  readonly place?: string;
  readonly revision: number;
  /** ISO 8601. */
  readonly at: string;
  readonly secrets: Base;
  /** Fingerprint of the whole file as it was left, under the name ''. */
  readonly text?: string;
  /** What the file was written as; absent: dotenv. */
  readonly format?: string;
  /** The file, of a format that is written whole, was left as it is here: `text` is what would have been written. */
  readonly stands?: boolean;
  /** What a pull was about to remember, if it was killed between the file and its memory. */
  readonly next?: Intent;
}

/** What is remembered of the file itself, as a pull was about to remember it. */
export type Intent = Pick<LastPull, 'secrets' | 'text' | 'format' | 'stands'>;

/** By name: what the vault had, and what was written, when file and vault were last brought together. */
export type Base = Readonly<Record<string, Pulled>>;

export interface Pulled {
  /** The version that the vault had; 0 where that is not known. */
  readonly version: number;
  /** Of the value that the vault had. */
  readonly fingerprint: string;
  /**
   * Of the text that we wrote behind the sign, quotes and all. Absent where the text is somebody else's: the value was
   * there already, or was edited since. (Memories of older versions have none either.)
   */
  readonly written?: string;
}

/** Makes the fingerprint of a text that stands under a name. */
export type Fingerprint = (name: string, text: string) => string;

/** The memory of one file, in the state folder. */
export class PullMemory {
  readonly #state: string;
  readonly #record: string;
  #key: string | undefined;

  constructor(state: string, target: string) {
    this.#state = state;
    const id = hash('sha256', resolve(target)).slice(0, 32);
    this.#record = join(state, 'pulls', `${id}.json`);
  }

  /** The last pull, or undefined when there was none or its memory cannot be read. */
  load(): LastPull | undefined {
    if (!existsSync(this.#record)) return undefined;
    try {
      return ofAnyAge(JSON.parse(readFileSync(this.#record, 'utf8')) as Partial<LastPull> | null);
    } catch {
      // It only saves a question: without it, what differs counts as edited here, and nothing is overwritten.
      return undefined;
    }
  }

  /** Whether somebody has saved since; in doubt, yes: file systems round their times. Reads nothing. */
  isSavedSince(moment: Date): boolean {
    const saved = statSync(this.#record, { throwIfNoEntry: false });
    return saved !== undefined && saved.mtimeMs >= moment.getTime() - 1000;
  }

  save(pull: LastPull): void {
    writeFile(this.#record, JSON.stringify(pull));
    // The key is written once; what a killed process left of it is swept here.
    sweep(join(this.#state, keyFile));
  }

  /**
   * A fingerprint that only this machine can make: SHA-256 behind a key of fixed length, cut to 128 bits, which leaves
   * nothing to extend. (HMAC would do the same at four times the cost, and a pull makes thousands.)
   */
  fingerprint(name: string, value: string): string {
    this.#key ??= this.#loadKey().toString('hex');
    return hash('sha256', `${this.#key}${name}\0${value}`, 'base64url').slice(0, 22);
  }

  #loadKey(): Buffer {
    const path = join(this.#state, keyFile);
    if (!existsSync(path)) {
      try {
        writeFile(path, randomBytes(32), { fresh: true });
      } catch (error) {
        // Another pull made it between the two lines.
        if (!existsSync(path)) throw error;
      }
    }
    return readFileSync(path);
  }
}

/** What is remembered of a file as of one format. What another format left in it is no base of a merge, and not ours. */
export function inFormat(last: LastPull | undefined, format: string): LastPull | undefined {
  if (!last) return undefined;
  const { next, secrets, text, format: _, ...rest } = last;
  const isBefore = formatOf(last) === format;
  if (next && formatOf(next) === format) return isBefore ? last : { ...rest, secrets: {}, format, next };
  return isBefore ? { ...rest, secrets, format, ...(text !== undefined && { text }) } : undefined;
}

/** Whether a file is, byte for byte, what a pull left in a format that is written whole: then nothing in it is the user's. */
export function isWhollyOurs(last: LastPull, print: string): boolean {
  return [last, last.next].some((one) => one && !isMergedFormat(formatOf(one)) && one.text === print);
}

export function formatOf({ format = 'dotenv' }: Intent): string {
  return format;
}

function isMergedFormat(format: string): boolean {
  return format === 'dotenv' || format === 'files';
}

/** Older versions wrote what a killed pull was about to do beside each name, and version 0 where there was nothing yet. */
type OlderPulled = Pulled & { readonly next?: string };

function ofAnyAge(found: Partial<LastPull> | null): LastPull | undefined {
  if (typeof found?.secrets !== 'object' || found.secrets === null) return undefined;
  const all: [string, OlderPulled][] = Object.entries(found.secrets);
  if (all.every(([, one]) => one.next === undefined)) return found as LastPull;
  const before = all.filter(([, { version }]) => version > 0);
  const after = all.map(([name, { version, fingerprint, next }]) => {
    return [name, { version, fingerprint: next ?? fingerprint }] as const;
  });
  return {
    ...(found as LastPull),
    secrets: Object.fromEntries(
      before.map(([name, { version, fingerprint }]) => [name, { version, fingerprint }]),
    ),
    next: { secrets: Object.fromEntries(after) },
  };
}
