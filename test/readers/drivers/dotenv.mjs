import { createRequire } from 'node:module';
import { readEach } from './texts.mjs';

/** The parser of one version of dotenv: `dotenv.mjs dotenv-16`. */
const { parse } = createRequire(import.meta.url)(`../node_modules/${process.argv[2]}`);
await readEach((text) => parse(text));
