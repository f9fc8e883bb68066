import { randomBytes } from 'node:crypto';
import type { FoundScope } from '../store/projects.ts';
import type { Db, SecretRow, Tx } from '../store/schema.ts';
import type { Actor } from './call.ts';

/** Entries of each kind, and bytes of all snapshots; what is over that is forgotten, oldest first. */
const maxEntries = 10_000;
const maxSnapshotBytes = 64 * 1024 * 1024;
/** What is open is kept for so many milliseconds, and no more of it than this. */
const [moment, maxTexts, maxText] = [1000, 64, 256 * 1024];

/**
 * What this process remembers of the store between calls: who a token is, where a scope is, the sealed snapshot of an
 * environment; of what is open, the texts that were read within the last second. It holds for one generation: whoever
 * changes anything, here or in another process, makes a new one in the same transaction, and each call compares first.
 * So a revoked token or grant is gone with the commit that revoked it.
 */
export class Known {
  #facts = new Facts(undefined);

  /** What is remembered of the generation that the store is at. */
  async at(db: Db): Promise<Facts> {
    const { generation } = await db.meta();
    if (generation !== this.#facts.generation) this.#facts = new Facts(generation);
    return this.#facts;
  }

  forget(): void {
    this.#facts = new Facts(undefined);
  }
}

/** What is remembered of one generation. A call that began with it goes on with it, whatever comes after. */
export class Facts {
  readonly generation: string | undefined;
  /** By the hash of the token, in hex. */
  readonly actors = new Map<string, Actor>();
  /** By `project/environment`. */
  readonly scopes = new Map<string, FoundScope>();
  /** Names with versions, without values, by id of the environment. */
  readonly names = new Map<string, readonly Omit<SecretRow, 'sealed'>[]>();
  /** Tags of answers, by what was asked and by whom. */
  readonly tags = new Map<string, string>();
  /** Lists of names in the audit trail, by the tag of the answer that they list. */
  readonly lists = new Map<string, string>();
  /** By id of the environment. */
  readonly #snapshots = new Map<string, Uint8Array>();
  #snapshotBytes = 0;
  readonly #texts = new Map<string, Buffer>();

  constructor(generation: string | undefined) {
    this.generation = generation;
  }

  /** The opened text of an environment, for a moment: what many read at once is opened once. */
  text(environmentId: string): Buffer | undefined {
    return this.#texts.get(environmentId);
  }

  keepText(environmentId: string, text: Buffer): void {
    if (text.length > maxText || this.#texts.size >= maxTexts) return;
    if (this.#texts.size === 0) setTimeout(() => this.#texts.clear(), moment).unref();
    this.#texts.set(environmentId, text);
  }

  snapshot(environmentId: string): Uint8Array | undefined {
    return this.#snapshots.get(environmentId);
  }

  keepSnapshot(environmentId: string, sealed: Uint8Array): void {
    if (sealed.length > maxSnapshotBytes) return;
    if (this.#snapshotBytes + sealed.length > maxSnapshotBytes) {
      this.#snapshots.clear();
      this.#snapshotBytes = 0;
    }
    this.#snapshots.set(environmentId, sealed);
    this.#snapshotBytes += sealed.length;
  }
}

/** Keeps an entry; of too many, the oldest goes. */
export function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size > maxEntries) map.delete(map.keys().next().value!);
}

/** Everything that is remembered anywhere ends with this transaction. Random, because one that fails to commit was never there. */
export function newGeneration(tx: Tx): void {
  tx.setMeta('generation', randomBytes(12).toString('hex'));
}
