import { oneLine, SecretsError } from '../../errors.ts';
import { bun } from './bun.ts';
import { compose } from './compose.ts';
import { deno } from './deno.ts';
import { direnv } from './direnv.ts';
import { docker } from './docker.ts';
import { dotenvExpand, dotenvExpand11 } from './dotenv-expand.ts';
import { dotenv } from './dotenv.ts';
import { dotenvx } from './dotenvx.ts';
import { dotenvy } from './dotenvy.ts';
import { foreman } from './foreman.ts';
import { godotenv } from './godotenv.ts';
import { honcho } from './honcho.ts';
import { next } from './next.ts';
import { node, node20 } from './node.ts';
import { phpdotenv } from './phpdotenv.ts';
import { pythonDotenv, pythonDotenv021 } from './python-dotenv.ts';
import type { Reader } from './reader.ts';
import { rubyDotenv } from './ruby-dotenv.ts';
import { shell } from './shell.ts';
import { symfony } from './symfony.ts';
import { systemd } from './systemd.ts';
import { varlock } from './varlock.ts';
import { vite } from './vite.ts';

/** The programs that are known. A shell comes first: what it would run is out, and nobody else needs to be asked. */
export const readers: readonly Reader[] = [
  shell,
  dotenv,
  dotenvExpand,
  dotenvExpand11,
  node,
  node20,
  vite,
  next,
  bun,
  deno,
  dotenvx,
  varlock,
  pythonDotenv,
  pythonDotenv021,
  honcho,
  rubyDotenv,
  foreman,
  phpdotenv,
  symfony,
  godotenv,
  compose,
  dotenvy,
  direnv,
  docker,
  systemd,
];

/** What people call some of them. */
const aliases: Readonly<Record<string, string>> = {
  bash: 'shell',
  zsh: 'shell',
  nextjs: 'next',
  'docker-compose': 'compose',
  python: 'python-dotenv',
  ruby: 'ruby-dotenv',
  laravel: 'phpdotenv',
};

/** Finds the reader of a name, or of what people call it. Throws `usage` for one that is not known. */
export function readerNamed(name: string): Reader {
  const wanted = Object.hasOwn(aliases, name) ? aliases[name] : name;
  const found = readers.find((reader) => reader.name === wanted);
  if (found) return found;
  throw new SecretsError('usage', `no program named "${oneLine(name)}" is known to read .env files`, {
    hint: `known are ${readers.map((reader) => reader.name).join(', ')}`,
  });
}
