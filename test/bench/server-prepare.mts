import { Secret } from '../../src/secret.ts';
import type { TeamApi } from '../../src/api/team.ts';
import { formatMasterKey, newMasterKey } from '../../src/crypto/master-key.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import type { Store } from '../../src/store/schema.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { record } from '../../src/vault/audit.ts';
import { createVault, localOwner, openVault } from '../../src/vault/open.ts';
import type { Vault } from '../../src/vault/vault.ts';

/** A vault that is ready to be served. */
export interface Prepared {
  /** A file, or a URL. */
  readonly database: string;
  readonly masterKey: string;
  /** Of a service account that may read and write `read` and `write`. */
  readonly token: string;
}

/** How much there is beside what is read. */
export interface Size {
  readonly events: number;
  readonly secrets: number;
  readonly grants: number;
}

export const projects = ['read', 'write'] as const;
export const environment = 'development';
/** Secrets of the environment that is read. */
export const secretCount = 50;

/** Secrets of one of the environments that are there beside it. */
const elsewhere = 100;
const grantsOfOne = 10;
/** Events a commit. */
const batch = 10_000;

/** Makes a vault through its own code, in a new file or an empty database; with `size`, one that has grown. */
export async function prepare(database: string, size?: Size): Promise<Prepared> {
  const key = newMasterKey();
  const source = async (): Promise<Buffer> => Buffer.from(key);
  const now = (): Date => new Date();
  const store = await newStore(database);
  await createVault(store, { owner: 'owner', makeKey: source }, now);
  const vault = await openVault(store, 'the benchmark', source, now);
  try {
    const team = vault.as(await localOwner(vault));
    for (const project of projects) await fill(team, project, [environment], secretCount);
    if (size) await grow(vault, team, size);
    const token = await tokenOf(team);
    return { database, masterKey: formatMasterKey(key), token };
  } finally {
    await vault.close();
  }
}

export function nameOf(i: number): string {
  return `SERVICE_${i}_API_KEY`;
}

export function valueOf(i: number): string {
  return `sk-${String(i).padStart(8, '0')}-${'x'.repeat(32)}`;
}

async function newStore(database: string): Promise<Store> {
  return database.startsWith('postgres:') ? openPostgres(database) : openSqlite(database, { create: true });
}

async function fill(
  team: TeamApi,
  project: string,
  environments: readonly string[],
  count: number,
): Promise<void> {
  await team.createProject(project);
  const changes = Array.from({ length: count }, (_, i) => ({
    name: nameOf(i),
    value: new Secret(valueOf(i)),
  }));
  await Promise.all(environments.map((it) => team.write({ project, environment: it }, changes)));
}

async function tokenOf(team: TeamApi): Promise<string> {
  const grants = projects.flatMap((project) =>
    (['read', 'write'] as const).map((permission) => ({ project, environment, names: '*', permission })),
  );
  const { token } = await team.createToken({ account: 'bench', grants, ttl: 7 * 24 * 3600, ranges: [] });
  return token.reveal();
}

async function grow(vault: Vault, team: TeamApi, { events, secrets, grants }: Size): Promise<void> {
  const environments = [environment, 'production'];
  const count = Math.max(1, Math.round(secrets / elsewhere / environments.length));
  const names = Array.from({ length: count }, (_, i) => `project-${i}`);
  for (const name of names) await fill(team, name, environments, elsewhere);
  await Promise.all(
    Array.from({ length: grants / grantsOfOne }, (_, i) =>
      team.createToken({
        account: `account-${i}`,
        grants: Array.from({ length: grantsOfOne }, (__, j) => ({
          project: names[(i + j) % count]!,
          environment: 'production',
          names: `SERVICE_${j}_*`,
          permission: 'read' as const,
        })),
        ttl: 24 * 3600,
        ranges: [],
      }),
    ),
  );
  await addEvents(vault, team, events, names);
}

/** Events as reads of whole environments leave them, many in one commit. Throws unless the chain is whole afterwards. */
async function addEvents(
  vault: Vault,
  team: TeamApi,
  events: number,
  names: readonly string[],
): Promise<void> {
  await team.read({ project: names[0]!, environment });
  const [found] = await vault.store.read((db) => db.sql<{ id: string }>('SELECT id FROM audit_lists'));
  const keys = await vault.unlock();
  for (let done = 0; done < events; done += batch) {
    await vault.store.transaction(async (tx) => {
      for (let i = done; i < Math.min(events, done + batch); i++) {
        const at = new Date().toISOString();
        const origin = { address: '192.0.2.7', toldHost: 'build', toldProgram: 'secrets', request: `${i}` };
        const call = { tx, keys, at, origin, actor: { name: `account-${i % 1000}` } };
        const scope = { project: names[i % names.length]!, environment };
        await record(call, 'secrets.read', scope, { list: found!.id, revision: 1 });
      }
    });
  }
  const verdict = await team.verifyAudit();
  if (!verdict.whole || verdict.events < events) throw new Error(`the chain: ${JSON.stringify(verdict)}`);
}
