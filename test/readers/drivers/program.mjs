import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { runEach } from './texts.mjs';

/**
 * A JavaScript runtime that loads `.env` by itself and prints the environment that its program sees as JSON. Its words
 * come as one JSON argument: Node 20 would take an `--env-file` among them for its own.
 */
const [program, ...args] = JSON.parse(process.argv[2]);
const env = process.env;
const execute = promisify(execFile);

await runEach(3, async (folder) => {
  const { stdout } = await execute(program, args, { cwd: folder, env, maxBuffer: 1 << 24 });
  return Object.fromEntries(Object.entries(JSON.parse(stdout)).filter(([name]) => !(name in env)));
});
