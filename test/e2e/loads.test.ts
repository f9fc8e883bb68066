import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { node, program, type Sandbox, sandbox } from './harness/sandbox.ts';
import { teamServer } from './harness/server.ts';
import { ctrlC, terminal } from './harness/terminal.ts';

/** The path of run, get and pull loads what it uses and nothing else. This, not a stopwatch, keeps it fast. */
interface Loaded {
  readonly files: readonly string[];
  readonly builtin: readonly string[];
}

async function loadedBy(box: Sandbox, ...args: string[]): Promise<Loaded> {
  const to = box.path('..', 'loaded.json');
  const hook = resolve('test/fixtures/loaded.cjs');
  const env = { ...box.env, LOADED_TO: to };
  await execa(node, ['--require', hook, program, ...args], {
    cwd: box.project,
    env,
    extendEnv: false,
    input: '',
  });
  return JSON.parse(readFileSync(to, 'utf8')) as Loaded;
}

const slow = new Set(['net', 'tty', 'child_process', 'http', 'https', 'tls', 'readline', 'worker_threads']);
const bundle = readdirSync('dist').filter((file) => file.endsWith('.js'));

/** The chunks that hold a text that only the library has. */
function chunksWith(text: string): string[] {
  return bundle.filter((file) => readFileSync(`dist/${file}`, 'utf8').includes(text));
}

const heavy = {
  commander: chunksWith('_excessArguments'),
  kysely: chunksWith('SelectQueryNode'),
  prompts: chunksWith('AbortPromptError'),
  execa: chunksWith('forceKillAfterDelay'),
  yaml: chunksWith('BLOCK_FOLDED'),
  ora: chunksWith('isSpinning'),
};

/** What a server needs, and its clients and the vault of one machine do not. */
const ofServer = { fastify: chunksWith('FST_ERR_'), pg: chunksWith('SCRAM-SHA-256') };

/** What a format other than .env needs. */
const ofFormats = { yaml: heavy.yaml, toml: chunksWith('key contains illegal lone surrogates') };

