import { namesText } from '../../cli/text.ts';
import type { Reader } from '../../dotenv/readers/reader.ts';
import type { Audience, Spelled } from '../../dotenv/write.ts';

/** More names are not told one by one. */
const mostNames = 5;
/** More programs are counted. */
const mostPrograms = 5;

/** Whether the readers of a file are known, so that each of them counts. */
export function isNamed({ named }: Pick<Audience, 'named'>): boolean {
  return named !== 'by nobody';
}

/**
 * Who `will` (or `would`) see something else, and who would lose lines: a sentence a name where these are few, else one
 * for all names that the same programs read wrong. Empty where all read what was meant.
 */
export function wrongTexts(
  spelled: Iterable<readonly [name: string, Spelled]>,
  audience: Pick<Audience, 'named'>,
  file: string,
  will: 'will' | 'would',
): string[] {
  const all = [...spelled].map(([name, one]) => ({ name, lose: one.losers, see: seeing(one, audience) }));
  const wrong = all.filter(({ lose, see }) => lose.length + see.length > 0);
  const isFew = wrong.length <= mostNames;
  const sets = Map.groupBy(wrong, ({ name, lose, see }) => (isFew ? name : `${ids(lose)}; ${ids(see)}`));
  return [...sets.values()].flatMap((some) => {
    const [{ lose, see }] = some as [(typeof all)[number]];
    const names = namesText(some.map(({ name }) => name));
    return [
      see.length > 0 ? [`${programsText(see)} ${will} see something else in ${file} for ${names}`] : [],
      lose.length > 0 ? [`${programsText(lose)} ${will} lose other lines of ${file} by ${names}`] : [],
    ].flat();
  });
}

/** With nobody named, docker is not told of: it knows no quotes at all. */
function seeing({ wrong, losers }: Spelled, audience: Pick<Audience, 'named'>): readonly Reader[] {
  const others = wrong.filter((one) => !losers.includes(one));
  return isNamed(audience) ? others : others.filter(({ name }) => name !== 'docker');
}

/** Programs for one line: those that people use most first, five at most. */
function programsText(programs: readonly Reader[]): string {
  const titles = programs.toSorted((a, b) => b.weight - a.weight).map(({ title }) => title);
  const more = titles.length - mostPrograms;
  return more > 0 ? `${titles.slice(0, mostPrograms).join(', ')} and ${more} more` : titles.join(', ');
}

function ids(programs: readonly Reader[]): string {
  return programs.map(({ name }) => name).join(' ');
}
