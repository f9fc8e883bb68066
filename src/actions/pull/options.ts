import { SecretsError } from '../../errors.ts';
import type { Target } from './targets.ts';

/** How conflicts are settled, as the merge takes it. */
export type Side = 'ours' | 'theirs' | 'reset' | 'overwrite';

/** What the command line of `pull` says, but for where. */
export interface PullOptions {
  readonly for: readonly string[];
  readonly format: string | undefined;
  readonly only: readonly string[];
  readonly except: readonly string[];
  readonly strict: boolean;
  readonly ours: boolean;
  readonly theirs: boolean;
  readonly reset: boolean;
  readonly overwrite: boolean;
  readonly diff: boolean;
  readonly check: boolean;
  readonly backup: boolean;
  readonly gitignore: boolean;
  readonly json: boolean;
}

const apart: readonly (readonly (keyof PullOptions)[])[] = [
  ['ours', 'theirs', 'reset', 'overwrite'],
  ['diff', 'check'],
  ['diff', 'backup'],
  ['check', 'backup'],
];

/** Options that are about a file. */
const ofFiles = ['ours', 'theirs', 'reset', 'overwrite', 'diff', 'check', 'backup', 'json'] as const;

/** Throws `usage` for options that contradict one another. */
export function assertTogether(options: PullOptions): void {
  for (const group of apart) {
    const [one, other] = group.filter((name) => options[name]);
    if (other !== undefined) throw contradiction(`--${one}`, `--${other}`);
  }
}

/**
 * Throws `usage` where some names were typed, and the rest of the file is to go: who names a few leaves the others alone. A
 * format that is written whole has no rest.
 */
export function assertNotAlone(options: PullOptions, targets: readonly Target[]): void {
  const hasRest = targets.some(({ isTyped, format }) => isTyped && isMerged(format));
  if (options.overwrite && hasRest)
    throw contradiction('--overwrite', options.only.length > 0 ? '--only' : '--except');
}

/** Whether names of a file are told apart, so that each is merged by itself. */
export function isMerged(format: Target['format']): boolean {
  return format === 'dotenv' || format === 'files';
}

/** Throws `usage` for an option that says nothing where no file of ours is written. */
export function assertNoFile(options: PullOptions, what: string): void {
  const pointless = ofFiles.find((name) => options[name]);
  if (pointless) throw contradiction(`--${pointless}`, what);
}

/** The side that conflicts take, if one was named. */
export function sideOf(options: PullOptions): Side | undefined {
  return (['overwrite', 'reset', 'theirs', 'ours'] as const).find((side) => options[side]);
}

function contradiction(one: string, other: string): SecretsError {
  return new SecretsError('usage', `${one} does not go with ${other}`);
}
