import { createRequire } from 'node:module';
import { readEach } from './texts.mjs';

/** dotenv and dotenv-expand, called as their guide says: `dotenv-expand.mjs dotenv-16 dotenv-expand-11`. */
const require = createRequire(import.meta.url);
const { parse, populate } = require(`../node_modules/${process.argv[2]}`);
const { expand } = require(`../node_modules/${process.argv[3]}`);

await readEach((text) => {
  const processEnv = {};
  const parsed = parse(text);
  populate(processEnv, parsed);
  return expand({ parsed, processEnv }).parsed;
});
