import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lacking, titled } from '../e2e/harness/needs.ts';
import { tablesIn } from './page.ts';
import { here } from './real.ts';
import { tables } from './tables.ts';

const missing = lacking(
  existsSync(here('node_modules/@dotenvx/dotenvx')) ? undefined : 'dotenvx is not here: test/readers/install',
);

it.skipIf(missing)(titled('the tables of docs/dotenv.md are those of this writer', missing), () => {
  const page = readFileSync(new URL('../../docs/dotenv.md', import.meta.url), 'utf8');
  expect(tables(), 'write them anew: npm run readers:table -- --write').toBe(tablesIn(page));
});
