import { existsSync } from 'node:fs';
import { headingOf } from '../../dotenv/merging/heading.ts';
import { type Merge, mergeDotenv } from '../../dotenv/merge.ts';
import { openLineError } from '../../dotenv/merging/open-line.ts';
import { asTheyStand } from '../../dotenv/writing/standing.ts';
import type { Audience, Spelled } from '../../dotenv/write.ts';
import { SecretsError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { audienceOf, readingFor } from './audience.ts';
import { conflictError } from './conflicts.ts';
import { foreignFault } from './foreign-file.ts';
import { lineHints } from './line-hints.ts';
import { sideOf } from './options.ts';
import { pastOf } from './past.ts';
import type { Plan, Prepared } from './plan.ts';
import type { Order } from './prepare.ts';
import { remarksOn } from './remarks.ts';
import { askedFor } from './selection.ts';
import { spelled, strictFault } from './spelled.ts';
import type { Target } from './targets.ts';

/** A .env file: spelled for those who read it, and merged into what stands there. */
export function prepareDotenv(order: Order): Prepared {
  const { place, secrets, options } = order;
  const audience = audienceOf(place.path, place.target.readers);
  const values = new Map([...secrets].map(([name, { value }]) => [name, value.reveal()]));
  const spellings = spelled(values, audience, place.target, options.strict);
  return { plan: () => planDotenv(order, values, spellings, audience), spelled: spellings, audience };
}

function planDotenv(
  { place, scope, secrets, options }: Order,
  values: ReadonlyMap<string, string>,
  spellings: ReadonlyMap<string, Spelled>,
  audience: Audience,
): Plan {
  const { path, memory, target } = place;
  const found = existsSync(path) ? readText(path) : undefined;
  const reading = readingFor(target.readers);
  const side = sideOf(options);
  const past = pastOf(target, found, memory, { side, ...reading });
  const { existing, last } = past;
  const merge = mergeDotenv({
    existing,
    wanted: new Map(
      [...secrets].map(([name, { version }]) => {
        return [name, { value: values.get(name)!, version, spelling: spellings.get(name)!.spelling }];
      }),
    ),
    last,
    fingerprint: (name, text) => memory.fingerprint(name, text),
    heading: headingOf(scope.project, scope.environment, noteFor(spellings)),
    side,
    isMeant: askedFor(target),
    ...reading,
  });
  const standing = standingIn(merge, values, spellings, { audience, target, isStrict: options.strict });
  const fault =
    past.fault ??
    (last || side === 'overwrite' ? undefined : foreignFault(path, target, merge)) ??
    faultOf(merge, target);
  const misread =
    options.strict && !fault
      ? strictFault(standing.spelled, audience, target, standing.lineHints)
      : undefined;
  if (misread) throw misread;
  return {
    changes: merge,
    isNew: existing === undefined,
    fault,
    ...standing,
    remarks: remarksOn(merge, target.shown),
    files: [{ path, content: merge.text }],
    left: () => {
      const base = merge.base();
      const text = merge.isKnown ? memory.fingerprint('', merge.text) : undefined;
      return { secrets: base, format: 'dotenv', ...(text !== undefined && { text }) };
    },
  };
}

/** Who misreads what, on the lines of the user's too, and what may be done about those. */
function standingIn(
  merge: Merge,
  values: ReadonlyMap<string, string>,
  spellings: ReadonlyMap<string, Spelled>,
  { audience, target, isStrict }: { audience: Audience; target: Target; isStrict: boolean },
): Required<Pick<Plan, 'spelled' | 'lineHints'>> {
  const lines = merge.lines(isStrict);
  const standing = asTheyStand(spellings, lines, values, audience);
  return { spelled: standing, lineHints: lineHints(lines, spellings, standing, target.shown) };
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
