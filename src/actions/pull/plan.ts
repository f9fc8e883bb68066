import type { Intent } from '../../dotenv/last-pull.ts';
import type { Conflict, Kept } from '../../dotenv/merge.ts';
import type { Reader } from '../../dotenv/readers/reader.ts';
import type { SecretsError } from '../../errors.ts';

/** What a pull would do to one target; made without a pause between reading the file and writing it. */
export interface Plan {
  readonly changes: Changes;
  /** Why nothing may be written, if so. */
  readonly fault?: SecretsError | undefined;
  /** Every file of the target as it is to be. */
  readonly files: readonly FileText[];
  /** Whether there was no file before; of a .env file. */
  readonly isNew?: boolean;
  /** Files that are to go. */
  readonly gone?: readonly string[];
  /** What is to be remembered; call it once, and not for a mere look. */
  left(): Intent;
}

export interface FileText {
  readonly path: string;
  readonly content: string;
}

/** By name and kind; nothing of it is a value. */
export interface Changes {
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  readonly respelled: readonly string[];
  readonly kept: readonly Kept[];
  readonly conflicts: readonly Conflict[];
}

export const noChanges: Changes = {
  added: [],
  updated: [],
  removed: [],
  respelled: [],
  kept: [],
  conflicts: [],
};

/** A target for which all is ready but the look at the file. */
export interface Prepared {
  plan(): Plan;
  /** Which names some reader of the file will see otherwise. */
  readonly wrong: ReadonlyMap<string, readonly Reader[]>;
  /** Whether those readers were named, or are all that there are. */
  readonly isNamed: boolean;
}

/** Whether the file is other than the vault would have it. */
export function isDrift(changes: Changes): boolean {
  return kinds.some((kind) => changes[kind].length > 0);
}

const kinds = ['added', 'updated', 'removed', 'respelled', 'kept', 'conflicts'] as const;
