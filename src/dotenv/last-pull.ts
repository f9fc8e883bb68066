import { hash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sweep, writeFile } from '../files/write.ts';

const keyFile = 'fingerprint.key';

/**
 * What this machine remembers of the last pull into a file: where it came from, at which revision, which versions, and
 * for each value a keyed fingerprint (never the value), so that an edit made here can be told from a change made there.
 */
export interface LastPull {
  readonly project: string;
  readonly environment: string;
  readonly revision: number;
  /** ISO 8601. */
  readonly at: string;
  readonly secrets: Readonly<Record<string, Pulled>>;
}

export interface Pulled {
  readonly version: number;
  readonly fingerprint: string;
  /** What a pull was about to write, if it was killed between the file and its memory. */
  readonly next?: string;
}

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
      const found = JSON.parse(readFileSync(this.#record, 'utf8')) as Partial<LastPull> | null;
      return typeof found?.secrets === 'object' && found.secrets !== null ? (found as LastPull) : undefined;
    } catch {
      // It only saves a question: without it, what differs counts as edited here, and nothing is overwritten.
      return undefined;
    }
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
