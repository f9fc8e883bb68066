import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inFormat } from '../../dotenv/last-pull.ts';
import { othersIn } from '../../dotenv/merging/base.ts';
import { type Decision, decide, type Here, type Outcome, settled } from '../../dotenv/merging/plan.ts';
import { SecretsError } from '../../errors.ts';
import { readText } from '../../files/read.ts';
import { filesOf } from '../../formats/files.ts';
import { conflictError } from './conflicts.ts';
import { type Side, sideOf } from './options.ts';
import type { Plan, Prepared } from './plan.ts';
import { pulledFrom } from './pulled-from.ts';
import type { Order } from './prepare.ts';
import { askedFor } from './selection.ts';

/** A folder with one file a secret. Each file is merged by itself; what else is in the folder is not ours. */
export function prepareFiles(order: Order): Prepared {
  const { scope, secrets } = order;
  const contents = filesOf({
    values: new Map([...secrets].map(([name, { value }]) => [name, value.reveal()])),
    ...scope,
  });
  const side = sideOf(order.options);
  return { plan: () => planFiles(order, contents, side), spelled: new Map(), audience: undefined };
}

function planFiles(
  { place, secrets }: Order,
  contents: ReadonlyMap<string, string>,
  side: Side | undefined,
): Plan {
  const { path, memory, target } = place;
  const last = existsSync(path) ? inFormat(memory.load(), 'files') : undefined;
  const fingerprint = (name: string, text: string): string => memory.fingerprint(name, text);
  const known = new Set([
    ...contents.keys(),
    ...Object.keys(last?.secrets ?? {}),
    ...Object.keys(last?.next?.secrets ?? {}),
  ]);
  const here = new Map([...known].flatMap((name) => fileIn(path, name)));
  const wanted = new Map(
    [...secrets].map(([name, { version }]) => {
      const value = contents.get(name)!;
      return [name, { value, spelling: value, version }] as const;
    }),
  );
  const sides = { here, wanted, last, fingerprint, isMeant: askedFor(target) };
  const decisions = decide(sides).map((one) => chosen(one, side));
  const of = (outcome: Outcome): string[] =>
    decisions.filter((one) => one.outcome === outcome).map(({ name }) => name);
  const conflicts = decisions.flatMap(({ conflict }) => conflict ?? []);
  const [added, updated, removed] = [of('added'), of('updated'), of('removed')];
  return {
    changes: {
      added,
      updated,
      removed,
      respelled: [],
      kept: decisions.flatMap(({ kept }) => kept ?? []),
      conflicts,
    },
    fault: conflicts.length > 0 ? conflictError(target, conflicts) : undefined,
    files: [...added, ...updated].map((name) => ({ path: join(path, name), content: contents.get(name)! })),
    gone: removed.map((name) => join(path, name)),
    left: () => ({ secrets: { ...othersIn(sides), ...pulledFrom(secrets, place) }, format: 'files' }),
  };
}

/** Bytes; more than any value has (64 KiB). */
const mostRead = 1024 * 1024;

/** A file as the merge sees an assignment: its content is the value, and is written as it is. */
function fileIn(folder: string, name: string): [string, Here][] {
  const path = join(folder, name);
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [];
  // A pipe would be waited on for good, and with it the lock of all pulls.
  if (!found.isFile()) throw new SecretsError('invalid', `"${path}" is not a plain file`);
  const value = readText(path, 'file', mostRead);
  const offsets = { start: 0, end: value.length, valueStart: 0, valueEnd: value.length, line: 1 };
  return [[name, { assignment: { name, value, ...offsets }, earlier: [], texts: [value] }]];
}

/** What else is in the folder is not ours, so that a fresh one is what --reset makes of it. */
function chosen(one: Decision, side: Side | undefined): Decision {
  return side === undefined ? one : settled(one, side === 'overwrite' ? 'reset' : side);
}
