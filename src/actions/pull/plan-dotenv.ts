import { existsSync } from 'node:fs';
import { headingOf } from '../../dotenv/heading.ts';
import { type Merge, mergeDotenv } from '../../dotenv/merge.ts';
import { openLineError } from '../../dotenv/open-line.ts';
import type { Spelled } from '../../dotenv/write.ts';
import { SecretsError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { audienceOf, readingFor } from './audience.ts';
import { conflictError } from './conflicts.ts';
import { sideOf } from './options.ts';
import type { Plan, Prepared } from './plan.ts';
import type { Order } from './prepare.ts';
import { spelled } from './spelled.ts';
import type { Target } from './targets.ts';

/** A .env file: spelled for those who read it, and merged into what stands there. */
export function prepareDotenv(order: Order): Prepared {
  const { place, secrets, options } = order;
  const audience = audienceOf(place.path, place.target.readers);
  const values = new Map([...secrets].map(([name, { value }]) => [name, value.reveal()]));
  const spellings = spelled(values, audience, place.target, options.strict);
  const wrong = new Map([...spellings].map(([name, one]) => [name, one.wrong]));
  return { plan: () => planDotenv(order, values, spellings), wrong, isNamed: audience.named !== 'by nobody' };
}

function planDotenv(
  { place, scope, secrets, options }: Order,
  values: ReadonlyMap<string, string>,
  spellings: ReadonlyMap<string, Spelled>,
): Plan {
  const { path, memory, target } = place;
  const existing = existsSync(path) ? readText(path) : undefined;
  const merge = mergeDotenv({
    existing,
    wanted: new Map(
      [...values].map(([name, value]) => {
        const { version } = secrets.get(name)!;
        return [name, { value, version, spelling: spellings.get(name)!.spelling }] as const;
      }),
    ),
    last: memory.load(),
    fingerprint: (name, text) => memory.fingerprint(name, text),
    heading: headingOf(scope.project, scope.environment, noteFor(spellings)),
    side: sideOf(options),
    ...readingFor(target.readers),
  });
  return {
    changes: merge,
    isNew: existing === undefined,
    fault: faultOf(merge, target),
    files: [{ path, content: merge.text }],
    left: () => ({ secrets: merge.base(), text: memory.fingerprint('', merge.text) }),
  };
}

/** Whoever opens a file that only docker may read is told so. */
function noteFor(spellings: ReadonlyMap<string, Spelled>): string | undefined {
  const runs = [...spellings.values()].some((one) => one.runs);
  return runs ? 'for docker --env-file alone: a shell that sources it runs parts of it' : undefined;
}

function faultOf({ conflicts, open }: Merge, target: Target): SecretsError | undefined {
  if (open) return openLineError(open, target.shown);
  return conflicts.length > 0 ? conflictError(target, conflicts) : undefined;
}
