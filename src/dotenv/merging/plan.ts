import type { Fingerprint, LastPull, Pulled } from '../last-pull.ts';
import { isOurText, isOurValue, isUntouched, isUntouchedBefore, pulledBefore } from './base.ts';
import type { Assignment, Reading } from '../read.ts';

/** What the vault has under a name, and how it is to stand in the file. */
export interface Wanted {
  readonly value: string;
  /** The text behind `NAME=`, as the writer chose it. */
  readonly spelling: string;
  readonly version: number;
}

/** What stands in the file under a name: the assignment that counts is the last one. */
export interface Here {
  readonly assignment: Assignment;
  readonly earlier: readonly Assignment[];
  /** The value as it is written, and the same with all that follows it on its line. */
  readonly texts: readonly string[];
  /** The program that the file is read for refuses what stands there: it has no value. */
  readonly isRefused?: boolean;
}

/** Done here alone, and left so. `secrets set --from-file` brings an edit to the vault. */
export interface Kept {
  readonly name: string;
  readonly here: 'edited' | 'deleted';
}

/** Done on both sides. `new`: nothing brought the two together before. */
export interface Conflict {
  readonly name: string;
  readonly here: 'edited' | 'deleted' | 'new';
  readonly there: 'changed' | 'deleted' | 'new';
}

/** `left`: a conflict, of which the file keeps its side. */
export type Outcome = 'added' | 'updated' | 'respelled' | 'removed' | 'same' | 'kept' | 'conflict' | 'left';

/** What becomes of one name. */
export interface Decision {
  readonly name: string;
  readonly outcome: Outcome;
  readonly here: Here | undefined;
  readonly there: Wanted | undefined;
  /** What the two had in common last. */
  readonly before: Pulled | undefined;
  readonly kept?: Kept | undefined;
  readonly conflict?: Conflict | undefined;
}

export interface Sides {
  readonly here: ReadonlyMap<string, Here>;
  readonly wanted: ReadonlyMap<string, Wanted>;
  readonly last: Pick<LastPull, 'secrets' | 'next'> | undefined;
  readonly fingerprint: Fingerprint;
  /** Not a byte was changed since it was remembered: what we wrote stands there, and no name needs a look. */
  readonly isAsLeft?: boolean;
  /** Whether a name was asked for, where only some were: no other is decided on. */
  readonly isMeant?: ((name: string) => boolean) | undefined;
}

/** What stands in a file, by name. */
export function hereIn(text: string, { assignments, refused }: Reading): Map<string, Here> {
  const refusedLines = new Set(refused.map(({ line }) => line));
  const found = new Map<string, Here>();
  for (const assignment of assignments) {
    const { name, line } = assignment;
    const before = found.get(name);
    const isRefused = refusedLines.size > 0 && refusedLines.has(line);
    found.set(name, {
      assignment,
      earlier: before ? withOneMore(before) : none,
      texts: textsOf(text, assignment),
      isRefused,
    });
  }
  return found;
}

const none: readonly Assignment[] = [];

/** The same list grows: a name may come ten thousand times. */
function withOneMore({ earlier, assignment }: Here): readonly Assignment[] {
  if (earlier === none) return [assignment];
  (earlier as Assignment[]).push(assignment);
  return earlier;
}

/** What stands behind the sign of an assignment, to the end of its line. */
export function lineOf(text: string, { valueStart, end }: Assignment): string {
  const crlf = text[end - 1] === '\n' && text[end - 2] === '\r';
  const ended = text[end - 1] === '\n' || text[end - 1] === '\r';
  return text.slice(valueStart, Math.max(valueStart, end - (crlf ? 2 : ended ? 1 : 0)));
}

/** Decides on every name that the vault has or that was pulled before; all others are the user's own. */
export function decide(all: Sides): Decision[] {
  const { here, wanted, last, fingerprint, isAsLeft } = all;
  const decisions: Decision[] = [];
  for (const name of [...wanted.keys(), ...pulledOnly(all)]) {
    const found = here.get(name);
    const before = last && pulledBefore(name, found, last, fingerprint);
    const sides = { name, here: found, there: wanted.get(name), before };
    const isOurs = isAsLeft === true && before?.written !== undefined;
    const one = isOurs ? decideUntouched(sides, fingerprint) : decideOne(sides, fingerprint);
    if (one) decisions.push(one);
  }
  return decisions;
}

/**
 * A decision, with the side that conflicts take; what is no conflict stays as it is, but for `reset`, which takes the
 * vault's side of what was done here alone, too.
 */
