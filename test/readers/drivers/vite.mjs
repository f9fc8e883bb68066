import { rmSync, writeFileSync } from 'node:fs';
import { loadEnv } from '../node_modules/vite/dist/node/index.js';
import { readEach } from './texts.mjs';

/** What `import.meta.env` and the config file of Vite see, whatever the prefix. */
const surroundings = { ...process.env };

await readEach((text) => {
  writeFileSync('.env', text);
  const seen = loadEnv('development', process.cwd(), '');
  rmSync('.env');
  return Object.fromEntries(Object.entries(seen).filter(([name]) => !(name in surroundings)));
});
