import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { type Command, isGroup, type Registry } from '../src/cli/define.ts';
import { commands } from '../src/commands/index.ts';
import { errorTable } from '../src/errors.ts';
import { attributeOf } from './golden/pages.ts';

/** The house rules, held by the build: who may import whom, how large a room may grow, what must be told in the docs. */
interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const sources = filesIn('src', '.ts');
const tests = filesIn('test', '.test.ts');
const imports = sources.flatMap(importsOf);

/** Folder (or root file) → what it may import. A type of context.ts may be used by all of cli. */
const allowed: Record<string, readonly string[]> = {
  errors: [],
  secret: [],
  context: ['api', 'cli', 'config', 'embedded', 'remote'],
  remote: ['api', 'client', 'config', 'credentials', 'crypto', 'errors', 'files', 'secret'],
  client: ['api', 'errors', 'secret'],
  embedded: ['api', 'config', 'credentials', 'errors', 'files', 'store', 'vault'],
  serving: ['api', 'config', 'credentials', 'errors', 'files', 'server', 'store', 'vault'],
  server: ['api', 'crypto', 'errors', 'secret', 'vault'],
  api: ['errors', 'secret'],
  files: ['errors', 'process'],
  crypto: ['errors', 'secret'],
  store: ['errors'],
  config: ['api', 'errors', 'files'],
  credentials: ['config', 'crypto', 'errors', 'files', 'process', 'secret'],
  dotenv: ['errors', 'files'],
  exposure: ['errors', 'files', 'process'],
  formats: ['dotenv', 'errors', 'secret'],
  hooks: ['errors', 'files', 'process'],
  process: ['errors'],
  cli: ['config', 'context', 'errors', 'files', 'secret'],
  vault: ['api', 'crypto', 'errors', 'secret', 'store'],
  completion: ['api', 'cli', 'config', 'context'],
  doctor: ['actions', 'api', 'cli', 'config', 'context', 'dotenv', 'embedded', 'errors', 'exposure'],
  actions: ['api', 'cli', 'config', 'context', 'dotenv', 'errors', 'exposure', 'files', 'formats', 'secret'],
  commands: [
    'actions',
    'api',
    'cli',
    'completion',
    'config',
    'context',
    'credentials',
    'doctor',
    'dotenv',
    'errors',
    'files',
    'formats',
    'hooks',
    'process',
    'secret',
    'serving',
  ],
};

describe('imports', () => {
  it('go only where they may', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [here, there] = [roomOf(from), roomOf(to)];
      return here !== 'main' && here !== there && !allowed[here]?.includes(there);
    });
    expect(wrong).toEqual([]);
  });

  it('never form a cycle of folders, but for the types of context.ts', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to, typeOnly } of imports) {
      if (typeOnly && to === 'src/context.ts') continue;
      const [here, there] = [roomOf(from), roomOf(to)];
      if (here !== there) edges.set(here, (edges.get(here) ?? new Set()).add(there));
    }
    expect(cycleIn(edges)).toEqual([]);
  });

  it('lead to the server from `serve` alone', () => {
    const users = imports.filter(({ to }) => roomOf(to) === 'serving').map(({ from }) => dirname(from));
    expect([...new Set(users)]).toEqual(['src/commands/serve']);
  });

  it('never lead from one command to another', () => {
    const between = imports.filter(
      ({ from, to }) => roomOf(from) === 'commands' && roomOf(to) === 'commands',
    );
    expect(between.filter(({ from }) => basename(from) !== 'index.ts')).toEqual([]);
  });
});

