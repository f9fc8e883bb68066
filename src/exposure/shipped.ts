import { lstatSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { readPlainBytes } from '../files/read.ts';
import { copiesFile } from './dockerfile.ts';
import { dockerignoreLine, isLeftOut, readDockerignore } from './dockerignore.ts';
import type { PackFolder } from './npm-pack.ts';

/** A way in which a file would leave this machine without anybody meaning it. */
export interface Shipped {
  readonly text: string;
  /** What to add, and where. */
  readonly hint: string;
}

/** A file that is longer is not looked into. */
const maxBytes = 1024 * 1024;

/**
 * The images and npm packages that a file would be shipped with: from the folder of the file up to `root`, the root of
 * the repository. It reads what it needs of Dockerfiles, package.json and ignore files, and starts nothing.
 */
export async function shippedBy(file: string, root: string): Promise<Shipped[]> {
  const folders = foldersUpTo(dirname(file), root);
  return [...folders.flatMap((folder) => images(file, folder)), ...(await packages(file, folders))];
}

/** Images that are built in a folder, with what is below it at hand. */
function images(file: string, folder: string): Shipped[] {
  const path = relative(folder, file).split(sep).join('/');
  const recipes = namesIn(folder).filter((name) =>
    /^(?:Docker|Container)file(?:\.|$)|.\.(?:Docker|Container)file$/i.test(name),
  );
  return recipes
    .filter((name) => !/ignore$/i.test(name))
    .flatMap((name) => {
      const recipe = textOf(join(folder, name));
      const ignoreFiles = [
        `${name}.dockerignore`,
        ...(/container/i.test(name) ? ['.containerignore'] : []),
        '.dockerignore',
      ];
      const ignore = ignoreFiles.find((it) => textOf(join(folder, it)) !== undefined) ?? '.dockerignore';
      const patterns = readDockerignore(textOf(join(folder, ignore)) ?? '');
      if (recipe === undefined || isLeftOut(patterns, path) || !copiesFile(recipe, path)) return [];
      return {
        text: `${basename(file)} would be in every image that is built from ${join(folder, name)}`,
        hint: `echo '${dockerignoreLine(path)}' >> '${join(folder, ignore)}'`,
      };
    });
}

interface Manifest {
  readonly name?: string;
  readonly private?: boolean;
  readonly files?: readonly string[];
  readonly workspaces?: unknown;
}

async function packages(file: string, folders: readonly string[]): Promise<Shipped[]> {
  const found = folders.flatMap((folder) => {
    const manifest = manifestIn(folder);
    return manifest ? [{ folder, manifest }] : [];
  });
  const [nearest, ...others] = found;
  // A workspace is no part of the package that it belongs to.
  const open = others.filter(({ manifest }) => !manifest.workspaces);
  const own = [...(nearest ? [nearest] : []), ...open].filter(({ manifest }) => manifest.private !== true);
  if (own.length === 0) return [];
  const { isPacked } = await import('./npm-pack.ts');
  return own.flatMap(({ folder, manifest }) => {
    const owner = others.find((it) => it.manifest.workspaces && it.folder !== folder);
    const rules = {
      files: filesOf(manifest),
      above: owner
        ? foldersUpTo(dirname(folder), owner.folder)
            .toReversed()
            .flatMap((it) => ignoreOf(it) ?? [])
        : [],
      kindOf: (entry: string) => kindOf(join(folder, entry.replace(/^!+/, ''))),
    };
    if (!isPacked(basename(file), packFolders(file, folder), rules)) return [];
    return {
      text: `${basename(file)} would be published with the npm package "${manifest.name ?? basename(folder)}"`,
      hint: packHint(file, folder, rules.files !== undefined),
    };
  });
}

/** `files` counts more than the ignore file beside it; a new .npmignore would put .gitignore out of force. */
function packHint(file: string, folder: string, hasFiles: boolean): string {
  const path = relative(folder, file).split(sep).join('/');
  if (hasFiles) return `add "!/${path}" to "files" in ${join(folder, 'package.json')}`;
  const ignore = textOf(join(folder, '.npmignore')) === undefined ? '.gitignore' : '.npmignore';
  return `echo '/${path}' >> '${join(folder, ignore)}'`;
}

function packFolders(file: string, folder: string): PackFolder[] {
  const folders = foldersUpTo(dirname(file), folder).toReversed();
  return folders.map((it, i) => ({ name: i === 0 ? '' : basename(it), ignore: ignoreOf(it) }));
}

function ignoreOf(folder: string): string | undefined {
  return textOf(join(folder, '.npmignore')) ?? textOf(join(folder, '.gitignore'));
}

function kindOf(path: string): 'file' | 'folder' | 'other' | undefined {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found?.isFile()) return found?.isDirectory() ? 'folder' : found && 'other';
  return 'file';
}

function filesOf({ files }: Manifest): readonly string[] | undefined {
  return Array.isArray(files) ? files.filter((entry) => typeof entry === 'string') : undefined;
}

function manifestIn(folder: string): Manifest | undefined {
  try {
    const parsed: unknown = JSON.parse(textOf(join(folder, 'package.json')) ?? 'null');
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    // npm cannot read it either.
    return undefined;
  }
}

/** The folder, and those above it up to `top`, nearest first. */
function foldersUpTo(folder: string, top: string): string[] {
  const isWithin = folder === top || folder.startsWith(top.endsWith(sep) ? top : top + sep);
  return isWithin ? [folder, ...(folder === top ? [] : foldersUpTo(dirname(folder), top))] : [];
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path: string): string | undefined {
  try {
    // A pattern that is not UTF-8 fits no name that is; the lines around it count.
    return readPlainBytes(path, 'file', maxBytes).toString();
  } catch {
    // It is not there, no plain file, too long, or cannot be read: then nothing is built from it here.
    return undefined;
  }
}
