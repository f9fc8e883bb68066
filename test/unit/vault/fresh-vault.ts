import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { Change, Scope } from '../../../src/api/backend.ts';
import type { Principal, TeamApi } from '../../../src/api/team.ts';
import { newMasterKey } from '../../../src/crypto/master-key.ts';
import { Secret } from '../../../src/secret.ts';
import type { Store } from '../../../src/store/schema.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { createVault, localOwner, openVault } from '../../../src/vault/open.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { tempFolder } from '../temp-folder.ts';

export const development: Scope = { project: 'web', environment: 'development' };
export const production: Scope = { project: 'web', environment: 'production' };
export const mira: Principal = { id: 'mira', name: 'mira', role: 'member' };

/** A real vault in a file of its own, with the project `web`, and a way to its file that passes by all rules. */
export interface FreshVault {
  readonly file: string;
  readonly vault: Vault;
  readonly owner: Principal;
  /** The vault as its owner, an admin. */
  readonly team: TeamApi;
  readonly clock: Clock;
  masterKey(): Buffer;
  /** The same vault over another connection; what the store does can be watched through `around`. */
  reopen(around?: (store: Store) => Store): Promise<Vault>;
  /** Does something to the file that this program never would. */
  tamper<T>(work: (db: DatabaseSync) => T): T;
}

/** The time of a vault. Every look at it is a second later than the one before. */
export interface Clock {
  readonly now: () => Date;
  /** The next look says this time. */
  set(time: string): void;
  /** The next look is so many seconds later; below zero, earlier. */
  move(seconds: number): void;
}

export async function freshVault(): Promise<FreshVault> {
  const file = join(tempFolder(), 'vault.db');
  const key = newMasterKey();
  const source = async (): Promise<Buffer> => Buffer.from(key);
  const clock = newClock();
  const born = openSqlite(file, { create: true });
  await createVault(born, { owner: 'olga', makeKey: source }, clock.now);
  await born.close();
  const reopen = async (around = (store: Store): Store => store): Promise<Vault> => {
    const store = openSqlite(file);
    onTestFinished(() => store.close());
    return openVault(around(store), file, source, clock.now);
  };
  const vault = await reopen();
  const owner = await localOwner(vault);
  const team = vault.as(owner);
  await team.createProject('web');
  const masterKey = (): Buffer => Buffer.from(key);
  return { file, vault, owner, team, clock, reopen, masterKey, tamper: tamperWith(file) };
}

/** Changes, from names and values. */
export function changes(values: Readonly<Record<string, string>>): Change[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: new Secret(value) }));
}

/** Names and values of an environment, out of their boxes. */
export async function valuesIn(team: TeamApi, scope: Scope): Promise<Record<string, string>> {
  const { secrets } = await team.read(scope);
  return Object.fromEntries([...secrets].map(([name, { value }]) => [name, value.reveal()]));
}

/** Every file of the vault, the log too. */
export function filesOf({ file }: FreshVault): string[] {
  return ['', '-wal', '-shm', '-journal'].map((end) => file + end).filter((path) => existsSync(path));
}

/** All that stands in them. */
export function bytesOf(fresh: FreshVault): Buffer {
  return Buffer.concat(filesOf(fresh).map((path) => readFileSync(path)));
}

function tamperWith(file: string) {
  return <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(file);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
}

function newClock(): Clock {
  let next = Date.UTC(2026, 0, 1);
  return {
    now: () => {
      next += 1000;
      return new Date(next - 1000);
    },
    set: (time) => {
      next = Date.parse(time);
    },
    move: (seconds) => {
      next += seconds * 1000;
    },
  };
}
