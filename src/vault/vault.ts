import type { Member, TeamApi } from '../api/team.ts';
import type { Store } from '../store/schema.ts';
import { verifyChain } from './audit.ts';
import type { Call, Look } from './call.ts';
import * as environments from './environments.ts';
import { type MasterKeySource, unlock, type VaultKeys } from './keys.ts';
import * as projects from './projects.ts';
import { requireManage } from './scopes.ts';
import * as secrets from './secrets.ts';

/**
 * The only place where plaintext meets ciphertext, where access is decided, and where audit is written. What an actor
 * may do is what `as(actor)` answers to. The master key is fetched when the first call needs it: names can be listed
 * without it.
 */
export class Vault {
  readonly id: string;
  readonly keyId: string;
  readonly store: Store;
  readonly #source: MasterKeySource;
  readonly #now: () => Date;
  #keys: Promise<VaultKeys> | undefined;

  constructor(store: Store, facts: { id: string; keyId: string }, source: MasterKeySource, now: () => Date) {
    this.id = facts.id;
    this.keyId = facts.keyId;
    this.store = store;
    this.#source = source;
    this.#now = now;
  }

  /** The vault as one actor may use it. */
  as(actor: Member): TeamApi {
    const look = <T>(work: (look: Look) => Promise<T>): Promise<T> =>
      this.store.read((tx) => work({ tx, actor }));
    const act = <T>(work: (call: Call) => Promise<T>): Promise<T> => this.#act(actor, work);
    const erase = async (work: (call: Call) => Promise<void>): Promise<void> => {
      await act(work);
      await this.store.scrub();
    };
    return {
      whoami: async () => actor,
      check: async () => void (await this.unlock()),
      read: (scope, names) => act((call) => secrets.read(call, scope, names)),
      readVersion: (scope, name, version) => act((call) => secrets.readVersion(call, scope, name, version)),
      list: (scope) => look((at) => secrets.list(at, scope)),
      history: (scope, name) => look((at) => secrets.history(at, scope, name)),
      write: (scope, changes, intent) => act((call) => secrets.write(call, scope, changes, intent)),
      delete: (scope, names) => erase((call) => secrets.remove(call, scope, names)),
      listProjects: () => look(projects.list),
      createProject: (name) => act((call) => projects.create(call, name)),
      renameProject: (name, to) => act((call) => projects.rename(call, name, to)),
      deleteProject: (name) => erase((call) => projects.remove(call, name)),
      listEnvironments: (project) => look((at) => environments.list(at, project)),
      createEnvironment: (scope) => act((call) => environments.create(call, scope)),
      renameEnvironment: (scope, to) => act((call) => environments.rename(call, scope, to)),
      deleteEnvironment: (scope) => erase((call) => environments.remove(call, scope)),
      copyEnvironment: (from, to, options) =>
        act((call) => environments.copy(call, from, to, options?.overwrite ?? false)),
      compareEnvironments: (from, to) => act((call) => environments.compare(call, from, to)),
      verifyAudit: async () => {
        const keys = await this.unlock();
        return look(({ tx }) => {
          requireManage({ tx, actor }, 'verify the audit trail');
          return verifyChain(tx, keys.audit);
        });
      },
    };
  }

  /** The keys, fetched once; after a failure, asked for again. Throws what the source throws, or `key_wrong`. */
  async unlock(): Promise<VaultKeys> {
    this.#keys ??= unlock(this.#source, this.id, this.keyId);
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

  async #act<T>(actor: Member, work: (call: Call) => Promise<T>): Promise<T> {
    // Before the transaction: a keychain may take seconds, and nobody else should wait for it.
    const keys = await this.unlock();
    return this.store.transaction((tx) => work({ tx, actor, keys, at: this.#now().toISOString() }));
  }
}
