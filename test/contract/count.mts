import { readAuditHead } from '../../src/store/audit.ts';
import { writeMeta } from '../../src/store/meta.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

/** The other process: adds one to a number in a store, so many times, each in a transaction of its own. */
const [file = '', times = '0'] = process.argv.slice(2);
const store = openSqlite(file);
process.stdout.write('ready\n');
for (let i = 0; i < Number(times); i++) {
  await store.transaction(async (tx) =>
    writeMeta(tx, 'audit_head', String(Number(await readAuditHead(tx)) + 1)),
  );
}
await store.close();
