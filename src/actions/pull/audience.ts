import { dirname } from 'node:path';
import { findWorkTree } from '../../config/git.ts';
import { detectReaders } from '../../dotenv/detect.ts';
import { readerNamed, readers as allReaders } from '../../dotenv/readers/index.ts';
import { readDotenv, type Reading } from '../../dotenv/read.ts';
import type { Audience } from '../../dotenv/write.ts';

/** Who reads a file, and the files of the repository that told so. */
export interface Readership extends Audience {
  readonly because: readonly string[];
}

/**
 * Who reads a file: those that `--for` or the link file names; else those that the repository tells of; else everybody.
 * Throws `usage` for a program that is not known.
 */
export function audienceOf(file: string | undefined, named: readonly string[]): Readership {
  if (named.length > 0) return { readers: named.map(readerNamed), named: 'by the user', because: [] };
  if (file !== undefined) {
    const { readers, because } = detectReaders(findWorkTree(dirname(file))?.root ?? dirname(file), file);
    const files = new Set(because.map((one) => one.replace(/: [^:]*$/, '')));
    if (readers.length > 0) return { readers, named: 'by the repository', because: [...files] };
  }
  return { readers: allReaders, named: 'by nobody', because: [] };
}

/** A file that is for one program is read as that program reads it; any other as dotenv does. */
export function readingFor(named: readonly string[]): {
  read?: (text: string) => Reading;
  isLiteral?: boolean;
} {
  const [name, ...others] = named;
  if (name === undefined || others.length > 0) return {};
  const as = readerNamed(name);
  return { read: (text) => readDotenv(text, { as }), isLiteral: as.name === 'docker' };
}
