// `npm run readers:table`: how many hostile values survive what `pull` and others write, in the eyes of the readers.
// `-- --write` puts the tables into docs/dotenv.md. It needs test/readers/install.
import { readFileSync, writeFileSync } from 'node:fs';
import { replaceTables } from './page.ts';
import { tables } from './tables.ts';

const text = tables();
console.log(text);
if (process.argv.includes('--write')) {
  const page = new URL('../../docs/dotenv.md', import.meta.url);
  writeFileSync(page, replaceTables(readFileSync(page, 'utf8'), text));
}
