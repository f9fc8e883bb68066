import { isNamePattern, printable } from '../../api/names.ts';
import { fits } from '../../api/pattern.ts';
import { SecretsError } from '../../errors.ts';

/** Which secrets go into a file: names, and patterns with `*`. */
export interface Selection {
  /** Empty: all of them. */
  readonly only: readonly string[];
  readonly except: readonly string[];
}

/** A selection as it is typed: several to an option, with commas. Throws `usage` for what fits no name. */
export function typedSelection(only: readonly string[], except: readonly string[]): Selection {
  return { only: typedPatterns('--only', only), except: typedPatterns('--except', except) };
}

/** Whether a secret of this name goes into the file. */
export function selects({ only, except }: Selection, name: string): boolean {
  const among = (patterns: readonly string[]): boolean => patterns.some((pattern) => fits(pattern, name));
  return (only.length === 0 || among(only)) && !among(except);
}

/**
 * Whether a name was asked for on the command line; undefined where none was. All others are left alone, while what a
 * target of the link file does not select does not belong into its file.
 */
export function askedFor({
  isTyped,
  selection,
}: {
  readonly isTyped: boolean;
  readonly selection: Selection;
}): ((name: string) => boolean) | undefined {
  return isTyped ? (name) => selects(selection, name) : undefined;
}

/** The names that selections ask for, where they name each: nothing else needs to be read. Undefined: read all. */
export function namesToRead(selections: readonly Selection[]): string[] | undefined {
  if (selections.some(({ only }) => only.length === 0 || only.some(isPattern))) return undefined;
  const names = new Set(selections.flatMap((one) => one.only.filter((name) => selects(one, name))));
  // Who asks for no name asks for all.
  return names.size > 0 ? [...names] : undefined;
}

/** What was selected and is not there: names, and patterns that none of the names fits. */
export function selectedInVain(selection: Selection, names: readonly string[]): string[] {
  const inVain = selection.only.filter((pattern) => !names.some((name) => fits(pattern, name)));
  return inVain.filter((pattern) => isPattern(pattern) || selects(selection, pattern));
}

/** The names and patterns of an option that takes several, with commas. */
export function listed(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(',')).map((word) => word.trim());
}

export function isPattern(name: string): boolean {
  return name.includes('*');
}

function typedPatterns(option: string, words: readonly string[]): string[] {
  const patterns = listed(words);
  const bad = patterns.find((pattern) => !isNamePattern(pattern));
  if (bad === undefined) return patterns;
  throw new SecretsError('usage', `${option} takes names, and patterns with *, not "${printable(bad)}"`, {
    hint: `for example: secrets pull ${option} API_KEY,'WEB_*'`,
  });
}