describe('sources', () => {
  it('touch process in main.ts, cli/streams.ts and src/process only', () => {
    const users = sources.filter(
      (file) =>
        /\bprocess\.(?!getBuiltinModule)/.test(withoutComments(file)) ||
        /from 'node:process'/.test(withoutComments(file)),
    );
    const free = (file: string): boolean => /^src\/(main\.ts|cli\/streams\.ts|process\/)/.test(file);
    expect(users.filter((file) => !free(file))).toEqual([]);
  });

  it('never use console', () => {
    expect(sources.filter((file) => /\bconsole\./.test(withoutComments(file)))).toEqual([]);
  });

  it('stay small: median to 100 lines, nine of ten to 250, none over 400', () => {
    const lengths = sources.map((file) => text(file).split('\n').length).toSorted((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(100);
    expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThanOrEqual(250);
    expect(lengths.at(-1)).toBeLessThanOrEqual(400);
  });

  it('have no drawer for everything', () => {
    expect(sources.filter((file) => /\/(utils|helpers|lib|common)\b/.test(file))).toEqual([]);
  });
});

describe('commands', () => {
  it('are their files, and their docs pages', async () => {
    const files = readdirSync('src/commands').map((entry) => entry.replace(/\.ts$/, ''));
    expect(Object.keys(commands).toSorted()).toEqual(files.filter((name) => name !== 'index').toSorted());
    const pages = readdirSync('docs/commands').map((entry) => entry.replace(/\.md$/, ''));
    expect(pages.toSorted()).toEqual(
      Object.keys(commands)
        .filter((name) => name !== 'complete')
        .toSorted(),
    );
    await everyCommand(commands, (command, registered) => expect(command.name).toBe(registered));
  });

  it('name each option as the parser does, and say what it is for', async () => {
    await everyCommand(commands, ({ name, summary, options, examples, hidden }) => {
      for (const [key, option] of Object.entries(options))
        expect(`${name} ${key}`).toBe(`${name} ${attributeOf(option)}`);
      expect(summary, name).toMatch(/^[a-z].*[^.]$/);
      if (!hidden) expect(examples.length, name).toBeGreaterThan(0);
    });
  });

  it('of a group itself take no words: each would be read as a command of the group', async () => {
    for (const load of Object.values(commands)) {
      const entry = await load();
      const main = isGroup(entry) ? await entry.main?.() : undefined;
      if (main) expect([main.name, main.args]).toEqual([entry.name, {}]);
    }
  });
});

test('the error table is the one in the docs', () => {
  const rows = [...text('docs/errors.md').matchAll(/^\| `([a-z_]+)` \| (\d+) \| (\d+) \|/gm)].map((row) =>
    row.slice(1),
  );
  expect(rows).toEqual(
    Object.entries(errorTable).map(([code, { exit, http }]) => [code, String(exit), String(http)]),
  );
});

test('every link between the docs leads somewhere', () => {
  const pages = ['README.md', ...filesIn('docs', '.md')];
  const broken = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
      .map((link) => normalize(join(dirname(page), link[1]!)))
      .filter((target) => !exists(target))
      .map((target) => `${page} → ${target}`),
  );
  expect(broken).toEqual([]);
});

test('no test is switched off without a reason', () => {
  const off = tests.filter(
    (file) =>
      file !== 'test/repo.test.ts' && /\b(?:it|test|describe)\.(?:skip|only|todo|fails)\(/.test(text(file)),
  );
  expect(off).toEqual([]);
  // A conditional skip carries its reason in the title.
  const silent = tests.filter((file) => reasonless(text(file)));
  expect(silent.filter((file) => file !== 'test/repo.test.ts')).toEqual([]);
});

test('end-to-end tests import nothing of src', () => {
  expect(tests.filter((file) => file.startsWith('test/e2e') && /from '.*\/src\//.test(text(file)))).toEqual(
    [],
  );
});

test('the lock file names no host', () => {
  expect(text('package-lock.json')).not.toMatch(/"resolved"/);
});

function reasonless(source: string): boolean {
  return source
    .split('.skipIf(')
    .slice(1)
    .some((rest) => !/^[^`]{0,80}(?:`[^`]*\$\{|titled\()/.test(rest));
}

function filesIn(folder: string, end: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(end));
  return files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

function importsOf(file: string): Import[] {
  const found = [
    ...text(file).matchAll(/(?:import|export)\s+(type\s)?[^;'"]*?from '(\.[^']+)'|import\('(\.[^']+)'\)/g),
  ];
  return found
    .map(([, type, from, lazy]) => ({
      from: file,
      to: join(dirname(file), (from ?? lazy)!),
      typeOnly: type !== undefined,
    }))
    .filter(({ to }) => to.startsWith('src/'));
}

/** `src/vault/audit.ts` is in the room `vault`; `src/errors.ts` is a room of its own. */
function roomOf(file: string): string {
  return relative('src', file).split('/')[0]!.replace(/\.ts$/, '');
}

function cycleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const walk = (room: string, path: readonly string[]): string[] => {
    if (path.includes(room)) return [...path, room];
    for (const next of edges.get(room) ?? []) {
      const found = walk(next, [...path, room]);
      if (found.length > 0) return found;
    }
    return [];
  };
  for (const room of edges.keys()) {
    const found = walk(room, []);
    if (found.length > 0) return found;
  }
  return [];
}

async function everyCommand(
  registry: Registry,
  look: (command: Command, name: string) => void,
): Promise<void> {
  for (const [name, load] of Object.entries(registry)) {
    const entry = await load();
    if (!isGroup(entry)) {
      look(entry, name);
      continue;
    }
    await everyCommand(entry.commands, look);
    if (entry.main) look(await entry.main(), name);
  }
}

function text(file: string): string {
  return readFileSync(file, 'utf8');
}

function withoutComments(file: string): string {
  return text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

function exists(path: string): boolean {
  try {
    return readdirSync(dirname(path)).includes(basename(path));
  } catch {
    return false;
  }
}
