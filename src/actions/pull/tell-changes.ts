import type { Context } from '../../context.ts';
import { scopeText } from '../../cli/text.ts';
import { SecretsError } from '../../errors.ts';
import type { Faults } from './faults.ts';
import type { PullOptions } from './options.ts';
import { type Changes, isDrift } from './plan.ts';
import type { Source } from '../remember-pull.ts';
import type { Planned } from './write.ts';

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
  faults.throwAny();
  if (json) ctx.print.json(changesJson(all, source));
  else await ctx.print.table(undefined, all.flatMap(rowsOf));
  const others = all.filter(({ plan }) => plan.fault !== undefined || isDrift(plan.changes));
  if (!check || others.length === 0) return;
  const files = others.map(({ place }) => place.target.shown).join(', ');
  throw new SecretsError(
    'drift',
    `${files} ${others.length === 1 ? 'is' : 'are'} not as ${scopeText(source)} would have it`,
    {
      hint: `bring it up to date: ${others[0]!.place.target.again}`,
    },
  );
}

/** What was done, or would be, for a program: names and kinds. */
export function changesJson(all: readonly Planned[], { project, environment, revision }: Source): unknown {
  return { project, environment, revision, targets: all.map(targetJson) };
}

function targetJson({ place, plan }: Planned): Record<string, unknown> {
  const { added, updated, removed, respelled, kept, conflicts } = plan.changes;
  const { format } = place.target;
  return { file: place.path, format, added, updated, removed, respelled, kept, conflicts };
}

function rowsOf({ place, plan: { changes, fault } }: Planned): string[][] {
  const rows = namedRows(changes);
  const isReplaced = fault && changes.conflicts.length === 0;
  return [...(isReplaced ? [['edited here', '*']] : []), ...rows].map((row) =>
    row.concat(place.target.shown),
  );
}

function namedRows(changes: Changes): string[][] {
  return [
    ...(['added', 'updated', 'removed', 'respelled'] as const).flatMap((kind) =>
      changes[kind].map((name) => [kind as string, name]),
    ),
    ...changes.kept.map(({ name, here }) => [`${here} here`, name]),
    ...changes.conflicts.map(({ name }) => ['conflict', name]),
  ];
}