export function settled(one: Decision, side: 'ours' | 'theirs' | 'reset'): Decision {
  const { name, conflict, kept, here, there } = one;
  if (!conflict && !(kept && side === 'reset')) return one;
  if (side !== 'ours') return decided(one, there ? (here ? 'updated' : 'added') : 'removed');
  return decided(one, 'left', { name, here: conflict?.here === 'deleted' ? 'deleted' : 'edited' });
}

/** Whether a spelling stands in the file as it is. */
export function stands({ texts }: Here, spelling: string): boolean {
  return texts.includes(spelling);
}

/** Names that were pulled, and that the vault does not have any more. */
function pulledOnly({ wanted, last, isMeant = () => true }: Sides): Set<string> {
  const pulled = [...Object.keys(last?.secrets ?? {}), ...Object.keys(last?.next?.secrets ?? {})];
  return new Set(pulled.filter((name) => !wanted.has(name) && isMeant(name)));
}

type OneName = Pick<Decision, 'name' | 'here' | 'there' | 'before'>;

function decideOne(one: OneName, fingerprint: Fingerprint): Decision | undefined {
  if (!one.there) return withoutVault(one, fingerprint);
  if (!one.here) return withoutFile(one, one.there, fingerprint);
  return onBothSides(one, one.here, one.there, fingerprint);
}

/** As below, of what is known to stand there as we wrote it. */
function decideUntouched(one: OneName, fingerprint: Fingerprint): Decision | undefined {
  const { name, here, there, before } = one;
  if (!here) return decideOne(one, fingerprint);
  if (!there) return here.earlier.length > 0 ? decideOne(one, fingerprint) : decided(one, 'removed');
  if (stands(here, there.spelling)) return decided(one, 'same');
  const isSame = here.assignment.value === there.value;
  const isRespelled = isSame && fingerprint(name, there.value) === before?.fingerprint;
  return decided(one, isRespelled ? 'respelled' : 'updated');
}

function withoutVault(one: OneName, fingerprint: Fingerprint): Decision | undefined {
  const { name, here, before } = one;
  if (!here || !before) return undefined;
  const isOurs =
    isUntouched(name, here, before, fingerprint) && isUntouchedBefore(name, here, before, fingerprint);
  return isOurs ? decided(one, 'removed') : inConflict(one, 'edited', 'deleted');
}

function withoutFile(one: OneName, there: Wanted, fingerprint: Fingerprint): Decision {
  if (!one.before) return decided(one, 'added');
  return fingerprint(one.name, there.value) === one.before.fingerprint
    ? asKept(one, 'deleted')
    : inConflict(one, 'deleted', 'changed');
}

function onBothSides(one: OneName, here: Here, there: Wanted, fingerprint: Fingerprint): Decision {
  const { name, before } = one;
  if (stands(here, there.spelling)) return decided(one, 'same');
  const isSame = !here.isRefused && here.assignment.value === there.value;
  if (!before) return isSame ? decided(one, 'same') : inConflict(one, 'new', 'new');
  // The value first: a pull makes thousands of fingerprints, and most need no second.
  if (isOurValue(name, here, before, fingerprint)) {
    if (!isSame) return decided(one, 'updated');
    return decided(one, isOurText(name, here, before, fingerprint) ? 'respelled' : 'same');
  }
  const isAsBefore = fingerprint(name, there.value) === before.fingerprint;
  // What we wrote has the value of then, whatever our own reader makes of a spelling that was meant for another.
  if (isOurText(name, here, before, fingerprint)) return decided(one, isAsBefore ? 'respelled' : 'updated');
  if (isSame) return decided(one, 'same');
  return isAsBefore ? asKept(one, 'edited') : inConflict(one, 'edited', 'changed');
}

function inConflict(one: OneName, here: Conflict['here'], there: Conflict['there']): Decision {
  return decided(one, 'conflict', undefined, { name: one.name, here, there });
}

function asKept(one: OneName, here: Kept['here']): Decision {
  return decided(one, 'kept', { name: one.name, here });
}

function decided(
  { name, here, there, before }: OneName,
  outcome: Outcome,
  kept?: Kept,
  conflict?: Conflict,
): Decision {
  return { name, outcome, here, there, before, kept, conflict };
}

function textsOf(text: string, assignment: Assignment): string[] {
  const { valueStart, valueEnd, end } = assignment;
  const value = text.slice(valueStart, valueEnd);
  // A line end of one character: the usual case, in which nothing else follows.
  if (end - valueEnd === 1) return [value];
  const line = lineOf(text, assignment);
  return line.length === value.length ? [value] : [value, line];
}