describe('what is loaded', () => {
  it.each(Object.entries(heavy))('%s is in a chunk of its own', (_, chunks) => {
    expect(chunks.length).toBeGreaterThan(0);
    expect(chunks).not.toContain('main.js');
    expect(chunks.filter((file) => file.startsWith('vault-'))).toEqual([]);
  });

  it.each([['run', '--', 'true'], ['get', 'A'], ['list'], ['complete', '--', 'get', '']])(
    '%s: no heavy library',
    async (...args) => {
      const box = await sandbox().init();
      await box.set('A', 'canary-loaded');
      const { files, builtin } = await loadedBy(box, ...args);
      expect(heavyIn(files)).toEqual([]);
      expect(builtin.filter((name) => slow.has(name))).toEqual([]);
      expect(files.filter((file) => file.endsWith('.node'))).toEqual([]);
    },
  );

  it.each([[[]], [['--diff']], [['--check']]])(
    'pull %j adds the merge, and no other format',
    async (args) => {
      const box = await sandbox().init();
      await box.set('A', 'canary-loaded', 'project/.env');
      await box.ok(['pull']);
      const { files, builtin } = await loadedBy(box, 'pull', ...args);
      expect([...heavyIn(files), ...formatsIn(files)]).toEqual([]);
      // Git is asked only where there is a repository.
      expect(builtin).not.toContain('tty');
    },
  );

  it('pull into another format loads that one alone', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-loaded', 'out.json', 'out.toml');
    expect(formatsIn((await loadedBy(box, 'pull', 'out.json')).files)).toEqual([]);
    expect(formatsIn((await loadedBy(box, 'pull', 'out.toml')).files)).toEqual(ofFormats.toml);
  });

  it('run and get load four files of ours', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-loaded');
    for (const args of [
      ['run', '--', 'true'],
      ['get', 'A'],
    ]) {
      const { files } = await loadedBy(box, ...args);
      const ours = files.filter((file) => bundle.includes(file));
      expect(ours.map((file) => file.replace(/-[\w-]{8}\.js$/, '.js')).toSorted()).toEqual([
        'errors.js',
        'main.js',
        'rolldown-runtime.js',
        'vault.js',
      ]);
    }
  });

  it('with a server, run and get load the client, and nothing of the vault', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const name = ['--name', 'olga@example.com'];
    await box.ok(['login', server.url, '--code', '-', ...name], { input: server.code });
    await box.ok(['init', '--project', 'web']);
    await box.set('A', 'canary-loaded');
    for (const args of [
      ['run', '--', 'true'],
      ['get', 'A'],
    ]) {
      const { files, builtin } = await loadedBy(box, ...args);
      const ours = files.filter((file) => bundle.includes(file));
      expect(ours.map((file) => file.replace(/-[\w-]{8}\.js$/, '.js')).toSorted()).toEqual([
        'client.js',
        'errors.js',
        'main.js',
        'rolldown-runtime.js',
      ]);
      for (const unused of ['sqlite', 'tty', 'child_process', 'https']) expect(builtin).not.toContain(unused);
      expect(builtin.filter((module) => /undici|fetch/.test(module))).toEqual([]);
    }
  });

  it('with a server, pull adds the merge, and nothing of the vault', async () => {
    const [box, server] = [sandbox(), await teamServer()];
    const name = ['--name', 'olga@example.com'];
    await box.ok(['login', server.url, '--code', '-', ...name], { input: server.code });
    await box.ok(['init', '--project', 'web']);
    await box.set('A', 'canary-loaded', 'project/.env');
    const { files, builtin } = await loadedBy(box, 'pull');
    expect([...heavyIn(files), ...serverIn(files)]).toEqual([]);
    expect(files.filter((file) => file.startsWith('vault-'))).toEqual([]);
    expect(files.filter((file) => file.startsWith('client-'))).toHaveLength(1);
    expect(builtin).not.toContain('sqlite');
    expect(builtin.filter((module) => /undici|fetch|^https$/.test(module))).toEqual([]);
  });

  it('without a server, nothing of the client, of HTTP or of the server', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-loaded', 'project/.env');
    for (const args of [
      ['run', '--', 'true'],
      ['get', 'A'],
      ['list'],
      ['pull'],
      ['history', 'A'],
      ['status'],
      ['doctor'],
    ]) {
      const { files, builtin } = await loadedBy(box, ...args);
      expect([...serverIn(files), ...files.filter((file) => file.startsWith('client-'))], args[0]).toEqual(
        [],
      );
      expect(builtin.filter((module) => /undici|fetch|^(https?|tls)$/.test(module))).toEqual([]);
    }
  });

  it('serve on SQLite loads Fastify, and nothing of PostgreSQL', async () => {
    expect(Object.values(ofServer).filter((chunks) => chunks.length !== 1)).toEqual([]);
    const box = sandbox();
    const to = box.path('loaded.json');
    const key = (await box.ok(['key', 'generate'])).trim();
    const hook = resolve('test/fixtures/loaded.cjs');
    const line = ['--require', hook, program, 'serve', '--listen', '127.0.0.1:0', '--database', 'server.db'];
    const term = terminal(box, line, { file: node, env: { LOADED_TO: to, SECRETS_MASTER_KEY: key } });
    await term.shows('listening on');
    term.type(ctrlC);
    expect((await term.ends()).status).toBe(0);
    const { files } = JSON.parse(readFileSync(to, 'utf8')) as Loaded;
    expect(serverIn(files)).toEqual(ofServer.fastify);
  });

  it('help and version open no vault', async () => {
    const box = sandbox();
    for (const args of [['--help'], ['--version'], ['get', '--help'], ['serve', '--help']]) {
      const { builtin, files } = await loadedBy(box, ...args);
      expect(builtin).not.toContain('sqlite');
      expect(serverIn(files)).toEqual([]);
      expect(files.filter((file) => file.startsWith('vault-'))).toEqual([]);
    }
  });
});

function serverIn(files: readonly string[]): string[] {
  return Object.values(ofServer)
    .flat()
    .filter((file) => files.includes(file));
}

function formatsIn(files: readonly string[]): string[] {
  return Object.values(ofFormats)
    .flat()
    .filter((file) => files.includes(file));
}

function heavyIn(files: readonly string[]): string[] {
  return Object.values(heavy)
    .flat()
    .filter((file) => files.includes(file));
}
