import type { Origin, Principal } from '../api/team.ts';
import type { Db, Tx } from '../store/schema.ts';
import type { HeldToken } from '../store/tokens.ts';
import type { Subject } from './access.ts';
import type { Facts } from './known.ts';
import type { VaultKeys } from './keys.ts';

/** The principal behind one call, with all that decides what it may do. */
export interface Actor extends Principal, Subject {
  readonly groups: readonly string[];
  /** Absent in the embedded vault. */
  readonly token?: HeldToken;
}

/** A call that needs no key: it sees names only and leaves no audit event. */
export interface Look {
  readonly tx: Db;
  readonly actor: Actor;
  /** When it happens: ISO 8601, UTC. */
  readonly at: string;
  readonly known: Facts;
}

/** One call of one actor, inside one transaction. */
export interface Call extends Look {
  readonly tx: Tx;
  readonly keys: VaultKeys;
  readonly origin: Origin | undefined;
}
