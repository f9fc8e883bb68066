import { readSpelling } from '../read.ts';
import { readers as allReaders } from '../readers/index.ts';
import { loses, type Reader } from '../readers/reader.ts';

/** Who a file is for. Where nobody is named, all readers that people use most are meant. */
export interface Audience {
  readonly readers: readonly Reader[];
  readonly named: 'by nobody' | 'by the repository' | 'by the user';
}

/** Ourselves, when somebody brings the file back. Who names the readers of a file does not mean us. */
export const ours: Reader = {
  name: 'import',
  title: 'secrets import',
  weight: 0,
  read: (spelling) => readSpelling(spelling) ?? loses,
};

/** A spelling with what the readers make of it, weighed by how many programs each of them stands for. */
export interface Verdict {
  readonly spelling: string;
  /** Its place among the spellings of a value: plainest first. */
  readonly at: number;
  /** Those of the audience that see something else. */
  readonly wrong: readonly Reader[];
  /** Those of the audience that lose lines by it. */
  readonly losers: readonly Reader[];
  /** Of the audience: right. Of all others: lose lines. Of all: right. */
  readonly right: number;
  readonly lostByOthers: number;
  readonly rightForAll: number;
  /** Whether our own reader finds the value in it. Of no weight where the user named who reads. */
  readonly isReadBack: boolean;
  /** A reader that would run a part of it, or take a name from it: of others than the named only where that concerns them. */
  readonly worst: Reader | undefined;
}

/** Shows a spelling to all readers. */
export function judge(spelling: string, at: number, value: string, audience: Audience): Verdict {
  const [wrong, losers]: [Reader[], Reader[]] = [[], []];
  let [right, lostByOthers, rightForAll] = [0, 0, 0];
  let worst: Reader | undefined;
  for (const reader of allReaders) {
    const isMeant = audience.readers.includes(reader);
    const read = reader.read(spelling);
    if (read === value) {
      rightForAll += reader.weight;
      if (isMeant) right += reader.weight;
      continue;
    }
    if (isMeant) wrong.push(reader);
    if (typeof read === 'string') continue;
    if (isShell(reader)) {
      worst = reader;
      // It comes first, and puts the spelling out: only docker, named by the user, may still have it.
      if (audience.named !== 'by the user') break;
      continue;
    }
    if (read.harm !== 'loses') worst ??= isMeant || audience.named !== 'by the user' ? reader : undefined;
    else if (isMeant) losers.push(reader);
    else lostByOthers += reader.weight;
  }
  const isReadBack = audience.named === 'by the user' || ours.read(spelling) === value;
  if (!isReadBack) wrong.push(ours);
  return { spelling, at, wrong, losers, right, lostByOthers, rightForAll, isReadBack, worst };
}

/**
 * The best of all spellings that harm none of those who are meant, and that nobody runs or takes a name from. Undefined:
 * there is none. Where nobody was named and that would be right for few, a few strict
 * readers may refuse the file. For docker, which knows no quotes, and named by the user, it may be one that a shell would run, where no
 * other says the value.
 */
export function bestOf(all: readonly Verdict[], audience: Audience): Verdict | undefined {
  const lossless = all.filter(({ losers }) => losers.length === 0);
  const [best] = lossless.filter(({ worst }) => !worst).toSorted(compare);
  if (isForFew(best, audience)) return withLosses(all, best);
  const isForDocker =
    audience.named === 'by the user' && audience.readers.some(({ name }) => name === 'docker');
  if (!isForDocker || best?.wrong.length === 0) return best;
  return lossless.filter(({ worst }) => !worst || isShell(worst)).toSorted(compare)[0];
}

/**
 * The verdict on a spelling that is better than the best so far, and harms nobody; else undefined, as soon as that is
 * known: most spellings are out after a few readers. For audiences that were not named by the user.
 */
export function better(
  spelling: string,
  at: number,
  value: string,
  audience: Audience,
  best: Verdict | undefined,
): Verdict | undefined {
  const isReadBack = ours.read(spelling) === value;
  if (best?.isReadBack && !isReadBack) return undefined;
  const least = best && best.isReadBack === isReadBack ? best.right : 0;
  let right = audience.readers.reduce((sum, { weight }) => sum + weight, 0);
  for (const reader of quickestFirst) {
    const read = reader.read(spelling);
    if (read === value) continue;
    const isMeant = audience.readers.includes(reader);
    if (isMeant) right -= reader.weight;
    if (right < least) return undefined;
    if (typeof read !== 'string' && (isMeant || isShell(reader) || read.harm !== 'loses')) return undefined;
  }
  const verdict = judge(spelling, at, value, audience);
  if (verdict.worst || verdict.losers.length > 0) return undefined;
  return best && (compare(verdict, best) || at - best.at) >= 0 ? undefined : verdict;
}

/** Programs that must be right more, for one that refuses the file. */
const priceOfLoss = 4;
const weightOfAll = allReaders.reduce((sum, { weight }) => sum + weight, 0);

/** Where nobody was named, whether the best that costs nobody a line is right for less than half of all; or there is none. */
export function isForFew(lossless: Verdict | undefined, { named }: Audience): boolean {
  return named === 'by nobody' && (lossless?.right ?? 0) < weightOfAll / 2;
}

/**
 * What is right for many more than refuse the file because of it. None that is less strict may lose a line, and there is
 * no line end as it is, behind which others may find a name.
 */
function withLosses(all: readonly Verdict[], best: Verdict | undefined): Verdict | undefined {
  const worth = ({ right, losers }: Verdict): number =>
    losers.reduce((sum, { weight }) => sum - priceOfLoss * weight, right);
  const [most] = all
    .filter(
      ({ worst, spelling, losers }) =>
        !worst && !/[\r\n]/.test(spelling) && losers.every(({ isStrict }) => isStrict),
    )
    .toSorted((a, b) => worth(b) - worth(a));
  return best && (!most || worth(most) <= best.right) ? best : most;
}

/** Those that read a line by a few expressions, before those that read whole files as their programs do. */
const quickestFirst = [
  ...allReaders.filter(({ isSlow }) => !isSlow),
  ...allReaders.filter(({ isSlow }) => isSlow),
];

/** Below zero where the first is better. Of two that are as good the plainer one, which comes first, stays first. */
export function compare(a: Verdict, b: Verdict): number {
  return (
    Number(b.isReadBack) - Number(a.isReadBack) ||
    b.right - a.right ||
    a.lostByOthers - b.lostByOthers ||
    b.rightForAll - a.rightForAll
  );
}

/**
 * A quote that is left open for a shell turns those of the lines behind it inside out, so that it may run them: with a
 * shell, losing is as bad as running, whoever the file is for.
 */
export function isShell({ name }: Reader): boolean {
  return name === 'shell';
}
