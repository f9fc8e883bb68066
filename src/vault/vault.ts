import { operatorName } from '../api/names.ts';
import type { Enrolled, Invited, Origin, Principal, TeamApi } from '../api/team.ts';
import { masterKeyId } from '../crypto/master-key.ts';
import { credentialHash } from '../crypto/token.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { listPrincipals } from '../store/principals.ts';
import type { Store, Tx } from '../store/schema.ts';
import { type Authenticate, byToken, trusting } from './actors.ts';
import { record } from './audit.ts';
import { type Calls, type ServedApi, teamApi } from './calls.ts';
import { firstCodeMinutes, keepCode } from './codes.ts';
import { inviteAdmin, redeem } from './enrolment.ts';
import { type MasterKeySource, unlock, type VaultKeys } from './keys.ts';
import { Known } from './known.ts';
import { rekey } from './rekey.ts';
import { Denied } from './denial.ts';
import * as tokens from './tokens.ts';
import type { Actor, Call, Look } from './call.ts';

/** Who acts where nobody is logged in: whoever runs the server. */
const operator = { name: operatorName };

/**
 * The only place where plaintext meets ciphertext, where access is decided, and where audit is written. What an actor
 * may do is what `as(principal)` and `withToken(token)` answer to. The master key is fetched when the first call needs
 * it: names can be listed without it.
 */
export class Vault {
  readonly id: string;
  readonly store: Store;
  readonly #source: MasterKeySource;
  readonly #now: () => Date;
  readonly #known = new Known();
  #keyId: string;
  #keys: Promise<VaultKeys> | undefined;

  constructor(store: Store, facts: { id: string; keyId: string }, source: MasterKeySource, now: () => Date) {
    this.id = facts.id;
    this.#keyId = facts.keyId;
    this.store = store;
    this.#source = source;
    this.#now = now;
  }

  /** The public name of the master key that it was last opened with. */
  get keyId(): string {
    return this.#keyId;
  }

  /** The vault as somebody who needs no token may use it: the owner of an embedded one. */
  as(principal: Principal): TeamApi {
    return teamApi(this.#calls(trusting(principal)));
  }

  /** The vault as whoever holds a token may use it. Every call throws `not_logged_in` unless it is valid just then. */
  withToken(token: Secret, origin: Origin): ServedApi {
    return this.withTokenHash(credentialHash(token), origin);
  }

  /** The same, where the token itself is not at hand any more. */
  withTokenHash(hash: Buffer, origin: Origin): ServedApi {
    return teamApi(this.#calls(byToken(hash, origin), origin));
  }

  /** Exchanges an enrolment code for a token. Throws `code_refused`; `invalid` where the code wants a name. */
  async redeem(code: Secret, origin: Origin, name?: string): Promise<Enrolled> {
    return this.#govern((call) => redeem(call, code, origin, name));
  }

  /** While there is nobody: a code for the first admin, open for 15 minutes; the one before is void. */
  async firstCode(): Promise<Pick<Invited, 'code' | 'expiresAt'> | undefined> {
    return this.#govern(async (call) => {
      if ((await listPrincipals(call.tx)).length > 0) return undefined;
      return keepCode({ ...call, actor: operator }, null, firstCodeMinutes);
    });
  }

  /**
   * A code for an admin, without one: for whoever runs the server, when no admin can log in any more. The admin is made if
   * there is none of that name. Throws `conflict` for a name that is somebody else's.
   */
  async adminCode(name: string): Promise<Invited> {
    return this.#govern((call) => inviteAdmin({ ...call, actor: operator, origin: undefined }, name));
  }

  /** Throws unless the store answers and the master key is there. */
  async ready(): Promise<void> {
    // Throws for code that somebody put into the database.
    await this.store.tables();
    await this.#unlockNow();
  }

  /** Wraps the data keys under another master key, at once; returns how many. Other processes go on if they have that key, too. */
  async rekey(to: MasterKeySource): Promise<number> {
    const masterKey = await to(this.id);
    try {
      const projects = await this.#govern((call) => rekey(call, this.id, masterKey));
      this.#keyId = masterKeyId(masterKey, this.id);
      this.#keys = undefined;
      return projects;
    } finally {
      masterKey.fill(0);
    }
  }

  /** The keys, fetched once; after a failure, asked for again. Throws what the source throws, or `key_wrong`. */
  async unlock(): Promise<VaultKeys> {
    this.#keys ??= unlock(this.#source, this.id, this.#keyId);
    try {
      return await this.#keys;
    } catch (error) {
      this.#keys = undefined;
      throw error;
    }
  }

  close(): Promise<void> {
    return this.store.close();
  }

