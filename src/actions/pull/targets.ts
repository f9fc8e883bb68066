import { relative, resolve } from 'node:path';
import type { ResolvedScope } from '../../config/scope.ts';
import type { LinkTarget } from '../../config/targets.ts';
import { SecretsError } from '../../errors.ts';
import type { OutputFormat } from '../../formats/index.ts';
import { type Commands, commandsFor } from './again.ts';
import { isMeant, linkedFile } from './linked-file.ts';
import { assertPurposes } from './linked-purpose.ts';
import { formatByName, type Purpose, purposeOf } from './purpose.ts';
import { type Selection, typedSelection } from './selection.ts';

/** A file to be written, and what for. */
export interface Target extends Purpose, Commands {
  /** Absolute; a link in it is yet to be followed. */
  readonly file: string;
  /** As it is told to whoever called us. */
  readonly shown: string;
  readonly selection: Selection;
  /** Its selection was typed: a name that is not there is a mistake, and all that it leaves out is left alone. */
  readonly isTyped: boolean;
  /** The targets of the link file, as they are shown, where it names some and this file is none of them. */
  readonly strayFrom: readonly string[];
}

/** What the command line says of the one file that it is about. */
export interface Typed {
  readonly file?: string | undefined;
  readonly for?: readonly string[];
  readonly format?: string | undefined;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
}

/**
 * The files that a pull is about: the one that was named; else all that the link file names; else `.env` beside it. Throws
 * `usage` for options of one file where there are several, `invalid` for targets that are wrong or of which no file can be made.
 */
export function pullTargets(scope: ResolvedScope, cwd: string, typed: Typed = {}): Target[] {
  const linked = scope.link?.targets ?? [];
  assertPurposes(scope.link);
  if (typed.file !== undefined) return [namedTarget(scope, cwd, typed, resolve(cwd, typed.file))];
  const format = purposeOf(typed.for ?? [], typed.format)?.format ?? 'dotenv';
  if (format === 'github-env') return [targetFrom(scope, cwd, { file: '' }, '$GITHUB_ENV', typed)];
  if (format !== 'dotenv') throw noFileFor(format);
  if (linked.length > 1) assertNoneOfOne(typed);
  const all = linked.length > 0 ? linked : [{ file: '.env' }];
  return all.map((target) => targetFrom(scope, cwd, target, linkedFile(scope, cwd, target), typed));
}

function namedTarget(scope: ResolvedScope, cwd: string, typed: Typed, file: string): Target {
  const { targets = [], folder = cwd } = scope.link ?? {};
  const known = targets.find((target) => isMeant(scope, cwd, target, file));
  const strayFrom = known ? [] : targets.map((one) => relative(cwd, resolve(folder, one.file)));
  const target = { ...targetFrom(scope, cwd, known ?? { file: '' }, file, typed), strayFrom };
  if (target.format !== 'github-env' || typed.file === '-') return target;
  throw new SecretsError('usage', 'the format "github-env" goes to the file that GITHUB_ENV names', {
    hint: 'name none: secrets pull --for github-env',
  });
}

function targetFrom(
  scope: ResolvedScope,
  cwd: string,
  linked: LinkTarget,
  file: string,
  typed: Typed,
): Target {
  const { only = [], except = [] } = typed;
  const isTyped = only.length > 0 || except.length > 0;
  const purpose = purposeOf(typed.for ?? [], typed.format) ?? purposeOf(linked.for ?? [], linked.format);
  const shown = relative(cwd, file) || file;
  return {
    file,
    shown,
    readers: purpose?.readers ?? [],
    format: purpose?.format ?? formatByName(file),
    selection: isTyped
      ? typedSelection(only, except)
      : { only: linked.only ?? [], except: linked.except ?? [] },
    isTyped,
    strayFrom: [],
    ...commandsFor(scope, typed, shown),
  };
}

function noFileFor(format: OutputFormat): SecretsError {
  return new SecretsError('usage', `no file is named for the format "${format}"`, {
    hint: `name it, or - for stdout: secrets pull --format ${format} ${format === 'files' ? 'FOLDER' : 'FILE'}`,
  });
}

function assertNoneOfOne(typed: Typed): void {
  const given = (['for', 'format', 'only', 'except'] as const).find((name) => (typed[name] ?? []).length > 0);
  if (!given) return;
  throw new SecretsError('usage', `--${given} is about one file, and the link file names several`, {
    hint: `name the file: secrets pull FILE --${given} …; or write it into the link file`,
  });
}
