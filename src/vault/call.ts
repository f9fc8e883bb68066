import type { Member } from '../api/team.ts';
import type { Db } from '../store/schema.ts';
import type { VaultKeys } from './keys.ts';

/** One call of one actor, inside one transaction. */
export interface Call {
  readonly tx: Db;
  readonly actor: Member;
  readonly keys: VaultKeys;
  /** When it happens: ISO 8601, UTC. */
  readonly at: string;
}

/** A call that needs no key: it sees names only and leaves no audit event. */
export type Look = Pick<Call, 'tx' | 'actor'>;
