import { basename, resolve } from 'node:path';
import type { Change } from '../api/backend.ts';
import { assertSecretName, isSecretName, printable } from '../api/names.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { type Format, formatOf, readFormat } from '../dotenv/formats.ts';
import { PullMemory } from '../dotenv/last-pull.ts';
import { SecretsError } from '../errors.ts';
import { decodeText, readText } from '../files/read.ts';
import type { Secret } from '../secret.ts';
import { pullTarget } from './pull-target.ts';
import { rememberPull } from './remember-pull.ts';

export interface ImportPlan {
  /** Where it was read from; `-` is stdin. */
  readonly file: string;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly same: readonly string[];
  readonly remarks: readonly string[];
  readonly changes: readonly Change[];
  /** What the file holds, as it reads. */
  readonly held: ReadonlyMap<string, Secret>;
}

/** Reads a file and compares it with an environment: what is new, what is changed, what is the same. Writes nothing. */
export async function planImport(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
  format?: Format,
): Promise<ImportPlan> {
  const text = file === '-' ? decodeText(ctx.streams.in.readAll(), 'stdin') : readText(file);
  const source = file === '-' ? 'stdin' : basename(file);
  const { values, remarks } = await readFormat(text, format ?? formatOf(file), source);
  assertNames([...values.keys()], scope, source);
  const team = await ctx.team();
  const { secrets } = await team.read(scope, [...values.keys()]);
  const allow = scope.link?.allow ?? [];
  const asPulled = pulledInto(ctx, scope, file);
  const changes: Change[] = [];
  for (const [name, value] of values) {
    const now = secrets.get(name);
    if (now?.value.equals(value) || asPulled(name, value, now?.version)) continue;
    changes.push({ name, value, expect: now?.version ?? 0, allowHijacking: allow.includes(name) });
  }
  const changing = changes.map((change) => change.name);
  const differs = new Set(changing);
  return {
    file: file === '-' ? file : resolve(ctx.cwd, file),
    added: changing.filter((name) => !secrets.has(name)),
    changed: changing.filter((name) => secrets.has(name)),
    same: [...values.keys()].filter((name) => !differs.has(name)),
    remarks,
    changes,
    held: values,
  };
}

/**
 * Carries a plan out, in one transaction. Where the file is the one that a pull would write, it holds by now what the
 * vault holds, as after a pull. Throws `conflict` if the environment has changed since.
 */
export async function applyImport(ctx: Context, scope: ResolvedScope, plan: ImportPlan): Promise<void> {
  const team = await ctx.team();
  if (plan.changes.length > 0) await team.write(scope, plan.changes, { intent: 'import' });
  const target = pullTarget(scope, undefined, ctx.cwd);
  if (plan.file !== target) return;
  const set = await team.read(scope, [...plan.added, ...plan.changed, ...plan.same]);
  const held = new Map([...plan.held].map(([name, value]) => [name, value.reveal()]));
  rememberPull(new PullMemory(ctx.paths().state, target), scope, set, held, ctx.now());
}

/**
 * Whether a value of the file is what the last pull wrote there for the version that the vault has. For a few values no
 * .env file can say what was meant, and what is read back is not an edit.
 */
function pulledInto(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
): (name: string, value: Secret, version: number | undefined) => boolean {
  const target = pullTarget(scope, undefined, ctx.cwd);
  if (file === '-' || resolve(ctx.cwd, file) !== target) return () => false;
  const memory = new PullMemory(ctx.paths().state, target);
  const last = memory.load();
  return (name, value, version) => {
    const pulled = last?.secrets[name];
    return pulled?.version === version && pulled?.fingerprint === memory.fingerprint(name, value.reveal());
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
