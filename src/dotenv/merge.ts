import type { Base, Fingerprint, LastPull, Pulled } from './last-pull.ts';
import { type Line, lineAsIs } from './writing/line.ts';
import { othersIn } from './merging/base.ts';
import { write } from './merging/edits.ts';
import {
  type Conflict,
  type Decision,
  decide,
  type Here,
  hereIn,
  type Kept,
  type Outcome,
  settled,
  type Sides,
  stands,
  type Wanted,
} from './merging/plan.ts';
import { type OpenLine, openLine } from './merging/open-line.ts';
import { readDotenv, type Reading } from './read.ts';

export type { Conflict, Kept, Wanted } from './merging/plan.ts';

/**
 * Brings the vault's values into a file, and leaves every other byte of it: comments, order, blank lines, line ends, and
 * the names that are not ours. It is a three-way merge: the file, the vault, and what they had in common last. The rules
 * for one name are in merge-plan.ts.
 */

export interface MergeInput {
  /** The file as it stands; undefined where there is none: then nothing counts as deleted, and all is written. */
  readonly existing: string | undefined;
  /** In the order in which new names are appended. */
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** What is remembered of the last pull into this file, if anything. */
  readonly last: Pick<LastPull, 'secrets' | 'text' | 'next'> | undefined;
  /** `PullMemory.fingerprint`. */
  readonly fingerprint: Fingerprint;
  /** The comment line that new names stand under, from `headingOf`. */
  readonly heading: string;
  /**
   * Whose side conflicts take; `reset` takes the vault's for what was done here alone, too; `overwrite` makes a fresh file
   * of the vault's names alone. Absent: conflicts are told.
   */
  readonly side?: 'ours' | 'theirs' | 'reset' | 'overwrite' | undefined;
  /** Whether a name was asked for, where only some were: all others stay as they are, in the file and in its memory. */
  readonly isMeant?: ((name: string) => boolean) | undefined;
  /** How the file is read; as dotenv does it where absent. */
  readonly read?: ((text: string) => Reading) | undefined;
  /** Quotes mean nothing to those who read it (docker alone), so that one left open harms nobody. */
  readonly isLiteral?: boolean | undefined;
}

/** What a pull would do to a file. Names and kinds only, but for `text`. */
export interface Merge {
  /** The file as it is to be; as it stands where there are conflicts or `open`, for then nothing may be written. */
  readonly text: string;
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** The same value in another spelling, because others read the file now. */
  readonly respelled: readonly string[];
  /** Done here alone, and left so. */
  readonly kept: readonly Kept[];
  /** Done on both sides, and no side was chosen. */
  readonly conflicts: readonly Conflict[];
  /** A line of the user's that would swallow what is written behind it: an error, see `openLineError`. */
  readonly open: OpenLine | undefined;
  /** Names of ours that the file as it stands assigns more than once. */
  readonly repeated: readonly Repeated[];
  /** Its lines that are neither empty, nor a comment, nor an assignment; counted from 1. */
  readonly unknownLines: readonly number[];
  /** Whether `text` says of every name that is remembered that it stands there as we left it: then it is remembered, too. */
  readonly isKnown: boolean;
  /** Lines with a value of the vault that are more than the writer takes them for: those written, or `all` that have it. */
  lines(all: boolean): Line[];
  /** What is to be remembered, with the text, once that is written. It makes fingerprints: call it once, and not for a mere look. */
  base(): Base;
}

export interface Repeated {
  readonly name: string;
  /** Counted from 1; the last one counts. */
  readonly lines: readonly number[];
}

/** Merges. Throws nothing: what stands against writing is in `conflicts` and `open`. */
export function mergeDotenv(input: MergeInput): Merge {
  const { existing = '', wanted, fingerprint, heading, side } = input;
  const reading = (input.read ?? readDotenv)(existing);
  const { assignments } = reading;
  const here = hereIn(existing, reading);
  if (side === 'overwrite') return overwritten(input, here);
  const past = known(input);
  const sides = { here, wanted, fingerprint, isMeant: input.isMeant, ...past };
  const all = decide(sides);
  const decisions = side === undefined ? all : all.map((one) => settled(one, side));
  const conflicts = decisions.map(({ conflict }) => conflict).filter((one) => one !== undefined);
  const written = write({ existing, assignments, decisions, heading, fingerprint });
  const open = input.isLiteral ? undefined : openLine(existing, assignments, written.inPlace, written.writes);
  return {
    text: conflicts.length > 0 || open ? existing : written.text,
    ...namesBy(decisions),
    kept: decisions.map(({ kept }) => kept).filter((one) => one !== undefined),
    conflicts,
    open,
    repeated: decisions.flatMap(repeatedIn),
    unknownLines: reading.unknownLines,
    lines: (every) => [...written.lines, ...(every ? sameLines(existing, decisions) : [])],
    isKnown: !input.isMeant || !past.last || past.isAsLeft === true,
    base: () => {
      const base = baseOf(decisions, fingerprint, past.isAsLeft === true);
      return input.isMeant ? { ...othersIn(sides), ...base } : base;
    },
  };
}

