import { nearNames, notFound } from '../api/near.ts';
import { printable } from '../api/names.ts';
import { SecretsError } from '../errors.ts';
import type { Context } from '../context.ts';

/**
 * What was typed, each once. Throws `not_found`, with all that are wrong, unless each of them is there: of several,
 * nothing is done then.
 */
export async function assertIds(
  kind: 'token' | 'grant',
  typed: readonly string[],
  among: readonly string[],
): Promise<readonly string[]> {
  const ids = [...new Set(typed)];
  const wrong = ids.filter((id) => !among.includes(id));
  if (wrong.length === 0) return ids;
  const listWith = `secrets ${kind} list`;
  if (ids.length === 1) throw await notFound(kind, wrong[0]!, { among, listWith });
  const near = (await Promise.all(wrong.map((id) => nearNames(id, among)))).flat();
  const meant = [...new Set(near)].map((id) => `"${id}"`).join(' or ');
  const see = `see all ids with \`${listWith}\``;
  const names = wrong.map((id) => `"${printable(id)}"`).join(', ');
  throw new SecretsError('not_found', `no ${kind} named ${names}; nothing was done`, {
    hint: near.length > 0 ? `did you mean ${meant}? ${see}` : see,
  });
}

/** Does it to one after the other; where one fails, those that were done before it are told. */
export async function eachInTurn(
  ctx: Context,
  ids: readonly string[],
  did: string,
  work: (id: string) => Promise<void>,
): Promise<void> {
  const done: string[] = [];
  try {
    for (const id of ids) {
      await work(id);
      done.push(id);
    }
  } catch (error) {
    const left = ids.filter((id) => !done.includes(id));
    if (done.length > 0) await ctx.print.warn(`${did} ${done.join(', ')}, but not ${left.join(', ')}`);
    throw error;
  }
}
