import type { Fingerprint, LastPull } from '../last-pull.ts';
import { isUntouched } from './base.ts';
import { hereIn } from './plan.ts';
import { readDotenv, type Reading } from '../read.ts';

export interface LocalEdits {
  readonly edited: readonly string[];
  readonly deleted: readonly string[];
}

/** What was done to a file since the last pull into it, by name. The vault is not asked, and no value is compared. */
export function localEdits(
  text: string,
  last: Pick<LastPull, 'secrets'>,
  fingerprint: Fingerprint,
  read: (text: string) => Reading = (it) => readDotenv(it),
): LocalEdits {
  const here = hereIn(text, read(text));
  const edited: string[] = [];
  const deleted: string[] = [];
  for (const [name, before] of Object.entries(last.secrets)) {
    const found = here.get(name);
    if (!found) deleted.push(name);
    else if (!isUntouched(name, found, before, fingerprint)) edited.push(name);
  }
  return { edited, deleted };
}
