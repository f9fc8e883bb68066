import { nearNames } from '../api/near.ts';
import { fits } from '../api/pattern.ts';
import type { Reach } from '../api/team.ts';
import { placeText } from '../cli/reach.ts';
import { namesText } from '../cli/text.ts';
import type { Context } from '../context.ts';
import { namesAt } from './names-there.ts';

/** A pattern that fits nothing is mostly mistyped; it may also be there for secrets to come, so it is granted all the same. */
export async function warnOfNoFit(ctx: Context, reach: Reach): Promise<void> {
  const { names: pattern, project, environment } = reach;
  if (pattern === '*') return;
  const there = await namesAt(await ctx.team(), {
    ...(project !== '*' && { project }),
    ...(environment !== '*' && { environment }),
  });
  if (there === undefined || there.some((name) => fits(pattern, name))) return;
  const where = project === '*' && environment === '*' ? 'any project' : placeText(reach);
  await ctx.print.warn(`"${pattern}" fits no name in ${where} today`, [
    ...(await meant(pattern, there)),
    ...(project === '*' || environment === '*'
      ? []
      : [`see all names with \`secrets list --project ${project} --env ${environment}\``]),
  ]);
}

async function meant(pattern: string, there: readonly string[]): Promise<string[]> {
  const inOtherCase = there.filter((name) => fits(pattern.toLowerCase(), name.toLowerCase()));
  if (inOtherCase.length > 0) return [`names are told apart by case: ${namesText(inOtherCase)}`];
  const near = (await nearNames(pattern, there)).map((name) => `"${name}"`);
  return near.length > 0 ? [`did you mean ${near.join(' or ')}?`] : [];
}
