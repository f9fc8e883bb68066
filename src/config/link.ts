import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isScopeName } from '../api/names.ts';
import { SecretsError } from '../errors.ts';
import { readPlain } from '../files/read.ts';
import { writeFile } from '../files/write.ts';
import { ancestors, findWorkTree, inMainWorkTree } from './git.ts';
import { originIn } from './origin.ts';
import { faultInTargets, type LinkTarget } from './targets.ts';

/** The file that ties a folder and all below it to a project. It is committed, and holds nothing secret. */
export const linkFileName = 'secrets.config.json';
const maxLinkBytes = 1024 * 1024;

export interface Link {
  readonly project: string;
  /** Origin of the server that holds the project; without it, the vault of this machine does. */
  readonly server?: string;
  /** The environment used when nothing else names one. */
  readonly environment?: string;
  /** Git branch, or a pattern with `*`, to environment. The first that fits counts. */
  readonly branches?: Readonly<Record<string, string>>;
  /** Names that are let through although they can hijack a child process. */
  readonly allow?: readonly string[];
  /** The files that `secrets pull` writes; `.env` beside this file unless given. */
  readonly targets?: readonly LinkTarget[];
}

export interface FoundLink extends Link {
  /** The file itself. */
  readonly path: string;
  /** The folder that it ties; in a linked git work tree without the file, the folder there that stands for it. */
  readonly folder: string;
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isName: Check = (value) => typeof value === 'string' && isScopeName(value);
const isServer: Check = (value) => typeof value === 'string' && originIn(value) !== undefined;
const keys: Record<keyof Link | '$schema', { want: string; check: Check }> = {
  $schema: { want: 'a text', check: isText },
  project: { want: 'a name of letters, digits, dots, dashes and underscores', check: isName },
  server: { want: 'the address of a server, like https://secrets.example.com', check: isServer },
  environment: { want: 'a name of letters, digits, dots, dashes and underscores', check: isName },
  branches: {
    want: 'an object of branch: environment',
    check: (value) => isObject(value) && Object.values(value).every(isName),
  },
  allow: { want: 'a list of names', check: (value) => Array.isArray(value) && value.every(isText) },
  targets: { want: 'a list', check: Array.isArray },
};

/**
 * Finds the link file: in this folder or the nearest above it; in a linked git work tree that lacks it (it may be
 * there but not committed yet), the same place in the main work tree.
 */
export function findLink(cwd: string, uid?: number): FoundLink | undefined {
  for (const folder of ancestors(cwd)) {
    const path = join(folder, linkFileName);
    if (existsSync(path)) return { ...readLink(path, uid), path, folder };
  }
  const tree = findWorkTree(cwd);
  const main = tree && inMainWorkTree(tree, cwd);
  if (!tree || main === undefined) return undefined;
  for (const folder of ancestors(main)) {
    const path = join(folder, linkFileName);
    if (existsSync(path)) return { ...readLink(path, uid), path, folder: tree.root };
    if (folder === tree.mainRoot) return undefined;
  }
  return undefined;
}

/** A file of ours or of root: one that another account put into a folder above would choose what we hand out. */
function readLink(path: string, uid: number | undefined): Link {
  const owner = statSync(path).uid;
  if (uid !== undefined && owner !== uid && owner !== 0) {
    throw new SecretsError('invalid', `${path} belongs to another user of this machine; it is not followed`, {
      hint: 'if it is right, make it yours: chown; or name the project: --project NAME',
    });
  }
  return parseLink(readPlain(path, 'link file', maxLinkBytes), path);
}

/** Reads a link file's text. Throws `invalid` with line and key for anything that it should not hold. */
export function parseLink(text: string, path: string): Link {
  const parsed = parseJson(text, path);
  if (!isObject(parsed))
    throw new SecretsError('invalid', `${path}: not an object`, { hint: 'write { "project": "NAME" }' });
  for (const [key, value] of Object.entries(parsed)) {
    const known = Object.hasOwn(keys, key) ? keys[key as keyof typeof keys] : undefined;
    const at = `${path}:${lineOf(text, key)}`;
    if (!known) {
      throw new SecretsError('invalid', `${at}: unknown key "${key}"`, {
        hint: `known are ${Object.keys(keys).join(', ')}`,
      });
    }
    if (!known.check(value)) throw new SecretsError('invalid', `${at}: "${key}" should be ${known.want}`);
  }
  assertTargets(parsed.targets, text, path);
  if (parsed.project === undefined) throw new SecretsError('invalid', `${path}: "project" is missing`);
  const link = parsed as unknown as Link;
  return link.server === undefined ? link : { ...link, server: originIn(link.server)! };
}

/** The error for a key of a target, with its line: for what only those know who write the file. */
export function targetError(
  { path, targets = [] }: FoundLink,
  [i, key]: readonly [target: number, key: keyof LinkTarget],
  what: string,
  hint?: string | readonly string[],
): SecretsError {
  const nth = targets.slice(0, i).filter((target) => key in target).length;
  const line = lineOf(readPlain(path, 'link file', maxLinkBytes), key, { below: 'targets', nth });
  return new SecretsError('invalid', `${path}:${line}: "targets[${i}].${key}" ${what}`, {
    ...(hint !== undefined && { hint }),
  });
}

/** Writes a new link file, readable by all: it is meant to be committed. Throws `conflict` where there is one. */
export function writeLink(folder: string, link: Link): string {
  const path = join(folder, linkFileName);
  writeFile(path, `${JSON.stringify(link, null, 2)}\n`, { mode: 0o644, fresh: true });
  return path;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const position = Number(/at position (\d+)/.exec((cause as Error).message)?.[1] ?? firstStranger(text));
    const line = text.slice(0, position).split('\n').length;
    throw new SecretsError('invalid', `${path}:${line}: not valid JSON`, {
      cause,
      hint: `look at line ${line}, or the end of the one before`,
    });
  }
}

/** Where the first thing stands that is no word of JSON; V8 does not always say. */
function firstStranger(text: string): number {
  const words = /(?:[\s{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)*/y;
  words.exec(text);
  return words.lastIndex;
}

function assertTargets(targets: unknown, text: string, path: string): void {
  const fault = targets === undefined ? undefined : faultInTargets(targets);
  if (!fault) return;
  const { what, key, nth } = fault;
  throw new SecretsError('invalid', `${path}:${lineOf(text, key, { below: 'targets', nth })}: ${what}`);
}

/** The line of a key, counted from 1: of its first place, or of its nth one behind another key. */
function lineOf(
  text: string,
  key: string,
  { below, nth = 0 }: { below?: string; nth?: number } = {},
): number {
  const at = placeOf(text, key, below === undefined || below === key ? 0 : placeOf(text, below), nth);
  return text.slice(0, at).split('\n').length;
}

/** Where a key stands; 0 where it is written in a way of its own. */
function placeOf(text: string, key: string, from = 0, nth = 0): number {
  const quoted = JSON.stringify(key);
  let left = nth;
  for (let at = text.indexOf(quoted, from); at !== -1; at = text.indexOf(quoted, at + 1))
    if (/^\s*:/.test(text.slice(at + quoted.length)) && left-- === 0) return at;
  return 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
