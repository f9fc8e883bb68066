import { SecretsError } from '../errors.ts';
import { columns, type Kind } from './columns.ts';
import type { Db } from './schema.ts';

/** As SQLite calls what a value is, whatever its column was declared as. */
const types: Record<Kind, string> = {
  text: "'text'",
  'text?': "'text', 'null'",
  integer: "'integer'",
  bytes: "'blob'",
};

/**
 * Throws `vault_damaged` unless the tables of a SQLite file have the columns that our migrations make, no other, and in
 * each row what belongs there. A backup may come from anybody, and SQLite keeps anything anywhere.
 */
export async function assertTables(db: Db, where: string): Promise<void> {
  for (const [table, kinds] of Object.entries<Readonly<Record<string, Kind>>>(columns)) {
    const found = await db.sql<{ name: string; hidden: number }>(
      'SELECT name, hidden FROM pragma_table_xinfo(?)',
      table,
    );
    const names = new Set(found.filter(({ hidden }) => hidden === 0).map(({ name }) => name));
    const same =
      found.length === Object.keys(kinds).length && Object.keys(kinds).every((it) => names.has(it));
    if (!same) throw notOurs(where, `its table ${table} has other columns than this program makes`);
    const wrong = Object.entries(kinds).map(([name, kind]) => `typeof("${name}") NOT IN (${types[kind]})`);
    const [row] = await db.sql(`SELECT 1 FROM ${table} WHERE ${wrong.join(' OR ')} LIMIT 1`);
    if (row) throw notOurs(where, `its table ${table} has something in it that does not belong there`);
  }
}

function notOurs(where: string, what: string): SecretsError {
  return new SecretsError('vault_damaged', `${where} is not as this program writes it: ${what}`, {
    hint: 'nothing was restored; take another backup',
  });
}
