import { dirname, relative } from 'node:path';
import { nearNames } from '../../api/near.ts';
import { findWorkTree } from '../../config/git.ts';
import type { Context } from '../../context.ts';
import { count, namesText, scopeText } from '../../cli/text.ts';
import { shippedBy } from '../../exposure/shipped.ts';
import type { Spelled } from '../../dotenv/write.ts';
import type { Source } from '../remember-pull.ts';
import { keptHints, keptNames } from './kept.ts';
import type { PullOptions } from './options.ts';
import { type Changes, doneKinds, isChange } from './plan.ts';
import { changesJson } from './tell-changes.ts';
import type { Done, Planned } from './write.ts';
import { isNamed, wrongTexts } from './wrong-readers.ts';

/** Tells what a pull has done, and who will read something else than was meant in what it wrote. */
export async function tellWritten(
  ctx: Context,
  all: readonly Done[],
  source: Source,
  { json }: PullOptions,
): Promise<void> {
  for (const done of all) {
    if (isChange(done.plan.changes)) await warnStray(ctx, done);
    await warnWrong(ctx, done);
    await warnShipped(ctx, done);
    noteWritten(ctx, done, source);
    await warnKept(ctx, done);
    noteDocker(ctx, done);
  }
  if (json) ctx.print.json(changesJson(all, source));
}

/** Warns of what is odd about files that are written, or that stand against it. */
export async function tellRemarks(ctx: Context, all: readonly Planned[]): Promise<void> {
  for (const { plan } of all)
    if (plan.fault || isChange(plan.changes))
      for (const remark of plan.remarks ?? []) await ctx.print.warn(remark);
}

function noteWritten(ctx: Context, done: Done, source: Source): void {
  const { place, plan, size, prepared, backups } = done;
  const { shown } = place.target;
  const kept = plan.changes.kept.length;
  const what = `${count(size - kept, 'secret')} of ${scopeText(source)}`;
  if (!isChange(plan.changes)) {
    const names =
      kept === 1 ? '1 name that is kept as it is here' : `${kept} names that are kept as they are here`;
    if (plan.isKept) ctx.print.note(`${shown} stands as it is here; it is not as the vault would have it`);
    else if (kept > 0) ctx.print.note(`${shown} differs in ${names}`);
    else ctx.print.note(`${shown} has the ${what}; nothing changed`);
    return;
  }
  ctx.print.note(`wrote ${what} to ${shown}: ${changesText(plan.changes)}`);
  for (const path of backups) ctx.print.note(`what was there is in ${relative(ctx.cwd, path)}`);
  const { named, readers, because } = prepared.audience ?? { named: 'by nobody' };
  if (named === 'by the repository' && readers && because)
    ctx.print.note(`written for ${andText(readers.map(({ title }) => title))} (${because.join(', ')})`);
}

/** Names that are gone are told in full: nothing else says so any more. */
function changesText(changes: Changes): string {
  return doneKinds
    .filter((kind) => changes[kind].length > 0)
    .map((kind) => `${kind} ${kind === 'removed' ? changes[kind].join(', ') : namesText(changes[kind])}`)
    .join('; ');
}

function andText(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Off a terminal, too: who starts a program next would not know that it lacks some of the secrets. */
async function warnKept(ctx: Context, { place: { target }, plan: { changes } }: Done): Promise<void> {
  for (const how of ['edited', 'deleted'] as const) {
    const kept = changes.kept.filter(({ here }) => here === how);
    if (kept.length === 0) continue;
    const what = how === 'edited' ? 'kept what was edited here' : 'left out what was deleted here';
    await ctx.print.warn(`${what}: ${namesText(keptNames(kept, how))}`, keptHints(target, kept));
  }
}

/** The link file says what goes where; a file that it does not name gets all. */
async function warnStray(ctx: Context, { place: { target }, size }: Done): Promise<void> {
  const { strayFrom, shown, isTyped } = target;
  const what = size === 1 ? 'the one secret' : `all ${size} secrets`;
  if (strayFrom.length === 0 || isTyped) return;
  const near = await nearNames(shown, strayFrom);
  const beside = strayFrom.filter((one) => dirname(one) === dirname(shown));
  const meant = [...new Set([...near, ...beside])].slice(0, 3).map((one) => `"${one}"`);
  await ctx.print.warn(
    `the link file names other targets, and not ${shown}: ${what} of the environment went into it`,
    meant.length > 0 ? [`did you mean ${meant.join(' or ')}?`] : [],
  );
}

/** A file that a build or a package takes along is as good as committed. */
async function warnShipped(ctx: Context, { place, plan }: Done): Promise<void> {
  const path = plan.files[0]?.path ?? place.path;
  const root = findWorkTree(dirname(path))?.root ?? ctx.link()?.folder ?? dirname(path);
  for (const { text, hint } of await shippedBy(path, root)) await ctx.print.warn(text, [hint]);
}

/** Docker knows no quotes at all. That is told once, where nobody is named, and not as a warning: few need it. */
function noteDocker(ctx: Context, { place, plan, prepared: { spelled, audience } }: Done): void {
  if (!audience || isNamed(audience) || !plan.isNew) return;
  const isWrong = [...spelled.values()].some(({ wrong }) => wrong.some(({ name }) => name === 'docker'));
  if (isWrong)
    ctx.print.note(`docker --env-file would see the quotes, too: for it, ${place.target.alone} --for docker`);
}

/** Of the names that this pull wrote; one hint for all. */
async function warnWrong(ctx: Context, { place, plan, prepared }: Done): Promise<void> {
  const { changes, spelled = new Map<string, Spelled>() } = plan;
  const { audience } = prepared;
  if (!audience) return;
  const written = new Set([...changes.added, ...changes.updated, ...changes.respelled]);
  const some = [...spelled].filter(([name]) => written.has(name));
  const texts = wrongTexts(some, audience, place.target.shown, 'will');
  const run = 'run the program with the secrets instead: secrets run -- …';
  const name = `name the programs that read it: ${place.target.alone} --for …`;
  for (const [i, text] of texts.entries()) {
    const isLast = i === texts.length - 1;
    const hints = [...(plan.lineHints ?? []), ...(isNamed(audience) ? [] : [name]), run];
    await ctx.print.warn(text, isLast ? hints : []);
  }
}
