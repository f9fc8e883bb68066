import { join } from 'node:path';
import { shellWord } from '../../exposure/git-safety.ts';
import type { Kept } from '../../dotenv/merge.ts';
import { isEnvFile } from '../file-values.ts';
import type { Target } from './targets.ts';

/** The names that were edited here, or deleted here, of those that are kept so. */
export function keptNames(kept: readonly Kept[], how: Kept['here']): string[] {
  return kept.filter(({ here }) => here === how).map(({ name }) => name);
}

/** What brings file and vault together where something was done here alone, either way. */
export function keptHints(target: Target, kept: readonly Kept[]): string[] {
  const [edited, deleted] = [keptNames(kept, 'edited'), keptNames(kept, 'deleted')];
  return [
    ...(edited.length > 0 ? editedHints(target, edited) : []),
    ...(deleted.length > 0 ? [`to bring back what was deleted here: ${target.these(deleted)} --reset`] : []),
  ];
}

function editedHints(target: Target, names: readonly string[]): string[] {
  return [
    ...settingCommands(target, names).map((it) => `to bring what was edited here to the vault: ${it}`),
    `or to take what the vault has: ${target.these(names)} --reset`,
  ];
}

/**
 * In a folder of files, each value is a file of its own; and so it would be taken out of a file whose name does not say
 * that it has names: there, the value is to be typed.
 */
function settingCommands({ shown, format, where }: Target, names: readonly string[]): string[] {
  const from = (file: string, some: readonly string[]): string =>
    [`secrets set --from-file ${shellWord(file)}`, ...some, where].join(' ').trimEnd();
  if (format === 'files') return names.map((name) => from(join(shown, name), [name]));
  if (isEnvFile(shown)) return [from(shown, names)];
  return names.map((name) => `secrets set ${name} ${where}`.trimEnd());
}
