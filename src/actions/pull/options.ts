import { SecretsError } from '../../errors.ts';

/** How conflicts are settled, as the merge takes it. */
export type Side = 'ours' | 'theirs' | 'overwrite';

/** What the command line of `pull` says, but for where. */
export interface PullOptions {
  readonly for: readonly string[];
  readonly format: string | undefined;
  readonly only: readonly string[];
  readonly except: readonly string[];
  readonly strict: boolean;
  readonly ours: boolean;
  readonly theirs: boolean;
  readonly overwrite: boolean;
  readonly diff: boolean;
  readonly check: boolean;
  readonly backup: boolean;
  readonly gitignore: boolean;
  readonly json: boolean;
}

const apart: readonly (readonly (keyof PullOptions)[])[] = [
  ['ours', 'theirs', 'overwrite'],
  ['diff', 'check'],
  ['diff', 'backup'],
  ['check', 'backup'],
];

/** Options that are about a file. */
const ofFiles = ['ours', 'theirs', 'overwrite', 'diff', 'check', 'backup', 'json'] as const;

/** Throws `usage` for options that contradict one another. */
export function assertTogether(options: PullOptions): void {
  for (const group of apart) {
    const [one, other] = group.filter((name) => options[name]);
    if (other !== undefined) throw contradiction(`--${one}`, `--${other}`);
  }
}

/** Throws `usage` for an option that says nothing where no file of ours is written. */
export function assertNoFile(options: PullOptions, what: string): void {
  const pointless = ofFiles.find((name) => options[name]);
  if (pointless) throw contradiction(`--${pointless}`, what);
}

/** The side that conflicts take, if one was named. */
export function sideOf({ ours, theirs, overwrite }: PullOptions): Side | undefined {
  if (overwrite) return 'overwrite';
  if (theirs) return 'theirs';
  return ours ? 'ours' : undefined;
}

function contradiction(one: string, other: string): SecretsError {
  return new SecretsError('usage', `${one} does not go with ${other}`);
}
