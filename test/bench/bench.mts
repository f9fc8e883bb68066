// `npm run bench`: whole-process times, as ratios to bare node measured in the same run. `-- --write` puts the tables into
// docs/benchmarks.md; `-- --rounds N` sets how often each is timed (default 25).
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { missingForKeyring, startKeyring } from '../e2e/harness/keyring.ts';
import { writeMeasured } from './docs.mts';
import { type Case, measure, table } from './measure.mts';

const { values: flags } = parseArgs({
  options: { write: { type: 'boolean' }, rounds: { type: 'string', default: '25' } },
});
const rounds = Number(flags.rounds);
const node = process.execPath;
const secrets = [node, resolve('bin/secrets.js')];
const root = mkdtempSync(join(tmpdir(), 'secrets-bench-'));
const floor: Case = { name: '`node -e 0`', argv: [node, '-e', '0'], cwd: root, env: {} };

try {
  const sections = [
    ['By number of secrets', bySize()],
    ['Where the master key is', await byKey()],
    ['Beside others, with the same 50 values', besideOthers()],
  ];
  const text = sections.map(([title, body]) => `## ${title}\n\n${body}\n`).join('\n');
  console.log(text);
  if (flags.write) writeMeasured('commands', `${rounds} rounds, by \`npm run bench -- --write\``, text);
} finally {
  rmSync(root, { recursive: true, force: true });
}

function bySize(): string {
  const commands = [['--help'], ['get', 'SERVICE_7_API_KEY'], ['list'], ['run', '--', 'true'], ['pull']];
  const cases = [10, 100, 1000, 10_000].flatMap((size) => {
    const { cwd, env } = project(`of-${size}`, size);
    const here = size === 10 ? commands : commands.slice(1);
    return here.map((args) => ({
      name: `\`secrets ${args.join(' ')}\`, ${size} secrets`,
      argv: [...secrets, ...args],
      cwd,
      env,
    }));
  });
  return table(measure([floor, ...cases], rounds));
}

async function byKey(): Promise<string> {
  const variable = project('variable', 50);
  const cases: Case[] = [floor, runCase('SECRETS_MASTER_KEY', variable)];
  const { SECRETS_MASTER_KEY: _, ...noVariable } = variable.env;
  const file = project('file', 50, { ...noVariable, SECRETS_INSECURE_STORAGE: '1' });
  cases.push(runCase('plain key file', file));
  if (await missingForKeyring()) return `${table(measure(cases, rounds))}\n\n(no keychain on this machine)`;
  const keyring = await startKeyring(join(root, 'keychain'));
  try {
    cases.push(
      runCase('keychain (gnome-keyring)', project('keychain', 50, { ...noVariable, ...keyring.env })),
    );
    return table(measure(cases, rounds));
  } finally {
    keyring.stop();
  }
}

function runCase(where: string, { cwd, env }: { cwd: string; env: Record<string, string> }): Case {
  return {
    name: `\`secrets run -- true\`, 50 secrets, key in ${where}`,
    argv: [...secrets, 'run', '--', 'true'],
    cwd,
    env,
  };
}

function besideOthers(): string {
  const { cwd, env } = project('beside', 50);
  writeFileSync(join(cwd, '.env'), dotenv(50));
  const cases: Case[] = [
    floor,
    { name: '`secrets run -- true`', argv: [...secrets, 'run', '--', 'true'], cwd, env },
  ];
  // Neither is to spend its time on telemetry.
  const quiet = { ...env, DO_NOT_TRACK: '1', VARLOCK_TELEMETRY_DISABLED: 'true' };
  for (const [name, rival] of [
    ['dotenvx', '@dotenvx/dotenvx'],
    ['varlock', 'varlock'],
  ] as const) {
    const bin = installed(name, rival);
    if (bin)
      cases.push({
        name: `\`${name} run -- true\` ${bin.version}`,
        argv: [node, bin.path, 'run', '--', 'true'],
        cwd,
        env: quiet,
      });
  }
  return table(measure(cases, rounds));
}

/** A rival from npm, in a folder of its own; undefined where it cannot be installed. */
function installed(name: string, rival: string): { path: string; version: string } | undefined {
  const folder = join(root, `rival-${name}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  try {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `${rival}@latest`], {
      cwd: folder,
      stdio: 'ignore',
    });
    const home = join(folder, 'node_modules', rival);
    const { version, bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
      version: string;
      bin: string | Record<string, string>;
    };
    return { path: join(home, typeof bin === 'string' ? bin : bin[name]!), version };
  } catch {
    console.error(`${rival} could not be installed; it is left out`);
    return undefined;
  }
}

/** A vault with one project of so many secrets. */
function project(
  name: string,
  size: number,
  base?: Record<string, string>,
): { cwd: string; env: Record<string, string> } {
  const home = join(root, name);
  const cwd = join(home, 'project');
  mkdirSync(cwd, { recursive: true });
  const path = `${dirname(node)}:${process.env.PATH}`;
  const key = base
    ? {}
    : {
        SECRETS_MASTER_KEY: execFileSync(node, [secrets[1]!, 'key', 'generate'], { encoding: 'utf8' }).trim(),
      };
  const env = { ...base, ...key, HOME: home, PATH: path };
  const run = (...args: string[]): Buffer =>
    execFileSync(node, [secrets[1]!, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  run('init', '--project', 'bench');
  writeFileSync(join(home, 'values.env'), dotenv(size));
  run('import', join(home, 'values.env'));
  return { cwd, env };
}

function dotenv(size: number): string {
  return Array.from(
    { length: size },
    (_, i) => `SERVICE_${i}_API_KEY=sk-${String(i).padStart(8, '0')}-${'x'.repeat(32)}\n`,
  ).join('');
}
