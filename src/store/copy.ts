import { SecretsError } from '../errors.ts';
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
        await copyTable(source, target, { table, key, page });
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
  readonly key: readonly string[];
  readonly page: number;
}

async function copyTable(source: Db, target: Tx, it: Table): Promise<void> {
  for (let rows = await pageAfter(source, it); rows.length > 0;) {
    await insert(target, it.table, rows);
    if (rows.length < it.page) return;
    rows = await pageAfter(source, it, rows.at(-1));
  }
}

/** The next rows in the order of the key; the first ones without `last`. */
async function pageAfter(source: Db, { table, key, page }: Table, last?: Row): Promise<Row[]> {
  const columns = key.join(', ');
  const after = last ? `WHERE (${columns}) > ${marks(1, key.length)}` : '';
  const values = last ? key.map((column) => last[column]!) : [];
  return source.sql(`SELECT * FROM ${table} ${after} ORDER BY ${columns} LIMIT ${page}`, ...values);
}

async function insert(target: Tx, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0]!);
  let written = 0;
  for (const size of sizes) {
    for (; rows.length - written >= size; written += size) {
      const values = rows.slice(written, written + size).flatMap((row) => columns.map((name) => row[name]!));
      await target.sql(
        `INSERT INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')}) VALUES ${marks(size, columns.length)}`,
        ...values,
      );
    }
  }
}
