import { hash } from 'node:crypto';
import type { VersionedSecret } from '../api/backend.ts';
import { putList, readLists } from '../store/audit.ts';
import type { Db } from '../store/schema.ts';
import type { Call } from './call.ts';
import { keep } from './known.ts';

/**
 * A whole environment is read far more often than it changes, and each read is an event that lists every name. The list
 * is kept once, under its own SHA-256, and the event has that in its detail: so an event is a fifth as long, and the chain
 * covers the list as well.
 */

/** The id of the list of what was handed out, under this tag. */
export async function listOf(
  { tx, known }: Call,
  tag: string,
  read: () => Promise<ReadonlyMap<string, VersionedSecret>>,
): Promise<string> {
  const kept = known.lists.get(tag);
  if (kept !== undefined) return kept;
  const secrets = await read();
  const text = JSON.stringify(versionsIn(secrets));
  const id = idOf(text);
  await putList(tx, id, text);
  keep(known.lists, tag, id);
  return id;
}

/** Names with versions, as an event tells them. */
export function versionsByName(rows: readonly { name: string; version: number }[]): Record<string, number> {
  return Object.fromEntries(rows.map((row) => [row.name, row.version]));
}

/** The same of what was read. */
export function versionsIn(secrets: ReadonlyMap<string, VersionedSecret>): Record<string, number> {
  return Object.fromEntries([...secrets].map(([name, { version }]) => [name, version]));
}

/** What the details of events stand for: id of the list → names with versions. */
export async function openLists(
  db: Db,
  details: readonly string[],
): Promise<Map<string, Readonly<Record<string, number>>>> {
  const ids = new Set(details.flatMap((detail) => listIn(detail) ?? []));
  const texts = await readLists(db, [...ids]);
  return new Map([...texts].map(([id, text]) => [id, JSON.parse(text) as Record<string, number>]));
}

/** The first of the lists that is missing or was edited; undefined when all are as they were. */
export async function brokenList(db: Db, ids: readonly string[]): Promise<string | undefined> {
  const texts = await readLists(db, ids);
  return ids.find((id) => idOf(texts.get(id) ?? '') !== id);
}

/** The list that a detail stands for, if any: it is named first. */
export function listIn(detail: string): string | undefined {
  return /^\{"list":"([\w-]{43})"/.exec(detail)?.[1];
}

function idOf(text: string): string {
  return hash('sha256', text, 'base64url');
}
