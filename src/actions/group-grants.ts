import type { GrantInfo, Group } from '../api/team.ts';
import { placeText } from '../cli/reach.ts';
import { timeText } from '../cli/text.ts';

/** What whoever is put into a group gets: its grants that have not ended. */
export function grantsTo(group: string, grants: readonly GrantInfo[], now: Date): GrantInfo[] {
  return grants.filter((it) => 'group' in it.to && it.to.group === group && holds(it, now));
}

export function grantText(grant: GrantInfo): string {
  const { permission, names, expiresAt, id } = grant;
  const until = expiresAt === undefined ? '' : ` until ${timeText(expiresAt)}`;
  return `${permission} ${names} in ${placeText(grant)}${until} (${id})`;
}

/** The groups, and those that have grants and nobody in them: whoever is put in gets what these allow. By name. */
export function withEmpty(groups: readonly Group[], grants: readonly GrantInfo[], now: Date): Group[] {
  const granted = grants.flatMap((it) => ('group' in it.to && holds(it, now) ? [it.to.group] : []));
  const empty = [...new Set(granted)].filter((name) => !groups.some((it) => it.name === name));
  return [...groups, ...empty.map((name) => ({ name, principals: [] }))].toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  );
}

function holds({ expiresAt }: GrantInfo, now: Date): boolean {
  return expiresAt === undefined || now < new Date(expiresAt);
}
