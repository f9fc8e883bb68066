import { hastyFor } from './writing/in-haste.ts';
import {
  type Audience,
  bestOf,
  better,
  compare,
  isForFew,
  isShell,
  judge,
  type Verdict,
} from './writing/judge.ts';
import { readers } from './readers/index.ts';
import type { Reader } from './readers/reader.ts';
import { spellings } from './writing/spellings.ts';

/**
 * How a value is written. Every spelling is shown to the models of the programs that may read it (readers/), and the one
 * is taken that harms none of them and that most of those who are meant read byte for byte; of several, the plainest.
 */
export type { Audience };

export const everybody: Audience = { readers, named: 'by nobody' };

export interface Spelled {
  /** What stands behind `NAME=`. */
  readonly spelling: string;
  /** Those of the audience that will see something else; where it is empty, all see the value. */
  readonly wrong: readonly Reader[];
  /** Those of them that refuse the whole file because of it: strict ones, and only where nobody was named. */
  readonly losers: readonly Reader[];
  /** A shell that sources the file would run a part of it, or of the lines behind: for docker alone, which knows no quotes. */
  readonly runs: boolean;
}

/**
 * There is no spelling: this reader, named by the user, sees the value in none; or it is harmed by the least harmful one
 * (`runs`: it would run a part of it, or take a name from it; else it would lose other lines).
 */
export interface Unspellable {
  readonly spelling: undefined;
  readonly reader: Reader;
  readonly runs: boolean;
  /** It could be told the value, but only so that a shell that sources the file would run a part of it, or lose lines. */
  readonly isUnsafe: boolean;
}

export type Spelling = Spelled | Unspellable;

/** How a value is written for an audience. */
export function spell(value: string, audience: Audience = everybody): Spelling {
  return speller(audience)(value);
}

/** As `spell`, for many values. */
export function spellAll(
  values: ReadonlyMap<string, string>,
  audience: Audience = everybody,
): ReadonlyMap<string, Spelling> {
  const one = speller(audience);
  return new Map([...values].map(([name, value]) => [name, one(value)]));
}

const maxShapes = 1000;

/** What was best for the values so far. */
interface Known {
  /** By what a value looks like but for its words. */
  readonly shapes: Map<string, Verdict>;
  /** By what is special in it: a place among the spellings. */
  readonly kinds: Map<string, number>;
}

function speller(audience: Audience): (value: string) => Spelling {
  const inHaste = hastyFor(audience);
  const known: Known = { shapes: new Map(), kinds: new Map() };
  return (value) => inHaste(value) ?? asUsual(value, audience, known) ?? search(value, audience, known);
}

/** What was best for a value of the same shape, if it is as good for this one: a search costs hundreds of readings. */
function asUsual(value: string, audience: Audience, { shapes }: Known): Spelling | undefined {
  const before = shapes.get(shapeOf(value));
  const spelling = before && nth(spellings(value), before.at);
  if (!before || spelling === undefined) return undefined;
  const now = judge(spelling, before.at, value, audience);
  const isAsGood = now.worst === before.worst && now.losers.length === 0 && compare(now, before) === 0;
  return isAsGood ? spelled(now) : undefined;
}

function search(value: string, audience: Audience, known: Known): Spelling {
  const soon = audience.named === 'by the user' ? undefined : bestFor(value, audience, known);
  const all = !soon || isForFew(soon, audience) ? verdictsOn(value, audience) : [];
  const best = all.length > 0 ? bestOf(all, audience) : soon;
  const isUnsure = audience.named === 'by the user' && best?.wrong.length !== 0;
  const unheld = isUnsure ? audience.readers.find((reader) => !holds(reader, value)) : undefined;
  if (unheld) return { spelling: undefined, reader: unheld, runs: false, isUnsafe: couldHold(unheld, value) };
  if (!best) return { spelling: undefined, ...reasonAgainst(all), isUnsafe: false };
  if (best.losers.length === 0) remember(best, value, known);
  return spelled(best);
}

function remember(best: Verdict, value: string, { shapes, kinds }: Known): void {
  if (shapes.size < maxShapes) shapes.set(shapeOf(value), best);
  kinds.set(kindOf(value), best.at);
}

/** As `bestOf` finds it, but sooner: what was best for a value of this kind comes first, and puts most others out. */
function bestFor(value: string, audience: Audience, { kinds }: Known): Verdict | undefined {
  const first = kinds.get(kindOf(value));
  const all = [...spellings(value)];
  const tried = first === undefined || first >= all.length ? undefined : all[first];
  let best = tried === undefined ? undefined : better(tried, first!, value, audience, undefined);
  for (const [at, spelling] of all.entries())
    if (at !== first) best = better(spelling, at, value, audience, best) ?? best;
  return best;
}

function verdictsOn(value: string, audience: Audience): Verdict[] {
  return [...spellings(value)].map((spelling, at) => judge(spelling, at, value, audience));
}

/** Whether a reader, all alone, can be told the value. */
function holds(reader: Reader, value: string): boolean {
  const alone: Audience = { readers: [reader], named: 'by the user' };
  return bestOf(verdictsOn(value, alone), alone)?.wrong.length === 0;
}

/** Whether it would read the value in some spelling, whatever that does to others. */
function couldHold(reader: Reader, value: string): boolean {
  return [...spellings(value)].some((spelling) => reader.read(spelling) === value);
}

/** Whom the least bad spelling would harm. */
function reasonAgainst(all: readonly Verdict[]): { reader: Reader; runs: boolean } {
  const harms = ({ worst, losers }: Verdict): number => (worst ? 1000 : losers.length);
  const [{ worst, losers }] = all.toSorted((a, b) => harms(a) - harms(b)) as [Verdict];
  return worst ? { reader: worst, runs: true } : { reader: losers[0]!, runs: false };
}

function spelled({ spelling, wrong, losers, worst }: Verdict): Spelled {
  return { spelling, wrong, losers, runs: worst !== undefined && isShell(worst) };
}

function nth<T>(items: Iterable<T>, at: number): T | undefined {
  for (const item of items) if (at-- === 0) return item;
  return undefined;
}

/** A value with its ordinary words shortened: what readers make of it hangs on the rest, and on what follows $ and \. */
function shapeOf(value: string): string {
  return value.replace(/(?<![$\\{])[A-Za-z0-9_]{2,}/g, 'aa');
}

function kindOf(value: string): string {
  const special = Array.from('\'"$`\\\n\r').filter((c) => value.includes(c));
  return special.join('') + (value.endsWith('\\') ? ' at the end' : '');
}
