import type { Intent } from '../../dotenv/last-pull.ts';
import type { Merge } from '../../dotenv/merge.ts';
import type { Spelled } from '../../dotenv/write.ts';
import type { SecretsError } from '../../errors.ts';
import type { Readership } from './audience.ts';

/** What a pull would do to one target; made without a pause between reading the file and writing it. */
export interface Plan {
  readonly changes: Changes;
  /** Why nothing may be written, if so. */
  readonly fault?: SecretsError | undefined;
  /** What is odd about the file as it stands. */
  readonly remarks?: readonly string[];
  /** As in `Prepared`, with those who misread the lines of the user's that values are written on. */
  readonly spelled?: ReadonlyMap<string, Spelled>;
  /** What the user may do about those lines. */
  readonly lineHints?: readonly string[];
  /** It is not as the last pull left it, and stands as it is all the same: of a format that is written whole. */
  readonly isKept?: boolean;
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
export type Changes = Pick<Merge, 'added' | 'updated' | 'removed' | 'respelled' | 'kept' | 'conflicts'>;

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
  /** How each value is written, and who will see something else; of a .env file. */
  readonly spelled: ReadonlyMap<string, Spelled>;
  /** Who reads it; of a .env file. */
  readonly audience: Readership | undefined;
}

/** Kinds of what is done to a file, in the order in which they are told. */
export const doneKinds = ['added', 'updated', 'removed', 'respelled'] as const;

/** Whether the file is to be changed. */
export function isChange(changes: Changes): boolean {
  return doneKinds.some((kind) => changes[kind].length > 0);
}

/** Whether the file is other than the vault would have it. */
export function isDrift({ changes, fault, isKept }: Pick<Plan, 'changes' | 'fault' | 'isKept'>): boolean {
  const isUnlike = changes.kept.length > 0 || changes.conflicts.length > 0;
  return fault !== undefined || isKept === true || isUnlike || isChange(changes);
}
