import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The packed tarball, installed into an empty folder as a user would, on every Node that it promises to run on. */
const inCI = process.env.CI === 'true';
const reason = inCI ? '' : '(CI only: each one is a download)';
const supported = ['22.22.2', '22', '24.15.0', '24', '26'];

let root: string;
let installed: string;
let tarball: string;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'secrets-pack-'));
  installed = join(root, 'installed');
  const env = { npm_config_cache: process.env.npm_config_cache ?? join(root, 'npm-cache') };
  // The build is there: packing must not build it again under the other tests.
  const { stdout } = await execa('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', root], {
    env,
  });
  const packed = JSON.parse(stdout) as { filename: string }[] | Record<string, { filename: string }>;
  tarball = join(root, Object.values(packed)[0]!.filename);
  mkdirSync(installed);
  writeFileSync(join(installed, 'package.json'), '{ "private": true }');
  await execa('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: installed, env });
}, 120_000);

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the package', () => {
  it('holds what a user needs, and nothing else', async () => {
    const { stdout } = await execa('tar', ['-tzf', tarball]);
    const files = stdout.split('\n').map((file) => file.replace(/^package\//, ''));
    const expected =
      /^(package\.json|README\.md|LICENSE|bin\/secrets\.js|dist\/licenses\.txt|dist\/[\w.-]+\.js)$/;
    expect(files.filter((file) => !expected.test(file))).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'bin/secrets.js', 'dist/main.js', 'dist/licenses.txt']),
    );
  });

  it('brings one dependency, without install scripts', async () => {
    const packages = readdirSync(join(installed, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(packages.toSorted()).toEqual(['@napi-rs', 'team-secrets']);
  });

  it('runs from node_modules/.bin', async () => {
    const env = { PATH: `${resolve(process.execPath, '..')}:${process.env.PATH}`, HOME: root };
    const { stdout } = await execa(join(installed, 'node_modules/.bin/secrets'), ['--version'], {
      env,
      extendEnv: false,
    });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('does its main job on the Node of the tests', () => mainJob(process.execPath));

  it.skipIf(!inCI).each(supported)(
    `does its main job on Node %s ${reason}`,
    async (version) => {
      await mainJob(await nodeOf(version));
    },
    120_000,
  );

  it.skipIf(!inCI).each(['20', '22.22.1', '24.14.1'])(
    `says on Node %s what it needs ${reason}`,
    async (version) => {
      const { exitCode, stderr } = await secrets(await nodeOf(version), root, ['--version']);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /^secrets: error: needs Node 22\.22\.2, 24\.15, 26 or newer; this is Node \d+\.\d+\.\d+$/,
      );
    },
    120_000,
  );
});

async function mainJob(node: string): Promise<void> {
  const home = mkdtempSync(join(root, 'home-'));
  const ok = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await secrets(node, home, args);
    expect({ args, exitCode, stderr }).toEqual({
      args,
      exitCode: 0,
      stderr: expect.not.stringContaining('ExperimentalWarning') as string,
    });
    return stdout;
  };
  await ok('init', '--project', 'web', '--insecure-storage');
  await ok('set', 'API_KEY');
  expect(await ok('get', 'API_KEY')).toBe('canary-of-the-package');
  expect(await ok('run', '--', 'sh', '-c', 'printf %s "$API_KEY"')).toBe('canary-of-the-package');
  await ok('pull');
  expect(JSON.parse(await ok('doctor', '--json'))).not.toContainEqual(
    expect.objectContaining({ state: 'failed' }),
  );
}

function secrets(node: string, home: string, args: readonly string[]) {
  const program = join(installed, 'node_modules/team-secrets/bin/secrets.js');
  const options = {
    cwd: home,
    env: { HOME: home, PATH: process.env.PATH ?? '' },
    extendEnv: false,
    reject: false,
  } as const;
  return execa(node, [program, ...args], { ...options, input: 'canary-of-the-package' });
}

/** A Node of another version, from the npm package of that name. */
async function nodeOf(version: string): Promise<string> {
  const folder = join(root, `node-${version}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "allowScripts": { "node": true } }');
  await execa('npm', ['install', '--no-audit', '--no-fund', `node@${version}`], { cwd: folder });
  return join(folder, 'node_modules/node/bin/node');
}
