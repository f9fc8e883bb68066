import { SecretsError } from '../errors.ts';
import type { Db } from './schema.ts';

const here = 'relnamespace = to_regnamespace(quote_ident(current_schema()))';

/** What belongs to an extension was put there by whoever runs the server: pg_stat_statements comes with views. */
const foreign = `NOT EXISTS (SELECT 1 FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')`;

/** We make none of these: what they do runs with our reads and writes. Every view has a rule. */
const code = `
  SELECT 'trigger' AS kind, tgname AS name, relname AS on FROM pg_class c JOIN pg_trigger ON tgrelid = c.oid
    WHERE NOT tgisinternal AND ${here} AND ${foreign}
  UNION ALL
  SELECT 'rule', rulename, relname FROM pg_class c JOIN pg_rewrite ON ev_class = c.oid
    WHERE ${here} AND ${foreign}
  UNION ALL
  SELECT 'policy', polname, relname FROM pg_class c JOIN pg_policy ON polrelid = c.oid
    WHERE ${here} AND ${foreign}`;

/** The names of all tables in the schema that we use. */
export async function tableNames(db: Db): Promise<string[]> {
  const rows = await db.sql<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND ${here}`,
  );
  return rows.map(({ name }) => name);
}

/** The code that somebody put into our schema, in words. */
export async function plantedCode(db: Db): Promise<string[]> {
  const rows = await db.sql<{ kind: string; name: string; on: string }>(code);
  return rows.map(({ kind, name, on }) => `somebody put the ${kind} "${name}" on the table "${on}"`);
}

/** Throws `failed` for a database in which not every text of ours can be written. */
export async function assertEncoding(db: Db, place: string): Promise<void> {
  const [row] = await db.sql<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  if (row?.encoding === 'UTF8') return;
  throw new SecretsError('failed', `the database ${place} keeps text in ${row?.encoding}, not in UTF8`, {
    hint: 'make another one: createdb -E UTF8 -T template0 NAME',
  });
}
