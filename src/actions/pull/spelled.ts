import { namesText } from '../../cli/text.ts';
import { type Audience, type Spelled, spellAll } from '../../dotenv/write.ts';
import { SecretsError } from '../../errors.ts';
import { asShellsSee, assertForShells } from './shell-names.ts';
import type { Target } from './targets.ts';
import { reasonFor } from './unspellable.ts';
import { isNamed, wrongTexts } from './wrong-readers.ts';

type Shown = Pick<Target, 'shown' | 'alone' | 'without'>;

/**
 * How each value is written. Throws `invalid` for values that can be written in no way, with the reason; with `strict`,
 * `drift` for those that a program would see otherwise.
 */
export function spelled(
  values: ReadonlyMap<string, string>,
  audience: Audience,
  target: Shown,
  strict: boolean,
): ReadonlyMap<string, Spelled> {
  assertForShells(values, audience, target);
  const all = new Map<string, Spelled>();
  const unspellable = new Map<string, string[]>();
  for (const [name, one] of spellAll(values, audience)) {
    if (one.spelling !== undefined) {
      all.set(name, asShellsSee(name, one, audience));
      continue;
    }
    const why = reasonFor(one, values.get(name)!, audience);
    unspellable.set(why, [...(unspellable.get(why) ?? []), name]);
  }
  if (unspellable.size > 0) throw cannotHold(unspellable, audience, target);
  const fault = strict ? strictFault(all, audience, target) : undefined;
  if (fault) throw fault;
  return all;
}

function cannotHold(
  unspellable: ReadonlyMap<string, readonly string[]>,
  { named }: Audience,
  { shown, alone, without }: Shown,
): SecretsError {
  const all = [...unspellable].map(([why, names]) => `${why} ${namesText(names)}`);
  const rest = without([...unspellable.values()].flat());
  return new SecretsError('invalid', `${all.join('; ')} in ${shown}; nothing was written`, {
    hint: [
      named === 'by the user' ? [] : [`name the programs that read it: ${alone} --for …`],
      rest === undefined ? [] : [`leave out what cannot be told: ${rest}`],
      ['run the program with the secrets instead: secrets run -- …'],
    ].flat(),
  });
}

/** What --strict has against a file: `drift`, where a program would see another value. */
export function strictFault(
  all: ReadonlyMap<string, Spelled>,
  audience: Audience,
  { shown, alone }: Pick<Target, 'shown' | 'alone'>,
  hints: readonly string[] = [],
): SecretsError | undefined {
  const wrong = wrongTexts(all, audience, shown, 'would');
  if (wrong.length === 0) return undefined;
  const name = `name the programs that read it: ${alone} --strict --for …`;
  return new SecretsError('drift', `${wrong.join('; ')}; nothing was written`, {
    hint: [...hints, ...(isNamed(audience) ? [] : [name]), `pull all the same: ${alone}`],
  });
}
