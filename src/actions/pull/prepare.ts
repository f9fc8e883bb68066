import type { SecretSet, VersionedSecret } from '../../api/backend.ts';
import { assertHarmless } from '../../api/names.ts';
import { secretNotFound } from '../../api/near.ts';
import type { ResolvedScope } from '../../config/scope.ts';
import type { Context } from '../../context.ts';
import type { Faults } from './faults.ts';
import type { Located } from './locate.ts';
import type { PullOptions } from './options.ts';
import type { Prepared } from './plan.ts';
import { isPattern, type Selection, selectedInVain, selects } from './selection.ts';
import type { Target } from './targets.ts';

/** A target that is ready to be planned. */
export interface Ready {
  readonly place: Located;
  readonly size: number;
  readonly prepared: Prepared;
}

/** What all targets have in common. */
export interface Request {
  readonly scope: ResolvedScope;
  readonly set: SecretSet;
  readonly options: PullOptions;
}

/** Makes the targets ready; those that cannot be are among the faults. */
export async function prepareAll(
  ctx: Context,
  places: readonly Located[],
  { scope, set, options }: Request,
  faults: Faults,
): Promise<Ready[]> {
  const ready: Ready[] = [];
  for (const place of places) {
    await faults.catchLater(place.target.shown, async () => {
      const secrets = await selected(ctx, scope, place.target, set);
      ready.push({ place, size: secrets.size, prepared: await prepare({ place, scope, secrets, options }) });
    });
  }
  return ready;
}

/** What goes into one target, and how. */
export interface Order {
  readonly place: Located;
  readonly scope: ResolvedScope;
  /** The secrets of its selection. */
  readonly secrets: ReadonlyMap<string, VersionedSecret>;
  readonly options: PullOptions;
}

/** What a format needs is loaded here. Throws `invalid` for what it cannot hold. */
async function prepare(order: Order): Promise<Prepared> {
  const { format } = order.place.target;
  if (format === 'dotenv') return (await import('./plan-dotenv.ts')).prepareDotenv(order);
  if (format === 'files') return (await import('./plan-files.ts')).prepareFiles(order);
  return (await import('./plan-text.ts')).prepareText(order, format);
}

/** The secrets of a selection. Throws `not_found` for a typed name that is not there, `invalid` for one that can hijack a program; warns of one in the link file. */
export async function selected(
  ctx: Context,
  scope: ResolvedScope,
  { selection, isTyped, shown }: Pick<Target, 'selection' | 'isTyped' | 'shown'>,
  set: SecretSet,
): Promise<ReadonlyMap<string, VersionedSecret>> {
  const names = [...set.secrets.keys()];
  const inVain = selectedInVain(selection, names);
  const missing = isTyped ? inVain.find((name) => !isPattern(name)) : undefined;
  if (missing !== undefined) throw await notFound(ctx, scope, missing);
  const what = inVain.map((name) => `"${name}"`).join(', ');
  if (what !== '') await ctx.print.warn(`${what}, selected for ${shown}, fits no secret that you can read`);
  const secrets = only(set, selection);
  assertHarmless(secrets.keys(), scope.link?.allow, 'written');
  return secrets;
}

function only(set: SecretSet, selection: Selection): ReadonlyMap<string, VersionedSecret> {
  return new Map([...set.secrets].filter(([name]) => selects(selection, name)));
}

async function notFound(ctx: Context, scope: ResolvedScope, name: string): Promise<Error> {
  const { secrets } = await (await ctx.team()).list(scope);
  return secretNotFound(
    scope,
    name,
    secrets.map((one) => one.name),
  );
}
