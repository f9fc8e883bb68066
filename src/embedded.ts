import { existsSync } from 'node:fs';
import type { Member, TeamApi } from './api/team.ts';
import { type Env, masterKeyVariable, type Paths } from './config/paths.ts';
import { MasterKeys } from './credentials/master-key.ts';
import { readMeta, writeMeta } from './store/meta.ts';
import { openSqlite } from './store/sqlite.ts';
import { assertMasterKey } from './vault/keys.ts';
import { createVault, localOwner, openVault } from './vault/open.ts';
import type { Vault } from './vault/vault.ts';

/**
 * The vault in this process: its file, its master key, its owner. The part of the composition root that is loaded only
 * when a command needs a vault.
 */
export class EmbeddedVault {
  readonly path: string;
  readonly keys: MasterKeys;
  readonly #now: () => Date;
  readonly #opened: { close(): Promise<void> }[];

  constructor(
    paths: Paths,
    env: Env,
    insecureStorage: boolean,
    now: () => Date,
    opened: { close(): Promise<void> }[],
  ) {
    this.path = paths.vault;
    this.keys = new MasterKeys({ variable: env[masterKeyVariable], file: paths.keyFile, insecureStorage });
    this.#now = now;
    this.#opened = opened;
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  /** Makes the vault with its owner and its master key. Throws `conflict` where there is one. */
  async create(owner: string): Promise<OpenVault> {
    const store = openSqlite(this.path, { create: true });
    this.#opened.push(store);
    const makeKey = (id: string): Promise<Buffer> => this.keys.create(id);
    await createVault(store, this.path, { owner, makeKey }, this.#now);
    return this.open();
  }

  /** Opens it as its owner. Throws `no_vault`. */
  async open(): Promise<OpenVault> {
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

  constructor(vault: Vault, owner: Member) {
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

  /** When the master key was last backed up, ISO 8601; undefined when never. */
  async keyExportedAt(): Promise<string | undefined> {
    return (await this.#vault.store.read(readMeta)).key_exported_at;
  }

  async markKeyExported(at: string): Promise<void> {
    await this.#vault.store.transaction((tx) => writeMeta(tx, 'key_exported_at', at));
  }
}
