import { SecretsError } from '../errors.ts';
import { columns } from './columns.ts';
import { rows as marks } from './pending.ts';
import type { Db, MetaKey, Parameter, Store, Tables, Tx } from './schema.ts';

type Row = Readonly<Record<string, Parameter>>;

/** Every table but `meta`, after those that it refers to, with its primary key and how many of its rows are a page. */
const tables = {
  principals: { key: ['id'], page: 500 },
  group_members: { key: ['group_name', 'principal_id'], page: 500 },
  projects: { key: ['id'], page: 500 },
  environments: { key: ['id'], page: 500 },
  grants: { key: ['id'], page: 500 },
  tokens: { key: ['id'], page: 500 },
  enrolment_codes: { key: ['hash'], page: 500 },
  // A value may have 64 KiB, an environment thousands of them.
  secrets: { key: ['environment_id', 'name'], page: 100 },
  versions: { key: ['environment_id', 'name', 'version'], page: 100 },
  snapshots: { key: ['environment_id'], page: 1 },
  audit_lists: { key: ['id'], page: 100 },
  audit_events: { key: ['seq'], page: 500 },
} satisfies Record<Exclude<keyof Tables, 'meta'>, { key: string[]; page: number }>;

/** Rows a statement: the same few texts for any number of rows. */
const sizes = [20, 1];

/**
 * Copies every row, sealed as it is, as one moment of `from` shows it. Whole or not at all: in `to`, it is one
 * transaction. Throws `conflict` where `to` has a vault already, and `failed` where their schemas differ.
 */
export async function copyStore(from: Store, to: Store): Promise<void> {
  await from.snapshot((source) =>
    to.transaction(async (target) => {
      await assertFits(source, target);
      for (const [key, value] of Object.entries(await source.meta())) target.setMeta(key as MetaKey, value);
      for (const [table, { key, page }] of Object.entries(tables)) {
        const names = Object.keys(columns[table as keyof typeof tables]);
        await copyTable(source, target, { table, columns: names, key, page });
      }
    }),
  );
}

async function assertFits(source: Db, target: Db): Promise<void> {
  const [have, want] = [await target.meta(), await source.meta()];
  if (have.vault_id !== undefined)
    throw new SecretsError('conflict', 'there is a vault already where the copy should go', {
      hint: 'name an empty database, or a file that is not there yet',
    });
  if (have.schema_version !== want.schema_version)
    throw new SecretsError(
      'failed',
      `the vault has schema ${want.schema_version}, and the place for its copy ${have.schema_version}`,
      { hint: 'open the vault with this program once: that brings it up to date' },
    );
}

interface Table {
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
  readonly page: number;
}

async function copyTable(source: Db, target: Tx, it: Table): Promise<void> {
  for (let rows = await pageAfter(source, it); rows.length > 0;) {
    await insert(target, it, rows);
    if (rows.length < it.page) return;
    rows = await pageAfter(source, it, rows.at(-1));
  }
}

/** The next rows in the order of the key; the first ones without `last`. */
async function pageAfter(source: Db, it: Table, last?: Row): Promise<Row[]> {
  const key = listed(it.key);
  const after = last ? `WHERE (${key}) > ${marks(1, it.key.length)}` : '';
  const values = last ? it.key.map((column) => last[column]!) : [];
  return source.sql(
    `SELECT ${listed(it.columns)} FROM ${it.table} ${after} ORDER BY ${key} LIMIT ${it.page}`,
    ...values,
  );
}

async function insert(target: Tx, { table, columns: names }: Table, rows: readonly Row[]): Promise<void> {
  let written = 0;
  for (const size of sizes) {
    for (; rows.length - written >= size; written += size) {
      const values = rows.slice(written, written + size).flatMap((row) => names.map((name) => row[name]!));
      await target.sql(
        `INSERT INTO ${table} (${listed(names)}) VALUES ${marks(size, names.length)}`,
        ...values,
      );
    }
  }
}

function listed(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
