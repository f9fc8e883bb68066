import { driven, driverFile, here, type RealReader } from './real.ts';

/** Readers in JavaScript, of test/readers/package.json. */
const modules = (path: string): string => here(`node_modules/${path}`);

function library(name: string, model: string, driver: string, ...packages: string[]): RealReader {
  return driven({
    name,
    model,
    command: [process.execPath, driverFile(driver), ...packages],
    needs: packages.map(modules),
  });
}

/** The parser of one Node, which that Node itself runs. */
function nodeOf(version: number): RealReader {
  const program = modules(`node-${version}/bin/node`);
  return driven({
    name: `node-${version}`,
    model: version === 20 ? 'node-20' : 'node',
    command: [program, driverFile('node.mjs')],
    needs: [program],
  });
}

/** A runtime that loads the file itself: a process a text. */
export function runtime(name: string, model: string, program: string, ...words: string[]): RealReader {
  const command = JSON.stringify([modules(program), ...words]);
  return driven({
    name,
    model,
    command: [process.execPath, driverFile('program.mjs'), command],
    needs: [modules(program)],
    slow: true,
    // Deno would ask for a newer one.
    env: { DENO_NO_UPDATE_CHECK: '1' },
  });
}

const printNode = ['--env-file=.env', '-p', 'JSON.stringify(process.env)'];
const printDeno = ['eval', '--env-file=.env', 'console.log(JSON.stringify(Deno.env.toObject()))'];

export const javascript: readonly RealReader[] = [
  library('dotenv-16', 'dotenv', 'dotenv.mjs', 'dotenv-16'),
  library('dotenv-17', 'dotenv', 'dotenv.mjs', 'dotenv-17'),
  library('dotenv-18', 'dotenv', 'dotenv.mjs', 'dotenv-18'),
  library('dotenv-expand-11', 'dotenv-expand-11', 'dotenv-expand.mjs', 'dotenv-16', 'dotenv-expand-11'),
  library('dotenv-expand', 'dotenv-expand', 'dotenv-expand.mjs', 'dotenv-18', 'dotenv-expand-current'),
  nodeOf(20),
  nodeOf(22),
  nodeOf(24),
  nodeOf(26),
  library('vite', 'vite', 'vite.mjs', 'vite'),
  library('next', 'next', 'next.mjs', '@next/env'),
  library('dotenvx', 'dotenvx', 'dotenvx.mjs', '@dotenvx/dotenvx'),
  library('varlock', 'varlock', 'varlock.mjs', 'varlock'),
  runtime('bun', 'bun', '@oven/bun-linux-x64/bin/bun', ...printNode),
  runtime('deno', 'deno', '@deno/linux-x64-glibc/deno', ...printDeno),
];

/** `node --env-file` itself, to be held against the parser above. */
export const nodeEnvFile: readonly RealReader[] = [20, 22, 24, 26].map((version) =>
  runtime(
    `node-${version} --env-file`,
    version === 20 ? 'node-20' : 'node',
    `node-${version}/bin/node`,
    ...printNode,
  ),
);
