import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Invited } from './api/team.ts';
import { type Env, type Paths } from './config/paths.ts';
import { findKey, keyPlaces } from './credentials/master-key-sources.ts';
import { SecretsError } from './errors.ts';
import { placeFile } from './files/write.ts';
import { type App, buildApp } from './server/app.ts';
import type { LogTarget } from './server/log.ts';
import { assertTables } from './store/backup.ts';
import { copyStore } from './store/copy.ts';
import { listPrincipals } from './store/principals.ts';
import type { Store } from './store/schema.ts';
import { openSqlite } from './store/sqlite.ts';
import { isThere } from './store/sqlite-file.ts';
import { assertWhole } from './vault/inspect.ts';
import type { MasterKeySource } from './vault/keys.ts';
import { createVault, openVault } from './vault/open.ts';
import type { Vault } from './vault/vault.ts';

export { listen, type Listening, type Certificate } from './server/listen.ts';
export { isLoopback } from './server/addresses.ts';

/** What the process around it tells, and what was asked for. */
export interface ServingOptions {
  readonly env: Env;
  readonly paths: Pick<Paths, 'vault'>;
  /** A URL, or a file. */
  readonly database: string | undefined;
  /** Where the master key may be. */
  readonly masterKey: readonly string[];
  readonly now: () => Date;
}

/** Who may log in to a vault that was restored: members of that day, whatever became of them since. */
export interface Restored {
  readonly admins: readonly string[];
  /** Those that are no admins. */
  readonly members: number;
}

/** Where the vault of a server is kept. */
interface Place {
  /** As errors call it: without a password. */
  readonly name: string;
  /** Absent for a database of a server. */
  readonly file?: string;
  open(): Promise<Store>;
}

/**
 * The vault of a server: its database and its master key. The part of the composition root that is loaded only by
 * `serve` and its commands.
 */
export class ServerVault {
  readonly #options: ServingOptions;
  readonly #source: MasterKeySource;

  constructor(options: ServingOptions) {
    this.#options = options;
    this.#source = sourceOf(options.masterKey, options.env);
  }

  /** Opens the vault; where the database is empty or not there yet, makes it. */
  async openOrCreate(): Promise<Vault> {
    const place = await this.#place();
    if (place.file !== undefined && !isThere(place.file)) await this.#make(place.file);
    const store = await place.open();
    return this.#closingOnError(store, async () => {
      const tables = await store.tables();
      if (tables.length === 0) await createVault(store, { makeKey: this.#source }, this.#options.now);
      return openVault(store, place.name, this.#source, this.#options.now);
    });
  }

  /** Opens a vault that is there. Throws `no_vault`. */
  async open(): Promise<Vault> {
    const place = await this.#place();
    if (place.file !== undefined && !isThere(place.file)) throw noVault(place.name);
    const store = await place.open();
    return this.#closingOnError(store, async () => {
      if ((await store.tables()).length === 0) throw noVault(place.name);
      return openVault(store, place.name, this.#source, this.#options.now);
    });
  }

  /** Copies the vault, sealed as it is, into a new file. Throws `conflict` where there is one. */
  async backup(file: string): Promise<void> {
    const vault = await this.open();
    try {
      await placeFile(resolve(file), (aside) => copyInto(vault.store, aside));
    } finally {
      await vault.close();
    }
  }

