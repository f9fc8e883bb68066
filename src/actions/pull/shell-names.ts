import { isComputedByShells } from '../../api/names.ts';
import { namesText } from '../../cli/text.ts';
import { isKeptByShells } from '../../formats/shell-names.ts';
import type { Audience, Spelled } from '../../dotenv/write.ts';
import { SecretsError } from '../../errors.ts';
import type { Target } from './targets.ts';

/**
 * Throws `invalid` for names by which a shell that sources the file would run what stands in the value, whoever else
 * reads it: no spelling helps. With a file that is for shells by word of the user, for all names that they keep, too.
 */
export function assertForShells(
  values: ReadonlyMap<string, string>,
  audience: Audience,
  target: Pick<Target, 'shown' | 'without'>,
): void {
  const run = [...values].filter(([name, value]) => isComputedByShells(name) && !isNumber(value));
  assertNone(run, 'a shell would compute, and so may run, the value of', target);
  if (audience.named !== 'by the user') return;
  const kept = [...values].filter(([name]) => shellsThatKeep(name, audience).length > 0);
  assertNone(kept, 'shells keep for themselves', target);
}

/** The same, with the shells that keep the name for themselves among those who will see something else. */
export function asShellsSee(name: string, one: Spelled, audience: Audience): Spelled {
  const more = shellsThatKeep(name, audience).filter((reader) => !one.wrong.includes(reader));
  return more.length > 0 ? { ...one, wrong: [...one.wrong, ...more] } : one;
}

function shellsThatKeep(name: string, { readers }: Audience): Audience['readers'] {
  return isKeptByShells(name) ? readers.filter((reader) => reader.name === 'shell') : [];
}

/** There is nothing to compute, and nothing to run: `UID=1000` is what a compose file may need. */
function isNumber(value: string): boolean {
  return /^-?[0-9]+$/.test(value);
}

function assertNone(
  found: readonly (readonly [name: string, value: string])[],
  why: string,
  { shown, without }: Pick<Target, 'shown' | 'without'>,
): void {
  if (found.length === 0) return;
  const names = found.map(([name]) => name);
  const rest = without(names);
  throw new SecretsError('invalid', `${why} ${namesText(names)} in ${shown}; nothing was written`, {
    hint: rest === undefined ? 'rename it' : [`leave it out: ${rest}`, 'or rename it'],
  });
}
