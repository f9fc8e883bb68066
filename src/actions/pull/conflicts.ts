import { namesText } from '../../cli/text.ts';
import type { Conflict } from '../../dotenv/merge.ts';
import { SecretsError } from '../../errors.ts';
import type { Target } from './targets.ts';

/** What was done on both sides, by name. */
export function conflictError({ shown, again }: Target, conflicts: readonly Conflict[]): SecretsError {
  const kinds = Map.groupBy(conflicts, kindOf);
  const all = [...kinds].map(([kind, some]) => `${namesText(some.map(({ name }) => name))} (${kind})`);
  return new SecretsError(
    'drift',
    `${shown} and the vault disagree about ${all.join(', ')}; nothing was written`,
    {
      hint: [`take what the vault has: ${again} --theirs`, `keep what is here: ${again} --ours`],
    },
  );
}

function kindOf({ here, there }: Conflict): string {
  if (here === 'new') return 'other values';
  if (there === 'deleted') return `${here} here, deleted there`;
  return `${here} here, changed there`;
}
