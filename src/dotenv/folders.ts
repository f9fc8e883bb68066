import { type Dirent, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/** A folder that is looked into. */
export interface Folder {
  readonly path: string;
  /** Names of what is in it and is no folder, sorted. */
  readonly files: readonly string[];
}

/** Levels below a folder that are looked into. */
const maxDepth = 2;
/** Most folders below it. */
const maxBelow = 200;
/** Folders of what was fetched or built: nobody of the repository reads a file from there. */
const notOurs = new Set(['node_modules', 'vendor', 'dist', 'build', 'target', 'venv']);

/**
 * A folder, those above it to `root`, and those below it, nearest first; each is listed once. Below, folders with a dot
 * or of other people's code are left out, links to folders too, and what is a git repository of its own. Those below a
 * folder outside `root` still count; none above it do.
 */
export function* foldersAround(folder: string, root: string): Generator<Folder> {
  const own = entriesOf(folder);
  yield folderOf(folder, own);
  for (const path of above(folder, root)) yield folderOf(path, entriesOf(path));
  let left = maxBelow;
  let level = inside(folder, own);
  for (let depth = 1; depth <= maxDepth && left > 0; depth += 1) {
    const listed = level.slice(0, left).map((path) => ({ path, entries: entriesOf(path) }));
    left -= listed.length;
    const ours = listed.filter(({ entries }) => !entries.some(({ name }) => name === '.git'));
    for (const { path, entries } of ours) yield folderOf(path, entries);
    level = ours.flatMap(({ path, entries }) => inside(path, entries));
  }
}

function folderOf(path: string, entries: readonly Dirent[]): Folder {
  return { path, files: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name) };
}

/** The folders above one to the root, nearest first; none where it is outside. */
function above(folder: string, root: string): string[] {
  const way = relative(root, folder);
  const parent = dirname(folder);
  if (way === '' || parent === folder || isAbsolute(way) || way.split(sep).includes('..')) return [];
  return [parent, ...above(parent, root)];
}

function inside(folder: string, entries: readonly Dirent[]): string[] {
  const ours = entries.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !notOurs.has(entry.name),
  );
  return ours.map(({ name }) => join(folder, name));
}

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // It is not there yet, or may not be listed: it tells nothing.
    return [];
  }
}
