import { dirname } from 'node:path';
import { findWorkTree } from '../../config/git.ts';
import type { Context } from '../../context.ts';
import { count, namesText, scopeText } from '../../cli/text.ts';
import { shellWord } from '../../dotenv/git-safety.ts';
import type { Reader } from '../../dotenv/readers/reader.ts';
import { shippedBy } from '../../dotenv/shipped.ts';
import type { PullOptions } from './options.ts';
import { toldOf } from './spelled.ts';
import { changesJson } from './tell-changes.ts';
import type { Source } from '../remember-pull.ts';
import type { Planned } from './write.ts';

/** Tells what a pull has done, and who will read something else than was meant in what it wrote. */
export async function tellWritten(
  ctx: Context,
  all: readonly Planned[],
  source: Source,
  { json }: PullOptions,
): Promise<void> {
  for (const planned of all) {
    await warnWrong(ctx, planned);
    await warnShipped(ctx, planned);
    noteWritten(ctx, planned, source);
    noteKept(ctx, planned);
    noteDocker(ctx, planned);
  }
  if (json) ctx.print.json(changesJson(all, source));
}

function noteWritten(ctx: Context, { place, plan, size }: Planned, source: Source): void {
  const { shown } = place.target;
  const { added, updated, removed, respelled } = plan.changes;
  if ([added, updated, removed, respelled].every((names) => names.length === 0)) {
    ctx.print.note(`${shown} has the ${count(size, 'secret')} of ${scopeText(source)}; nothing changed`);
    return;
  }
  const parts = [`${added.length} added`, `${updated.length} updated`, `${removed.length} removed`];
  ctx.print.note(`wrote ${count(size, 'secret')} of ${scopeText(source)} to ${shown} (${parts.join(', ')})`);
}

function noteKept(ctx: Context, { place, plan: { changes } }: Planned): void {
  const { shown, where } = place.target;
  const names = (how: string): string[] =>
    changes.kept.flatMap(({ name, here }) => (here === how ? name : []));
  const [edited, deleted] = [names('edited'), names('deleted')];
  if (edited.length > 0) {
    ctx.print.note(`kept what was edited here: ${namesText(edited)}`);
    const command = ['secrets set --from-file', shellWord(shown), ...edited, where].join(' ').trimEnd();
    ctx.print.note(`to bring it to the vault: ${command}`);
  }
  if (deleted.length > 0) {
    ctx.print.note(`left out what was deleted here: ${namesText(deleted)}`);
    ctx.print.note(`to bring it back: ${place.target.alone} --theirs`);
  }
}

/** A file that a build or a package takes along is as good as committed. */
async function warnShipped(ctx: Context, { place, plan }: Planned): Promise<void> {
  const path = plan.files[0]?.path ?? place.path;
  const root = findWorkTree(dirname(path))?.root ?? ctx.link()?.folder ?? dirname(path);
  for (const { text, hint } of await shippedBy(path, root)) await ctx.print.warn(text, [hint]);
}

/** Docker knows no quotes at all. That is told once, where nobody is named, and not as a warning: few need it. */
function noteDocker(ctx: Context, { place, plan, prepared: { wrong, isNamed } }: Planned): void {
  const isWrong = [...wrong.values()].some((readers) => readers.some(({ name }) => name === 'docker'));
  if (isNamed || !plan.isNew || !isWrong) return;
  ctx.print.note(`docker --env-file would see the quotes, too: for it, ${place.target.alone} --for docker`);
}

/** One line for all names that the same readers will see otherwise, and one hint for all. */
async function warnWrong(ctx: Context, planned: Planned): Promise<void> {
  const { target } = planned.place;
  const sets = wrongIn(planned);
  for (const [i, { readers, names }] of sets.entries()) {
    const who = namesText(readers.map(({ title }) => title));
    const isLast = i === sets.length - 1;
    await ctx.print.warn(
      `${who} will see something else in ${target.shown} for ${namesText(names)}`,
      isLast ? hintsFor(planned) : [],
    );
  }
}

interface WrongSet {
  readonly readers: readonly Reader[];
  readonly names: readonly string[];
}

/** Of the names that this pull wrote. */
function wrongIn({ plan: { changes }, prepared: { wrong, isNamed } }: Planned): WrongSet[] {
  const written = [...changes.added, ...changes.updated, ...changes.respelled];
  const all = written.map((name) => ({ name, readers: toldOf(wrong.get(name) ?? [], isNamed) }));
  const sets = Map.groupBy(
    all.filter(({ readers }) => readers.length > 0),
    ({ readers }) => readers.map((one) => one.name).join(' '),
  );
  return [...sets.values()].map((some) => ({
    readers: some[0]!.readers,
    names: some.map(({ name }) => name),
  }));
}

function hintsFor({ place, prepared }: Planned): string[] {
  const run = 'run the program with the secrets instead: secrets run -- …';
  return prepared.isNamed ? [run] : [`name the programs that read it: ${place.target.alone} --for …`, run];
}
