import type { Base, Fingerprint, LastPull, Pulled } from '../last-pull.ts';
import type { Here, Sides } from './plan.ts';

/** What file and vault had in common last under a name, and whether the file still has that. */

/** What is remembered of a name; where a pull was killed before it could remember, what the file tells. */
export function pulledBefore(
  name: string,
  here: Here | undefined,
  { secrets, next }: Pick<LastPull, 'secrets' | 'next'>,
  fingerprint: Fingerprint,
): Pulled | undefined {
  const before = pulledAs(secrets, name);
  return next ? settledBase(name, here, before, pulledAs(next.secrets, name), fingerprint) : before;
}

/** What is remembered of names that were not asked for: it stays. */
export function othersIn({ here, last, isMeant, fingerprint }: Sides): Base {
  const others: Record<string, Pulled> = Object.create(null) as Record<string, Pulled>;
  if (!last || !isMeant) return others;
  for (const name of [...Object.keys(last.secrets), ...Object.keys(last.next?.secrets ?? {})]) {
    const before = isMeant(name) ? undefined : pulledBefore(name, here.get(name), last, fingerprint);
    if (before) others[name] = before;
  }
  return others;
}

/** Whether the file has the text that we wrote, or in any spelling the value of then. */
export function isUntouched(name: string, here: Here, before: Pulled, fingerprint: Fingerprint): boolean {
  return isOurValue(name, here, before, fingerprint) || isOurText(name, here, before, fingerprint);
}

/** The same of all earlier assignments of the name: who removes the last would bring one of them to life. */
export function isUntouchedBefore(
  name: string,
  { earlier }: Here,
  before: Pulled,
  fingerprint: Fingerprint,
): boolean {
  return earlier.every(({ value }) => fingerprint(name, value) === before.fingerprint);
}

export function isOurText(
  name: string,
  { texts }: Here,
  { written }: Pulled,
  fingerprint: Fingerprint,
): boolean {
  return written !== undefined && texts.some((text) => fingerprint(name, text) === written);
}

export function isOurValue(name: string, here: Here, before: Pulled, fingerprint: Fingerprint): boolean {
  return !here.isRefused && fingerprint(name, here.assignment.value) === before.fingerprint;
}

/**
 * What file and vault had in common where a pull was killed between the file and its memory: a name is as before it, or
 * as after it, and the file tells which. Where the file tells nothing, it is as before, so that the user is asked.
 */
function settledBase(
  name: string,
  here: Here | undefined,
  before: Pulled | undefined,
  after: Pulled | undefined,
  fingerprint: Fingerprint,
): Pulled | undefined {
  if (!here) return after && before;
  if (before && isUntouched(name, here, before, fingerprint)) return before;
  return after && isUntouched(name, here, after, fingerprint) ? after : before;
}

/** A name may be one that every object has. */
function pulledAs(base: Base, name: string): Pulled | undefined {
  return Object.hasOwn(base, name) ? base[name] : undefined;
}
