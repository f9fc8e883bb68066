import { openSqlite } from '../../../src/store/sqlite.ts';
import { openVault } from '../../../src/vault/open.ts';
import { watched } from './watched-store.ts';

/** The process that changes the master key and is killed before its nth statement; 0: it is not. */
const [file = '', from = '', to = '', kill = '0'] = process.argv.slice(2);
let statements = 0;
const store = watched(openSqlite(file), () => {
  if (++statements === Number(kill)) process.kill(process.pid, 'SIGKILL');
});
const key = (hex: string) => async (): Promise<Buffer> => Buffer.from(hex, 'hex');
const vault = await openVault(store, file, key(from), () => new Date());
await vault.rekey(key(to));
await vault.close();
process.stdout.write(String(statements));
