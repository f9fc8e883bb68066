import { resolve } from 'node:path';
import type { Change, VersionedSecret } from '../api/backend.ts';
import { assertSecretName, isSecretName, printable } from '../api/names.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { isUntouched } from '../dotenv/merging/base.ts';
import { readerNamed } from '../dotenv/readers/index.ts';
import { SecretsError } from '../errors.ts';
import { type Format, formatOf, type Imported, type Remark } from '../formats/read.ts';
import type { Secret } from '../secret.ts';
import { readValues } from './file-values.ts';
import { type PulledFile, pulledFile, rememberFile } from './pulled-file.ts';

export interface ImportOptions {
  readonly format?: Format | undefined;
  /** The program that the file was written for. */
  readonly from?: string | undefined;
  /** Whether references to other names of the file are resolved. */
  readonly expand?: boolean | undefined;
}

export interface ImportPlan {
  /** Where it was read from; `-` is stdin. */
  readonly file: string;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly same: readonly string[];
  readonly remarks: readonly Remark[];
  readonly changes: readonly Change[];
  /** What the environment had under these names, and the file has too. */
  readonly kept: ReadonlyMap<string, VersionedSecret>;
}

/** Reads a file and compares it with an environment: what is new, what is changed, what is the same. Writes nothing. */
export async function planImport(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
  options: ImportOptions = {},
): Promise<ImportPlan> {
  const { read, pulled } = await readFile(ctx, scope, file, options);
  const { values } = read;
  assertNames([...values.keys()], scope, read.source);
  const team = await ctx.team();
  const { secrets } = await team.read(scope, [...values.keys()]);
  const allow = scope.link?.allow ?? [];
  const isAsPulled = pulled ? asPulled(pulled, read) : () => false;
  const changes: Change[] = [];
  for (const [name, value] of values) {
    const now = secrets.get(name);
    if (now && (now.value.equals(value) || isAsPulled(name, now.version))) continue;
    changes.push({ name, value, expect: now?.version ?? 0, allowHijacking: allow.includes(name) });
  }
  const changing = changes.map((change) => change.name);
  const differs = new Set(changing);
  const same = [...values.keys()].filter((name) => !differs.has(name));
  return {
    file: file === '-' ? file : resolve(ctx.cwd, file),
    added: changing.filter((name) => !secrets.has(name)),
    changed: changing.filter((name) => secrets.has(name)),
    same,
    remarks: read.remarks,
    changes,
    kept: new Map(same.map((name) => [name, secrets.get(name)!])),
  };
}

/**
 * Carries a plan out, in one transaction. What file and vault have in common then is remembered, as after a pull. Throws
 * `conflict` if the environment has changed since.
 */
export async function applyImport(ctx: Context, scope: ResolvedScope, plan: ImportPlan): Promise<void> {
  const team = await ctx.team();
  const { changes } = plan;
  const written = changes.length > 0 ? await team.write(scope, changes, { intent: 'import' }) : undefined;
  const versions = new Map(written?.secrets.map(({ name, version }) => [name, version]));
  const taken = changes.map(({ name, value }): [string, { value: Secret; version: number }] => {
    return [name, { value, version: versions.get(name) ?? 0 }];
  });
  rememberFile(ctx, scope, plan.file, new Map([...plan.kept, ...taken]));
}

/** The values of the file, as the program reads it that was named: on the command line, else in the link file. */
async function readFile(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
  { format = formatOf(file), from, expand = false }: ImportOptions,
): Promise<{ read: Imported & { source: string }; pulled: PulledFile | undefined }> {
  assertTogether(format, from, expand);
  const as = from === undefined ? undefined : readerNamed(from);
  // Whoever says how it is to be read wants just that, whatever a pull wrote.
  if (as || expand) return { read: await readValues(ctx, file, format, { as, expand }), pulled: undefined };
  const pulled = pulledFile(ctx, scope, file);
  return { read: await readValues(ctx, file, format, { as: pulled?.as }), pulled };
}

function assertTogether(format: Format, from: string | undefined, expand: boolean): void {
  if (from !== undefined && expand) {
    throw new SecretsError('usage', 'give one of --from and --expand, not both');
  }
  if (format !== 'dotenv' && (from !== undefined || expand)) {
    throw new SecretsError('usage', `${expand ? '--expand' : '--from'} is about .env files, not ${format}`);
  }
}

/**
 * Whether a value of the file is what the last pull wrote there for the version that the vault has. For a few values no
 * .env file can say what was meant, and what is read back is not an edit.
 */
function asPulled(
  { memory, last }: PulledFile,
  { here }: Imported,
): (name: string, version: number) => boolean {
  const base = new Map(Object.entries(last?.secrets ?? {}));
  return (name, version) => {
    const [before, text] = [base.get(name), here?.get(name)];
    if (!before || !text || before.version !== version) return false;
    return isUntouched(name, text, before, (...what) => memory.fingerprint(...what));
  };
}

/** All bad names at once. Unlike on a command line, a name in a file is a name, and can be shown. */
function assertNames(names: readonly string[], scope: ResolvedScope, source: string): void {
  const bad = names.filter((name) => !isSecretName(name)).map(printable);
  if (bad.length > 0) {
    throw new SecretsError(
      'invalid',
      `${source} has names that cannot be secrets: ${bad.join(', ')}; nothing was imported`,
      {
        hint: 'a name is letters, digits and _, not starting with a digit; rename them in the file',
      },
    );
  }
  for (const name of names) assertSecretName(name, { allowHijacking: scope.link?.allow?.includes(name) });
}
