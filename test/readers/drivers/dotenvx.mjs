import { createRequire } from 'node:module';
import { readEach } from './texts.mjs';

const { parse } = createRequire(import.meta.url)('../node_modules/@dotenvx/dotenvx');
await readEach((text) => parse(text, { processEnv: {} }));
