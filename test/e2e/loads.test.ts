import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execa } from 'execa';
import { node, program, type Sandbox, sandbox } from './harness/sandbox.ts';

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

  it('pull adds dotenv and git, and no heavy library', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-loaded', 'project/.env');
    const { files } = await loadedBy(box, 'pull');
    expect(heavyIn(files)).toEqual([]);
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

  it('help and version open no vault', async () => {
    const box = sandbox();
    for (const args of [['--help'], ['--version'], ['get', '--help']]) {
      const { builtin, files } = await loadedBy(box, ...args);
      expect(builtin).not.toContain('sqlite');
      expect(files.filter((file) => file.startsWith('vault-'))).toEqual([]);
    }
  });
});

function heavyIn(files: readonly string[]): string[] {
  return Object.values(heavy)
    .flat()
    .filter((file) => files.includes(file));
}
