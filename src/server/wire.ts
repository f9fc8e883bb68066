import type { Scope } from '../api/backend.ts';
import type { CreatedToken, Enrolled, Invited } from '../api/team.ts';
import type { Secret } from '../secret.ts';

/** Where values leave their boxes: here, at the last moment, and nowhere else in this folder. */

/** The first strong tag of an If-None-Match that could be one of ours; undefined for none. */
export function tagOf(ifNoneMatch: string | undefined): string | undefined {
  return ifNoneMatch === undefined ? undefined : /"([\w-]{1,64})"/.exec(ifNoneMatch)?.[1];
}

/** The revision of an If-Match: of an ETag of ours, or alone. */
export function revisionOf(header: string): number | undefined {
  const revision = /^"(\d{1,15})(?:-[\w-]{1,64})?"$/.exec(header.trim())?.[1];
  return revision === undefined ? undefined : Number(revision);
}

export function valueText(value: Secret): { value: string } {
  return { value: value.reveal() };
}

export function shownToken<T extends CreatedToken | Enrolled>(it: T): Omit<T, 'token'> & { token: string } {
  return { ...it, token: it.token.reveal() };
}

export function shownCode(it: Invited): Omit<Invited, 'code'> & { code: string } {
  return { ...it, code: it.code.reveal() };
}

/** A scope out of the segments of a path. */
export function scopeOf({ project, environment }: Scope): Scope {
  return { project, environment };
}
