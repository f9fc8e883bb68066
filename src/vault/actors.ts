import { SecretsError } from '../errors.ts';
import type { Origin, Principal } from '../api/team.ts';
import { grantsOf } from '../store/grants.ts';
import { groupsOf } from '../store/principals.ts';
import type { Db } from '../store/schema.ts';
import { findToken } from '../store/tokens.ts';
import type { Actor } from './call.ts';
import { Denied } from './denial.ts';
import { type Facts, keep } from './known.ts';
import { isInRanges } from './ranges.ts';

/** Finds out who calls, from the store as it is in the transaction of the call. */
export type Authenticate = (db: Db, known: Facts, at: string) => Promise<Actor>;

/** The owner of an embedded vault: nothing is asked of the store. */
export function trusting(principal: Principal): Authenticate {
  const actor: Actor = { ...principal, groups: [], grants: [] };
  return async () => actor;
}

/** Whoever holds this token. Throws `not_logged_in` when it is not valid, or not from there. */
export function byToken(hash: Buffer, origin: Origin): Authenticate {
  const key = hash.toString('hex');
  return async (db, known, at) => {
    const actor = fresh(known.actors.get(key), at) ?? (await load(db, hash));
    if (!actor) throw notLoggedIn('this token was revoked, or never issued');
    keep(known.actors, key, actor);
    assertUsable(actor, origin, at);
    return actor;
  };
}

/** One that seems to have ended may have been used elsewhere meanwhile, and go on: the store knows. */
function fresh(actor: Actor | undefined, at: string): Actor | undefined {
  return actor?.token && at < actor.token.expires_at ? actor : undefined;
}

async function load(db: Db, hash: Buffer): Promise<Actor | undefined> {
  const token = await findToken(db, hash);
  if (!token) return undefined;
  const groups = await groupsOf(db, token.principal_id);
  const grants = await grantsOf(db, token.principal_id, groups);
  return { id: token.principal_id, name: token.name, role: token.role, groups, grants, token };
}

function assertUsable(actor: Actor, { address }: Origin, at: string): void {
  const { expires_at, ranges } = actor.token!;
  if (at >= expires_at)
    throw new Denied(
      notLoggedIn(`this token ended on ${expires_at}`),
      { what: 'use a token that has ended' },
      actor,
    );
  if (!isInRanges(address, ranges))
    throw new Denied(
      notLoggedIn('this token may not be used from this address'),
      { what: 'use a token from this address' },
      actor,
    );
}

function notLoggedIn(what: string): SecretsError {
  return new SecretsError('not_logged_in', what, { hint: 'log in again: secrets login' });
}
