import { openPostgres } from '../../src/store/postgres.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

/** The other process: adds one to a number in a store, so many times, each in a transaction of its own. */
const [where = '', times = '0'] = process.argv.slice(2);
const store = where.startsWith('postgres:') ? await openPostgres(where) : openSqlite(where);
process.stdout.write('ready\n');
for (let i = 0; i < Number(times); i++) {
  await store.transaction(async (tx) => {
    const { audit_head } = await tx.meta();
    tx.setMeta('audit_head', String(Number(audit_head) + 1));
  });
}
await store.close();
