import { hash } from 'node:crypto';
import { headingOf } from '../../../src/dotenv/merging/heading.ts';
import type { Base, LastPull } from '../../../src/dotenv/last-pull.ts';
import { type Merge, mergeDotenv, type MergeInput, type Wanted } from '../../../src/dotenv/merge.ts';
import { readDotenv } from '../../../src/dotenv/read.ts';
import { spell } from '../../../src/dotenv/write.ts';

export const heading = headingOf('web', 'development');

export const fingerprint = (name: string, text: string): string =>
  hash('sha256', `${name}\0${text}`, 'base64url').slice(0, 22);

/** What the vault has: a value as the writer spells it for nobody in particular, or in a spelling of its own. */
export type Vault = Readonly<Record<string, string | { readonly value: string; readonly spelling: string }>>;

export interface Situation extends Partial<
  Pick<MergeInput, 'existing' | 'side' | 'read' | 'isLiteral' | 'isMeant'>
> {
  readonly vault: Vault;
  readonly last?: Pick<LastPull, 'secrets' | 'text' | 'next'> | Base | undefined;
  readonly heading?: string;
}

export function merged({ vault, last, ...rest }: Situation): Merge {
  return mergeDotenv({
    existing: undefined,
    heading,
    ...rest,
    wanted: wantedOf(vault),
    last: last === undefined || isMemory(last) ? last : { secrets: last },
    fingerprint,
  });
}

/** What a pull of these values into an empty place would remember. */
export function baseOf(vault: Vault): Base {
  return merged({ vault }).base();
}

export function wantedOf(vault: Vault): Map<string, Wanted> {
  return new Map(
    Object.entries(vault).map(([name, one]) => [
      name,
      { version: 1, ...(typeof one === 'string' ? { value: one, spelling: spelled(one) } : one) },
    ]),
  );
}

/** What is remembered of a merge. */
export function left(merge: Merge): { secrets: Base; text: string } {
  return { secrets: merge.base(), text: fingerprint('', merge.text) };
}

/** As the writer spells a value that may be read by anybody. */
export function spelled(value: string): string {
  const spelling = known.get(value) ?? spell(value).spelling;
  if (spelling === undefined) throw new Error('no spelling');
  known.set(value, spelling);
  return spelling;
}

const known = new Map<string, string>();

/** What was done, without the text: names by what became of them. */
export function namesIn({ added, updated, removed, respelled, kept, conflicts }: Merge): object {
  return { added, updated, removed, respelled, kept, conflicts };
}

export const nothing = { added: [], updated: [], removed: [], respelled: [], kept: [], conflicts: [] };

/** A file with all assignments of some names cut out. */
export function foreign(text: string, names: Iterable<string>): string {
  const ours = new Set(names);
  return readDotenv(text)
    .assignments.filter(({ name }) => ours.has(name))
    .toReversed()
    .reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

function isMemory(last: NonNullable<Situation['last']>): last is Pick<LastPull, 'secrets' | 'text' | 'next'> {
  return 'secrets' in last && !('fingerprint' in last.secrets);
}
