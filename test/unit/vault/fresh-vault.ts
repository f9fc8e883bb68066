import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import type { Change, Scope } from '../../../src/api/backend.ts';
import type { Member, TeamApi } from '../../../src/api/team.ts';
import { newMasterKey } from '../../../src/crypto/master-key.ts';
import { Secret } from '../../../src/secret.ts';
import type { Store } from '../../../src/store/schema.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { createVault, localOwner, openVault } from '../../../src/vault/open.ts';
import type { Vault } from '../../../src/vault/vault.ts';
import { tempFolder } from '../temp-folder.ts';

export const development: Scope = { project: 'web', environment: 'development' };
export const production: Scope = { project: 'web', environment: 'production' };
export const mira: Member = { id: 'mira', name: 'mira', role: 'member' };

/** A real vault in a file of its own, with the project `web`, and a way to its file that passes by all rules. */
export interface FreshVault {
  readonly file: string;
  readonly vault: Vault;
  readonly owner: Member;
  /** The vault as its owner, an admin. */
  readonly team: TeamApi;
  masterKey(): Buffer;
  /** The same vault over another connection; what the store does can be watched through `around`. */
  reopen(around?: (store: Store) => Store): Promise<Vault>;
  /** Does something to the file that this program never would. */
  tamper<T>(work: (db: DatabaseSync) => T): T;
}

export async function freshVault(): Promise<FreshVault> {
  const file = join(tempFolder(), 'vault.db');
  const key = newMasterKey();
  const source = async (): Promise<Buffer> => Buffer.from(key);
  const now = clock();
  const born = openSqlite(file, { create: true });
  await createVault(born, { owner: 'olga', makeKey: source }, now);
  await born.close();
  const reopen = async (around = (store: Store): Store => store): Promise<Vault> => {
    const store = openSqlite(file);
    onTestFinished(() => store.close());
    return openVault(around(store), file, source, now);
  };
  const vault = await reopen();
  const owner = await localOwner(vault);
  const team = vault.as(owner);
  await team.createProject('web');
  return { file, vault, owner, team, reopen, masterKey: () => Buffer.from(key), tamper: tamperWith(file) };
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

/** Every look at it is a second later than the one before. */
function clock(): () => Date {
  let seconds = 0;
  return () => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds++));
}
