import { rmSync, writeFileSync } from 'node:fs';
import next from '../node_modules/@next/env/dist/index.js';
import { readEach } from './texts.mjs';

/** As `next dev` loads its .env file. */
const silent = { info: () => undefined, error: () => undefined };

await readEach((text) => {
  writeFileSync('.env', text);
  next.resetEnv();
  const { parsedEnv } = next.loadEnvConfig(process.cwd(), true, silent, true);
  rmSync('.env');
  return parsedEnv;
});
