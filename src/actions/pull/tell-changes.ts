import type { Context } from '../../context.ts';
import { scopeText } from '../../cli/text.ts';
import { SecretsError } from '../../errors.ts';
import type { Source } from '../remember-pull.ts';
import type { Faults } from './faults.ts';
import { keptHints } from './kept.ts';
import type { PullOptions } from './options.ts';
import { type Changes, doneKinds, isChange, isDrift } from './plan.ts';
import type { Planned } from './write.ts';
import { isNamed } from './wrong-readers.ts';

/**
 * Shows what a pull would do: kind, name and file, a line a name. Throws what stands in its way; with --check, `drift`
 * where there is anything to be done.
 */
export async function tellChanges(
  ctx: Context,
  all: readonly Planned[],
  source: Source,
  { check, json }: PullOptions,
  faults: Faults,
): Promise<void> {
  for (const { plan } of all) for (const remark of plan.remarks ?? []) await ctx.print.warn(remark);
  faults.throwAny();
  if (json) ctx.print.json(changesJson(all, source));
  else await ctx.print.table(undefined, all.flatMap(rowsOf));
  const others = all.filter(({ plan }) => isDrift(plan));
  if (!check || others.length === 0) return;
  const files = others.map(({ place }) => place.target.shown).join(', ');
  throw new SecretsError(
    'drift',
    `${files} ${others.length === 1 ? 'is' : 'are'} not as ${scopeText(source)} would have it`,
    { hint: driftHints(others) },
  );
}

/** A pull brings up to date what it would change; what stands against it, and what it keeps, is told apart. */
function driftHints(others: readonly Planned[]): string[] {
  const behind = others.find(({ plan }) => !plan.fault && isChange(plan.changes));
  const hints = [
    ...(behind ? [`bring it up to date: ${behind.place.target.again}`] : []),
    ...others.flatMap(({ plan }) => plan.fault?.hints ?? []),
    ...others.flatMap(({ place, plan }) => keptHints(place.target, plan.changes.kept)),
    ...others.flatMap(({ place, plan }) =>
      plan.isKept ? [`replace it: ${place.target.alone} --overwrite`] : [],
    ),
  ];
  return [...new Set(hints)];
}

/** What was done, or would be, for a program: names and kinds. */
export function changesJson(
  all: readonly (Planned & { readonly backups?: readonly string[] })[],
  { project, environment, revision }: Source,
): unknown {
  return { project, environment, revision, targets: all.map(targetJson) };
}

function targetJson({ place, plan, prepared, backups }: Planned & { backups?: readonly string[] }): object {
  const { added, updated, removed, respelled, kept, conflicts } = plan.changes;
  const { audience } = prepared;
  const readers = audience && isNamed(audience) ? audience.readers.map(({ name }) => name) : [];
  const names = { added, updated, removed, respelled, kept, conflicts };
  const { format } = place.target;
  const isWhole = { ...(plan.isKept && { here: 'edited' }), ...(backups?.length && { backups }) };
  return { file: place.path, format, for: readers, ...names, ...isWhole };
}

function rowsOf({ place, plan: { changes, fault, isKept } }: Planned): string[][] {
  const rows = namedRows(changes);
  const isOther = isKept || (fault && changes.conflicts.length === 0);
  return [...(isOther ? [['edited here', '*']] : []), ...rows].map((row) => row.concat(place.target.shown));
}

function namedRows(changes: Changes): string[][] {
  return [
    ...doneKinds.flatMap((kind) => changes[kind].map((name) => [kind as string, name])),
    ...changes.kept.map(({ name, here }) => [`${here} here`, name]),
    ...changes.conflicts.map(({ name }) => ['conflict', name]),
  ];
}
