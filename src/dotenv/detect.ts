import { dirname, join, relative, sep } from 'node:path';
import { readPlain } from '../files/read.ts';
import { type Folder, foldersAround } from './folders.ts';
import { readers } from './readers/index.ts';
import type { Reader } from './readers/reader.ts';

/** Who reads a file, as far as the repository tells. */
export interface Detected {
  readonly readers: readonly Reader[];
  /** For each reader, the file that tells of it, relative to the root: `package.json: next`. */
  readonly because: readonly string[];
}

/** What a file of the repository tells. */
interface Clue {
  /** Names of files, in the folder of the target, above it up to the root, or below it. */
  readonly file: RegExp;
  /** Reader → what stands in the file. */
  readonly tells: Readonly<Record<string, RegExp>>;
  /** Only where the text names the target, too. */
  readonly namesTarget?: boolean;
}

const javaScript = String.raw`"(?:dependencies|devDependencies)"\s*:\s*\{[^}]*`;
const dependency = (names: string): RegExp => new RegExp(`${javaScript}"(?:${names})"\\s*:`);
const python = (names: string): RegExp => new RegExp(`^[\\s"']*(?:${names})(?![\\w-])`, 'mi');

const clues: readonly Clue[] = [
  {
    file: /^package\.json$/,
    tells: {
      dotenv: dependency('dotenv|dotenv-cli|dotenv-flow'),
      'dotenv-expand': dependency('dotenv-expand'),
      dotenvx: dependency('@dotenvx/dotenvx'),
      varlock: dependency('varlock'),
      next: dependency('next|@next/env'),
      vite: dependency('vite|vitest|astro|@sveltejs/kit|@remix-run/dev'),
      node: /\b(?:node|tsx)\s[^"]*--env-file/,
      bun: /"\s*:\s*"(?:[^"]*\s)?bunx?\s/,
      docker: /\bdocker\s+run\s[^"]*--env-file/,
      shell: /(?:\bsource|(?:^|[;&"\s])\.)\s+(?:\.\/)?\.env\b/,
    },
  },
  { file: /^bun(?:fig\.toml|\.lockb?)$/, tells: { bun: /^/ } },
  { file: /^deno\.jsonc?$/, tells: { deno: /^/ } },
  {
    file: /^(?:requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|setup\.cfg)$/,
    tells: {
      'python-dotenv': python(
        String.raw`python-dotenv|pydantic-settings|uvicorn\[standard\]|fastapi\[(?:standard|all)\]`,
      ),
      honcho: python('honcho'),
    },
  },
  {
    file: /^Gemfile$/,
    tells: {
      'ruby-dotenv': /^\s*gem\s+["']dotenv(?:-rails)?["']/m,
      foreman: /^\s*gem\s+["']foreman["']/m,
    },
  },
  {
    file: /^composer\.json$/,
    tells: {
      phpdotenv: /"(?:vlucas\/phpdotenv|laravel\/framework)"\s*:/,
      symfony: /"symfony\/(?:dotenv|framework-bundle|runtime)"\s*:/,
    },
  },
  { file: /^go\.mod$/, tells: { godotenv: /\bgithub\.com\/joho\/godotenv\b/ } },
  { file: /^Cargo\.toml$/, tells: { dotenvy: /^\s*dotenvy\b/m } },
  {
    file: /^\.envrc$/,
    tells: { direnv: /^\s*dotenv(?:_if_exists)?\b/m, shell: /^\s*(?:source|\.)\s+\S*\.env\b/m },
  },
  {
    file: /^(?:docker-)?compose[\w.-]*\.ya?ml$/,
    tells: { compose: /\benv_file\b|\$\{?[A-Za-z_]/ },
    namesTarget: true,
  },
  { file: /\.service$/, tells: { systemd: /^EnvironmentFile=/m }, namesTarget: true },
];

/** A file that is longer is not looked into. */
const maxBytes = 1024 * 1024;

/**
 * Looks into the few files, beside the target, above it up to `root` and below it, that tell which programs read it: some
 * of them look for the file in the folders above their own. Starts no program, and what cannot be read tells nothing.
 */
export function detectReaders(root: string, target: string): Detected {
  const found = new Map<string, string>();
  for (const folder of foldersAround(dirname(target), root))
    for (const [name, file] of toldIn(folder, target)) if (!found.has(name)) found.set(name, file);
  const named = readers.filter(({ name }) => found.has(name));
  return { readers: named, because: named.map(({ name }) => `${relative(root, found.get(name)!)}: ${name}`) };
}

/** The readers that a folder tells of, each with the file that does. */
function toldIn({ path, files }: Folder, target: string): [reader: string, file: string][] {
  return files.flatMap((entry) => {
    const clue = clues.find(({ file }) => file.test(entry));
    return clue
      ? told(clue, path, entry, target).map((name): [string, string] => [name, join(path, entry)])
      : [];
  });
}

function told({ tells, namesTarget }: Clue, folder: string, entry: string, target: string): string[] {
  const text = textOf(join(folder, entry));
  const name = relative(folder, target).split(sep).join('/');
  // Compose reads the .env beside its file without being told.
  if (namesTarget && name !== '.env' && !text.includes(name)) return [];
  return Object.entries(tells).flatMap(([reader, pattern]) => (pattern.test(text) ? [reader] : []));
}

function textOf(path: string): string {
  try {
    return readPlain(path, 'file', maxBytes);
  } catch {
    // Too long, no file, not text.
    return '';
  }
}
