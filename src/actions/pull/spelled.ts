import { namesText } from '../../cli/text.ts';
import type { Reader } from '../../dotenv/readers/reader.ts';
import { type Audience, type Spelled, spellAll } from '../../dotenv/write.ts';
import { SecretsError } from '../../errors.ts';
import type { Target } from './targets.ts';

/**
 * How each value is written. Throws `invalid` for values that a reader, named by the user, can hold in no way; with
 * `strict`, `drift` for those that one would see otherwise.
 */
export function spelled(
  values: ReadonlyMap<string, string>,
  audience: Audience,
  target: Pick<Target, 'shown' | 'alone'>,
  strict: boolean,
): ReadonlyMap<string, Spelled> {
  const all = new Map<string, Spelled>();
  const unspellable = new Map<string, string[]>();
  for (const [name, one] of spellAll(values, audience)) {
    if (one.spelling !== undefined) {
      all.set(name, one);
      continue;
    }
    const why = `${one.reader.title} ${one.runs ? 'would run or inject a part of' : 'cannot be told'}`;
    unspellable.set(why, [...(unspellable.get(why) ?? []), name]);
  }
  if (unspellable.size > 0) throw cannotHold(unspellable, target);
  if (strict) assertAllRight(all, audience, target);
  return all;
}

/** The readers of an audience that are told of: with nobody named, docker, which knows no quotes at all, is not. */
export function toldOf(wrong: readonly Reader[], isNamed: boolean): readonly Reader[] {
  return isNamed ? wrong : wrong.filter(({ name }) => name !== 'docker');
}

function cannotHold(
  unspellable: ReadonlyMap<string, readonly string[]>,
  { shown, alone }: Pick<Target, 'shown' | 'alone'>,
): SecretsError {
  const all = [...unspellable].map(([why, names]) => `${why} ${namesText(names)}`);
  const names = [...unspellable.values()].flat();
  return new SecretsError('invalid', `${all.join('; ')} in ${shown}; nothing was written`, {
    hint: [
      `leave out what it cannot be told: ${alone} --except ${names.join(',')}`,
      'or run the program with the secrets: secrets run -- …',
    ],
  });
}

function assertAllRight(
  all: ReadonlyMap<string, Spelled>,
  { named }: Audience,
  { shown, alone }: Pick<Target, 'shown' | 'alone'>,
): void {
  const wrong = [...all].filter(([, one]) => toldOf(one.wrong, named !== 'by nobody').length > 0);
  if (wrong.length === 0) return;
  const readers = new Set(
    wrong.flatMap(([, one]) => toldOf(one.wrong, named !== 'by nobody').map(({ title }) => title)),
  );
  throw new SecretsError(
    'drift',
    `in ${shown}, ${[...readers].join(', ')} would see something else for ${namesText(wrong.map(([name]) => name))}; nothing was written`,
    { hint: [`name the programs that read it: ${alone} --strict --for …`, 'or pull without --strict'] },
  );
}
