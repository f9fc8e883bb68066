import { hasHeading } from '../../dotenv/merging/heading.ts';
import { formatOf, inFormat, isWhollyOurs, type LastPull, type PullMemory } from '../../dotenv/last-pull.ts';
import { readDotenv, type Reading } from '../../dotenv/read.ts';
import { SecretsError } from '../../errors.ts';
import type { Side } from './options.ts';
import type { Target } from './targets.ts';

/** A .env file with what is remembered of it, as far as it is still the file that it is remembered of. */
export interface Past {
  readonly existing: string | undefined;
  readonly last: LastPull | undefined;
  readonly fault?: SecretsError | undefined;
}

/**
 * What a merge may build on. A file that a pull left in a format that is written whole is none of the user's: it is begun
 * anew; edited since, it is a fault, unless a side was chosen. A file that was replaced (`cp .env.example .env`) is as new.
 */
export function pastOf(
  target: Target,
  existing: string | undefined,
  memory: PullMemory,
  { side, read = readDotenv }: { side: Side | undefined; read?: ((text: string) => Reading) | undefined },
): Past {
  const found = existing === undefined ? undefined : memory.load();
  if (existing === undefined || !found) return { existing, last: undefined };
  const last = inFormat(found, 'dotenv');
  if (!last) {
    if (isWhollyOurs(found, memory.fingerprint('', existing))) return { existing: undefined, last };
    return { existing, last, fault: side === undefined ? writtenOtherwise(target, found) : undefined };
  }
  const isOld = found.format === undefined && found.text === undefined;
  return { existing, last: isReplaced(existing, last, read, isOld) ? undefined : last };
}

/** Why a file that the last pull wrote in another format is not written to. */
export function writtenOtherwise({ shown, alone, format }: Target, last: LastPull): SecretsError {
  return new SecretsError(
    'drift',
    `${shown} was written as ${formatOf(last.next ?? last)} by the last pull, and may hold lines of yours; nothing was written`,
    {
      hint: [
        `replace it: ${alone} --overwrite`,
        `keep ${format === 'dotenv' ? 'its lines' : 'it as it is'}: ${alone} --ours`,
      ],
    },
  );
}

/**
 * Whether nothing of the last pull stands there: no name, and not even the heading. Who deletes names on purpose leaves one
 * of these. What was never written here, or was deleted before and left so, tells nothing; an old memory knows neither.
 */
function isReplaced(
  existing: string,
  { secrets, next }: LastPull,
  read: (text: string) => Reading,
  isOld: boolean,
): boolean {
  const stood = Object.values(secrets).some(({ written }) => isOld || written !== undefined);
  if (!stood || hasHeading(existing)) return false;
  return !read(existing).assignments.some(
    ({ name }) => Object.hasOwn(secrets, name) || (next && Object.hasOwn(next.secrets, name)),
  );
}