  #calls(authenticate: Authenticate, origin?: Origin): Calls {
    return {
      look: (work) => this.#look(authenticate, origin, work),
      act: (work) => this.#act(authenticate, origin, work),
      erase: async (work) => {
        await this.#act(authenticate, origin, work);
        await this.store.scrub();
      },
      walk: (work) => this.store.snapshot(work),
      unlock: () => this.#unlockNow(),
    };
  }

  async #look<T>(
    authenticate: Authenticate,
    origin: Origin | undefined,
    work: (look: Look) => Promise<T>,
  ): Promise<T> {
    const at = this.#now().toISOString();
    let actor: Actor | undefined;
    try {
      const result = await this.store.read(async (tx) => {
        const known = await this.#known.at(tx);
        actor = await authenticate(tx, known, at);
        return work({ tx, actor, at, known });
      });
      const due = actor?.token && tokens.isDue(actor.token, at) ? actor : undefined;
      if (due) await this.store.transaction((tx) => tokens.touch(tx, due, at));
      return result;
    } catch (error) {
      throw await this.#told(error, actor, origin);
    }
  }

  async #act<T>(
    authenticate: Authenticate,
    origin: Origin | undefined,
    work: (call: Call) => Promise<T>,
  ): Promise<T> {
    let actor: Actor | undefined;
    try {
      return await this.#govern(async (call) => {
        const known = await this.#known.at(call.tx);
        actor = await authenticate(call.tx, known, call.at);
        const result = await work({ ...call, actor, known, origin });
        await tokens.touch(call.tx, actor, call.at);
        return result;
      });
    } catch (error) {
      throw await this.#told(error, actor, origin);
    }
  }

  /** A transaction with the keys. The key may have been changed by another process: then it is fetched again, once. */
  async #govern<T>(work: (call: { tx: Tx; keys: VaultKeys; at: string }) => Promise<T>): Promise<T> {
    // Before the transaction: a keychain may take seconds, and nobody else should wait for it.
    const keys = await this.unlock();
    try {
      return await this.#commit(keys, work);
    } catch (error) {
      if (!(error instanceof KeyChanged)) throw error;
      return this.#commit(await this.#unlockAgain(error.keyId), work);
    }
  }

  #commit<T>(
    keys: VaultKeys,
    work: (call: { tx: Tx; keys: VaultKeys; at: string }) => Promise<T>,
  ): Promise<T> {
    return this.store.transaction(async (tx) => {
      // What was remembered of it may never have been there.
      tx.onUndone(() => this.#known.forget());
      const { key_id } = await tx.meta();
      // Whoever waited for their turn may have keys that were changed meanwhile.
      if (key_id !== keys.id) throw new KeyChanged(key_id);
      return work({ tx, keys, at: this.#now().toISOString() });
    });
  }

  /** The keys of the vault as it is now: another process may have changed the master key. */
  async #unlockNow(): Promise<VaultKeys> {
    const { key_id } = await this.store.read((db) => db.meta());
    const keys = await this.unlock();
    return keys.id === key_id ? keys : this.#unlockAgain(key_id);
  }

  #unlockAgain(keyId: string | undefined): Promise<VaultKeys> {
    if (keyId !== this.#keyId) {
      this.#keyId = keyId ?? '';
      this.#keys = undefined;
    }
    return this.unlock();
  }

  /** A denial is put on record before it is told. */
  async #told(error: unknown, actor: Actor | undefined, origin: Origin | undefined): Promise<unknown> {
    if (isMiss(error, actor)) await this.#govern(async ({ tx, at }) => tx.setMeta('last_miss', at));
    if (!(error instanceof Denied)) return error;
    const who = error.actor ?? actor;
    const { project, environment, ...detail } = error.attempt;
    const scope = {
      ...(project === undefined ? {} : { project }),
      ...(environment === undefined ? {} : { environment }),
    };
    if (who) await this.#govern((call) => record({ ...call, actor: who, origin }, 'denied', scope, detail));
    return new SecretsError(error.code, error.message, { hint: error.hints });
  }
}

/**
 * What is hidden answers as what is absent, and is put on record. So what is absent is written down, too, if only as a
 * time: else the two would differ in how long they take, and where nothing can be written, in what they answer.
 */
function isMiss(error: unknown, actor: Actor | undefined): boolean {
  const missing = error instanceof SecretsError && error.code === 'not_found' && !(error instanceof Denied);
  return missing && actor?.token !== undefined && actor.role !== 'admin';
}

/** The vault has another master key than this process knows. */
class KeyChanged extends Error {
  readonly keyId: string | undefined;

  constructor(keyId: string | undefined) {
    super('the master key was changed');
    this.keyId = keyId;
  }
}
