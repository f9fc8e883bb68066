import { type FoundLink, targetError } from '../../config/link.ts';
import type { LinkTarget } from '../../config/targets.ts';
import { readerNamed } from '../../dotenv/readers/index.ts';
import { SecretsError } from '../../errors.ts';
import { outputFormats } from '../../formats/index.ts';
import { formatByName, type Purpose, purposeOf } from './purpose.ts';

/**
 * Throws `invalid`, with the line in the link file, for the first target whose programs or format are not known, or do
 * not go together or with the name of the file.
 */
export function assertPurposes(link: FoundLink | undefined): void {
  for (const [i, target] of link?.targets?.entries() ?? []) {
    const format = caught(link!, [i, 'format'], () => purposeOf([], target.format))?.format;
    const purpose = caught(link!, [i, 'for'], () => {
      const found = purposeOf(target.for ?? [], format);
      found?.readers.forEach(readerNamed);
      return found;
    });
    if (format === undefined && purpose) assertEnvName(link!, i, target, purpose);
  }
}

/** A name that tells another format is believed, unless the format is written beside it. */
function assertEnvName(link: FoundLink, i: number, { file }: LinkTarget, { readers, format }: Purpose): void {
  const byName = formatByName(file);
  if (readers.length === 0 || format !== 'dotenv' || byName === 'dotenv') return;
  throw targetError(
    link,
    [i, 'for'],
    `is about .env files, and "${file}" is one of the format "${byName}" by its name`,
    'leave "for" out; or if it is a .env file, add "format": "dotenv"',
  );
}

/** What is wrong with a word is a mistake in the link file, not in what was typed. */
function caught<T>(link: FoundLink, at: readonly [number, keyof LinkTarget], look: () => T): T {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    const formats = at[1] === 'for' ? [`or a format: ${outputFormats.join(', ')}`] : [];
    const hints = error.hints.length > 0 ? [...error.hints, ...formats] : [];
    throw targetError(link, at, `is wrong: ${error.message}`, hints);
  }
}
