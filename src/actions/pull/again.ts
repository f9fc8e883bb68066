import type { ResolvedScope } from '../../config/scope.ts';
import { shellWord } from '../../exposure/git-safety.ts';
import { isPattern, listed } from './selection.ts';
import type { Typed } from './targets.ts';

/** Commands to be pasted: what was typed, and the same for other names. None contradicts what was typed. */
export interface Commands {
  /** The command that was typed; the same for this file alone; and what names the scope, for any other. */
  readonly again: string;
  readonly alone: string;
  readonly where: string;
  /** For this file, and these names of it. */
  these(names: readonly string[]): string;
  /** For this file, without these names; undefined where that leaves none. */
  without(names: readonly string[]): string | undefined;
}

/** The commands about a target, which is shown as `shown`. */
export function commandsFor(scope: ResolvedScope, typed: Typed, shown: string): Commands {
  const one = { ...typed, file: typed.file ?? shown };
  return {
    again: pullText(scope, typed),
    alone: pullText(scope, one),
    where: shellWords(whereWords(scope)),
    these: (names) => pullText(scope, { ...one, only: [names.join(',')], except: [] }),
    without: (names) => withoutText(scope, one, names),
  };
}

function withoutText(scope: ResolvedScope, typed: Typed, names: readonly string[]): string | undefined {
  const before = listed(typed.only ?? []);
  const only = before.filter((name) => !names.includes(name));
  if (before.length > 0 && only.length === 0) return undefined;
  const except = only.length === 0 || only.some(isPattern) ? names : [];
  return pullText(scope, {
    ...typed,
    only: together(only),
    except: together([...listed(typed.except ?? []), ...except]),
  });
}

function together(names: readonly string[]): string[] {
  return names.length > 0 ? [names.join(',')] : [];
}

function pullText(scope: ResolvedScope, typed: Typed): string {
  const words = (option: string, values: readonly string[] = []): string[] =>
    values.flatMap((it) => [option, it]);
  return shellWords([
    'secrets',
    'pull',
    ...(typed.file === undefined ? [] : [typed.file]),
    ...whereWords(scope),
    ...words('--for', typed.for),
    ...words('--format', typed.format === undefined ? [] : [typed.format]),
    ...words('--only', typed.only),
    ...words('--except', typed.except),
  ]);
}

function whereWords({ project, projectFrom, environment, environmentFrom }: ResolvedScope): string[] {
  return [
    ...(projectFrom === 'flag' ? ['--project', project] : []),
    ...(environmentFrom === 'flag' ? ['--env', environment] : []),
  ];
}

function shellWords(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}
