import { posix } from 'node:path';
import { Minimatch } from 'minimatch';

/**
 * Which files `npm pack` takes: rules of the package and of the folders below it, by the globs that npm itself uses. A
 * later rule counts more, one of a folder below more than one above, and `!` takes back.
 */
export interface PackFolder {
  /** Its name; of the package itself, nothing. */
  readonly name: string;
  /** The text of its .npmignore, else of its .gitignore. */
  readonly ignore: string | undefined;
}

/** What package.json says of it. */
export interface PackRules {
  readonly files?: readonly string[] | undefined;
  /** Ignore files of the folders between a workspace and the package that it belongs to. */
  readonly above?: readonly string[];
  /** What an entry of `files` is; undefined where there is nothing of that name, and it is a pattern. */
  readonly kindOf: (entry: string) => 'file' | 'folder' | 'other' | undefined;
}

/** Never packed, whatever `files` says. */
const never = ['/.git', '/node_modules', '.npmrc'];

/** Whether a file is packed; `folders` lead from the package to it, the package itself first. */
export function isPacked(name: string, folders: readonly PackFolder[], rules: PackRules): boolean {
  let level: Level | undefined;
  for (const [i, folder] of folders.entries()) {
    if (level && !decides(level, folder.name, true)) return false;
    const isExact = level !== undefined && (decides(level, folder.name) || decides(level, `${folder.name}/`));
    const own =
      i === 0 ? ofPackage(folder, rules) : [parse(folder.ignore), i === 1 ? requiredIn(folder, rules) : []];
    level = { name: folder.name, parent: level, isExact, rules: own.flat() };
  }
  return level !== undefined && decides(level, name);
}

interface Level {
  readonly name: string;
  readonly parent: Level | undefined;
  /** Taken as a folder by the rules above, and not only because something in it may be. */
  readonly isExact: boolean;
  readonly rules: readonly Minimatch[];
}

function ofPackage({ ignore }: PackFolder, { files, above = [], kindOf }: PackRules): Minimatch[][] {
  const listed = normalized(files);
  const taken = listed.flatMap((entry) => {
    const kind = kindOf(entry);
    if (kind === 'folder') return [`!${entry}`, `!${entry}/**`];
    return kind === undefined ? [`!${entry}`] : [];
  });
  const required = listed.filter((entry) => kindOf(entry) === 'file').toReversed();
  return [
    above.flatMap(parse),
    files ? parse(['*', ...taken].join('\n')) : parse(ignore),
    parse([...required.map((entry) => `!${entry}`), ...never].join('\n')),
  ];
}

/** What `files` names in a folder of the package is packed whatever the ignore file there says. */
function requiredIn({ name }: PackFolder, { files, kindOf }: PackRules): Minimatch[] {
  const paths = normalized(files).filter((entry) => kindOf(entry) === 'file');
  const inside = paths.map((path) => path.replace(/^\//, '')).filter((path) => posix.dirname(path) === name);
  return parse(inside.map((path) => `!${posix.basename(path)}`).join('\n'));
}

function normalized(files: readonly string[] = []): string[] {
  return files.map((entry) => entry.replace(/^\.(?=\/)/, '').replace(/\/\*$/, '/**'));
}

function parse(text: string | undefined): Minimatch[] {
  const lines = (text ?? '').split(/\r?\n/).map((line) => line.trim());
  const options = { matchBase: true, dot: true, flipNegate: true, nocase: true };
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => new Minimatch(line, options));
}

/** Whether a name below a folder is taken; `isFolder`: whether something in it may be. */
function decides(level: Level, entry: string, isFolder = false, base?: string): boolean {
  let isTaken = true;
  if (level.parent) {
    isTaken = decides(level.parent, `${level.name}/${entry}`, isFolder, base ?? entry);
    if (!isTaken && !level.isExact) return false;
  }
  for (const rule of level.rules)
    if (rule.negate !== isTaken && fits(rule, entry, isFolder, base)) isTaken = rule.negate;
  return isTaken;
}

function fits(rule: Minimatch, entry: string, isFolder: boolean, base: string | undefined): boolean {
  if (rule.match(`/${entry}`) || rule.match(entry)) return true;
  if (!isFolder) return false;
  const isRelative = rule.globParts.some((parts) => parts.length <= (parts.at(-1) ? 1 : 2));
  return [entry, ...(base !== undefined && isRelative ? [base] : [])].some(
    (it) =>
      rule.match(`/${it}/`) ||
      rule.match(`${it}/`) ||
      (rule.negate && (rule.match(`/${it}`, true) || rule.match(it, true))),
  );
}
