import { parseEnv } from 'node:util';
import { readEach } from './texts.mjs';

/** The parser of the Node that runs this; `node --env-file` has the same. */
await readEach((text) => parseEnv(text));