  /**
   * Copies a backup into the database, which must have nothing in it. The backup stays as it is, whatever its age. Nothing
   * is written unless it opens with the master key, whole: otherwise throws `key_wrong` or `vault_damaged`. Returns who
   * comes back with it.
   */
  async restore(file: string): Promise<Restored> {
    const place = await this.#place();
    const folder = mkdtempSync(join(tmpdir(), 'secrets-restore-'));
    try {
      const backup = openSqlite(copied(resolve(file), folder));
      return await this.#restoreFrom(backup, file, place).finally(() => backup.close());
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async #restoreFrom(backup: Store, name: string, place: Place): Promise<Restored> {
    const vault = await openVault(backup, name, this.#source, this.#options.now);
    await backup.read((db) => assertTables(db, name));
    const keys = await vault.unlock();
    await assertWhole(backup, keys, name);
    if (place.file === undefined) await restoreInto(backup, place);
    else await placeFile(place.file, (aside) => copyInto(backup, aside));
    const principals = await backup.read(listPrincipals);
    const admins = principals.filter(({ role }) => role === 'admin').map(({ name: admin }) => admin);
    return { admins, members: principals.filter(({ role }) => role === 'member').length };
  }

  /** A code for an admin, where none can log in any more. */
  async inviteAdmin(name: string): Promise<Invited> {
    const vault = await this.open();
    return vault.adminCode(name).finally(() => vault.close());
  }

  /** Puts the vault under another master key; returns how many data keys were wrapped anew. */
  async rekey(masterKey: string): Promise<number> {
    const next = sourceOf([masterKey], this.#options.env);
    const vault = await this.open();
    try {
      return await vault.rekey(next);
    } finally {
      await vault.close();
    }
  }

  async #make(file: string): Promise<void> {
    await placeFile(file, async (aside) => {
      const store = openSqlite(aside, { create: true });
      await createVault(store, { makeKey: this.#source }, this.#options.now).finally(() => store.close());
    });
  }

  async #closingOnError(store: Store, work: () => Promise<Vault>): Promise<Vault> {
    try {
      return await work();
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  async #place(): Promise<Place> {
    const { database, env, paths } = this.#options;
    const wanted = database ?? (env.SECRETS_DATABASE || undefined);
    if (wanted !== undefined && /^[a-z]+:\/\//i.test(wanted)) {
      const { openPostgres } = await import('./store/postgres.ts');
      const { wayTo } = await import('./store/postgres-connect.ts');
      const { place } = wayTo(wanted);
      return { name: place, open: () => openPostgres(wanted) };
    }
    const file = wanted === undefined ? join(dirname(paths.vault), 'server.db') : resolve(wanted);
    return { name: file, file, open: async () => openSqlite(file) };
  }
}

/** The server over a vault, without its socket. */
export function serverApp(
  vault: Vault,
  options: { version: string; log: LogTarget; behindProxy: boolean; tls: boolean },
): Promise<App> {
  return buildApp({ vault, ...options });
}

function sourceOf(texts: readonly string[], env: Env): MasterKeySource {
  const places = keyPlaces(texts, env);
  return (vaultId, keyId) => findKey(places, vaultId, keyId);
}

/** A copy that may be migrated. Throws `conflict` for a vault that is in use: its newest writes are not in the file. */
function copied(file: string, folder: string): string {
  if (!isThere(file)) throw new SecretsError('no_vault', `there is no backup at ${file}`);
  if (isThere(`${file}-wal`))
    throw new SecretsError('conflict', `the vault ${file} is in use`, {
      hint: `make a backup of it: secrets serve backup FILE --database ${file}`,
    });
  const copy = join(folder, 'backup.db');
  copyFileSync(file, copy);
  return copy;
}

/** Into a new file, aside. */
async function copyInto(from: Store, file: string): Promise<void> {
  const to = openSqlite(file, { create: true });
  await migrated(to);
  await copyStore(from, to).finally(() => to.close());
}

async function restoreInto(from: Store, place: Place): Promise<void> {
  const to = await place.open();
  try {
    if ((await to.tables()).length > 0)
      throw new SecretsError(
        'conflict',
        `the database ${place.name} has something in it; it was not touched`,
        {
          hint: 'name an empty one: createdb NAME',
        },
      );
    await migrated(to);
    await copyStore(from, to);
  } finally {
    await to.close();
  }
}

async function migrated(store: Store): Promise<void> {
  const { migrate } = await import('./store/migrations.ts');
  await store.transaction((tx) => migrate(tx, 0, store.types));
}

function noVault(name: string): SecretsError {
  return new SecretsError('no_vault', `there is no vault in the database ${name}`, {
    hint: [
      'say where it is: --database PLACE, or SECRETS_DATABASE',
      'or make one: a first start of secrets serve does',
    ],
  });
}