function sameLines(existing: string, decisions: readonly Decision[]): Line[] {
  const same = decisions.filter(({ outcome }) => outcome === 'same');
  return same.flatMap(({ here, there }) => lineAsIs(existing, here!.assignment, there!.spelling) ?? []);
}

function repeatedIn({ name, here }: Decision): Repeated[] {
  if (!here || here.earlier.length === 0) return [];
  return [{ name, lines: [...here.earlier, here.assignment].map(({ line }) => line) }];
}

/** What is known of the file. One that was deleted is asked for anew: nothing is. */
function known({ existing, last, fingerprint }: MergeInput): Pick<Sides, 'last' | 'isAsLeft'> {
  if (existing === undefined || !last) return { last: undefined };
  const { text, next } = last;
  if (text === undefined && next?.text === undefined) return { last };
  const print = fingerprint('', existing);
  if (next?.text === print) return { last: next, isAsLeft: true };
  return { last, isAsLeft: next === undefined && text === print };
}

/** A fresh file, in which nothing of the old one is left: what was told of it is `removed`, too. */
function overwritten({ wanted, heading, fingerprint }: MergeInput, here: ReadonlyMap<string, Here>): Merge {
  const all = [...wanted].map(([name, there]): Decision => {
    const found = here.get(name);
    const isThere = found && stands(found, there.spelling);
    const outcome = isThere ? 'same' : found ? 'updated' : 'added';
    return { name, outcome, here: found, there, before: undefined };
  });
  const lines = [...wanted].map(([name, { spelling }]) => `${name}=${spelling}\n`);
  const text = lines.length === 0 ? '' : `${heading}\n${lines.join('')}`;
  return {
    text,
    ...namesBy(all),
    removed: [...here.keys()].filter((name) => !wanted.has(name)),
    kept: [],
    conflicts: [],
    open: undefined,
    repeated: [],
    unknownLines: [],
    isKnown: true,
    lines: () => [],
    base: () =>
      Object.fromEntries([...wanted].map(([name, there]) => [name, ours(name, there, fingerprint)])),
  };
}

type Done = Extract<Outcome, 'added' | 'updated' | 'removed' | 'respelled'>;

function namesBy(decisions: readonly Decision[]): Record<Done, string[]> {
  const names = { added: [], updated: [], removed: [], respelled: [] } as Record<Done, string[]>;
  for (const { name, outcome } of decisions) if (outcome in names) names[outcome as Done].push(name);
  return names;
}

function baseOf(decisions: readonly Decision[], fingerprint: Fingerprint, isAsLeft: boolean): Base {
  const base: Record<string, Pulled> = Object.create(null) as Record<string, Pulled>;
  for (const one of decisions) {
    if (!one.there) continue;
    base[one.name] = isAsLeft && isAsBefore(one) ? one.before! : common(one, one.there, fingerprint);
  }
  return base;
}

/** Of a file as we left it, what is the same in all respects needs no fingerprints again: they are most of a merge. */
function isAsBefore({ outcome, here, there, before }: Decision): boolean {
  const isSame = outcome === 'same' && before?.written !== undefined && before.version === there?.version;
  return isSame && here?.assignment.value === there?.value;
}

/** What file and vault have in common now under a name. */
function common({ name, outcome, here, before }: Decision, there: Wanted, fingerprint: Fingerprint): Pulled {
  if (outcome === 'kept' && before) return { version: there.version, fingerprint: before.fingerprint };
  const isOurs = outcome === 'same' ? here && stands(here, there.spelling) : outcome !== 'left';
  if (isOurs) return ours(name, there, fingerprint);
  return { version: there.version, fingerprint: fingerprint(name, there.value) };
}

function ours(name: string, { version, value, spelling }: Wanted, fingerprint: Fingerprint): Pulled {
  const seen = fingerprint(name, value);
  return { version, fingerprint: seen, written: spelling === value ? seen : fingerprint(name, spelling) };
}
