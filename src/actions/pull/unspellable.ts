import { spellings } from '../../dotenv/writing/spellings.ts';
import type { Audience, Unspellable } from '../../dotenv/write.ts';

/** Why a value can be written in no way, up to its name. */
export function reasonFor(one: Unspellable, value: string, { named }: Audience): string {
  const { reader, runs, isUnsafe } = one;
  if (isUnsafe)
    return `only in a form by which a shell would run a part of it, or lose lines, could ${reader.title} be told`;
  const some = `in every form, some program (${reader.title}, for one)`;
  if (runs) return `${some} would run a part of, or take a name from,`;
  const isUntold = named === 'by the user' && !canBeTold(one, value);
  return isUntold ? `${reader.title} cannot be told` : `${some} would lose other lines by`;
}

function canBeTold({ reader }: Unspellable, value: string): boolean {
  return [...spellings(value)].some((spelling) => reader.read(spelling) === value);
}
