import { posix } from 'node:path';

/**
 * The rules by which `docker build` leaves files out of its context: gitignore's in looks, not in meaning. A pattern
 * begins at the root of the context, the last one that fits counts, and one that fits a folder fits all that is in it.
 */
export interface IgnorePattern {
  readonly isNegated: boolean;
  readonly fits: (path: string) => boolean;
}

/** Reads a .dockerignore file. A pattern that Docker refuses fits nothing. */
export function readDockerignore(text: string): IgnorePattern[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.filter((line) => !line.startsWith('#')).flatMap((line) => patternOf(line.trim()) ?? []);
}

/** Whether the patterns leave a file out; the path is seen from the root of the context, with slashes. */
export function isLeftOut(patterns: readonly IgnorePattern[], path: string): boolean {
  let above: readonly boolean[] = [];
  let isOut = false;
  for (const part of prefixes(path)) {
    isOut = false;
    const here: boolean[] = [];
    for (const [i, { isNegated, fits }] of patterns.entries()) {
      // What fitted a folder above fits here; else only what would change the answer is tried.
      here[i] = above[i] === true || (isNegated === isOut && fits(part));
      if (here[i]) isOut = !isNegated;
    }
    above = here;
  }
  return isOut;
}

/** `a`, `a/b`, `a/b/c` */
export function prefixes(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** The line that leaves out one file. */
export function dockerignoreLine(path: string): string {
  return `/${path.replace(/[!\\*?[\]]/g, String.raw`\$&`)}`;
}

/** A path pattern of Docker: `*` and `?` stop at a slash, `**` does not. */
export function dockerPattern(pattern: string): (path: string) => boolean {
  try {
    const fit = new RegExp(`^${source(pattern)}$`, 'u');
    return (path) => fit.test(path);
  } catch {
    return () => false;
  }
}

function patternOf(line: string): IgnorePattern | undefined {
  const mark = line.startsWith('!') ? '!' : '';
  const typed = line.slice(mark.length).trim();
  if (typed === '') return undefined;
  // Docker tidies the path twice, the second time with its mark: `!../../a` is `a` then.
  const path = cleaned(mark + cleaned(typed).replace(/^\/(?=.)/, ''));
  const isNegated = path.startsWith('!');
  return { isNegated, fits: dockerPattern(isNegated ? path.slice(1) : path) };
}

/** As Go's filepath.Clean has it: no slash at the end. */
function cleaned(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/$/, '');
}

function source(pattern: string): string {
  // `**` at the start and nothing special behind it fits any path with that end, in the middle of a name, too.
  const [, end] = /^\*\*([^*?[\]\\]+)$/.exec(pattern) ?? [];
  if (end !== undefined && !end.startsWith('/')) return `.*${literal(end)}`;
  const words = pattern.matchAll(/\*\*\/?|[*?]|\\.|\[(?:\\.|[^\]\\])*\]|./gsu);
  return [...words].map(([word], i, all) => piece(word, i === all.length - 1)).join('');
}

function piece(word: string, isLast: boolean): string {
  if (word.startsWith('**')) return isLast ? '.*' : '(?:.*/)?';
  if (word === '*') return '[^/]*';
  if (word === '?') return '[^/]';
  if (word.startsWith('[') && word.length > 1) return word.replace(/(?<=.)\[/g, String.raw`\[`);
  return literal(word.startsWith('\\') ? word.slice(1) : word);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
