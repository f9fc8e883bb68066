import type { Principal, TeamApi } from './api/team.ts';
import { type Env, masterKeyVariable, type Paths } from './config/paths.ts';
import { MasterKeys } from './credentials/master-key.ts';
import { SecretsError } from './errors.ts';
import { placeFile } from './files/write.ts';
import { openSqlite } from './store/sqlite.ts';
import { isThere } from './store/sqlite-file.ts';
import { findUnopenable } from './vault/inspect.ts';
import { assertMasterKey } from './vault/keys.ts';
import { createVault, localOwner, openVault } from './vault/open.ts';
import type { Vault } from './vault/vault.ts';

/** What the process around it tells. */
export interface Surroundings {
  readonly paths: Paths;
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** Consent to a plain key file. */
  readonly insecureStorage: boolean;
  readonly now: () => Date;
  /** Where each opened store is put, to be closed at the end. */
  readonly opened: { close(): Promise<void> }[];
}

/**
 * The vault in this process: its file, its master key, its owner. The part of the composition root that is loaded only
 * when a command needs a vault.
 */
export class EmbeddedVault {
  readonly path: string;
  readonly keys: MasterKeys;
  readonly #now: () => Date;
  readonly #opened: { close(): Promise<void> }[];

  constructor({ paths, env, platform, insecureStorage, now, opened }: Surroundings) {
    this.path = paths.vault;
    const variable = env[masterKeyVariable] || undefined;
    this.keys = new MasterKeys({
      variable,
      file: paths.keyFile,
      insecureStorage,
      posix: platform !== 'win32',
    });
    this.#now = now;
    this.#opened = opened;
  }

  exists(): boolean {
    return isThere(this.path);
  }

  /**
   * Makes the vault with its owner and its master key: aside, and put in place when it is whole. Throws `conflict`
   * where there is one.
   */
  async create(owner: string): Promise<void> {
    try {
      await placeFile(this.path, (aside) => this.#makeAt(aside, owner));
    } catch (error) {
      if (!(error instanceof SecretsError) || error.code !== 'failed') throw error;
      const hint = 'name another file in SECRETS_VAULT, or another folder in XDG_DATA_HOME';
      throw new SecretsError('failed', error.message, { cause: error, hint });
    }
  }

  async #makeAt(path: string, owner: string): Promise<void> {
    const store = openSqlite(path, { create: true });
    try {
      await createVault(store, { owner, makeKey: (id) => this.keys.create(id) }, this.#now);
    } finally {
      await store.close();
    }
  }

  /** Opens it as its owner; `chosen` tells whether a link file or the like named this vault. Throws `no_vault`. */
  async open(chosen: () => boolean = () => true): Promise<OpenVault> {
    if (!this.exists() && !chosen()) {
      throw new SecretsError('no_vault', `there is no vault at ${this.path}`, {
        hint: ['make one: secrets init', 'or log in to a server: secrets login URL'],
      });
    }
    const store = openSqlite(this.path);
    this.#opened.push(store);
    const vault = await openVault(store, this.path, (id) => this.keys.read(id), this.#now);
    return new OpenVault(vault, await localOwner(vault));
  }
}

/** An opened embedded vault, as its owner. */
export class OpenVault {
  readonly team: TeamApi;
  readonly #vault: Vault;

  constructor(vault: Vault, owner: Principal) {
    this.#vault = vault;
    this.team = vault.as(owner);
  }

  get id(): string {
    return this.#vault.id;
  }

  /** Throws `key_wrong` unless this is the master key of the vault. */
  assertKey(masterKey: Buffer): void {
    assertMasterKey(masterKey, this.#vault.id, this.#vault.keyId);
  }

  /** What is wrong with the file; empty when it is sound. */
  faults(): Promise<string[]> {
    return this.#vault.store.faults();
  }

  /** Which versions of which secrets do not open; empty when all do. */
  async unopenable(): Promise<string[]> {
    const keys = await this.#vault.unlock();
    return this.#vault.store.read((db) => findUnopenable(db, keys));
  }

  /** When the master key was last backed up, ISO 8601; undefined when never. */
  async keyExportedAt(): Promise<string | undefined> {
    return (await this.#vault.store.read((db) => db.meta())).key_exported_at;
  }

  async markKeyExported(at: string): Promise<void> {
    await this.#vault.store.transaction(async (tx) => tx.setMeta('key_exported_at', at));
  }
}
