import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { keepIgnored } from '../actions/keep-ignored.ts';
import { pullTarget } from '../actions/pull-target.ts';
import { rememberIntent, rememberPull } from '../actions/remember-pull.ts';
import type { SecretSet } from '../api/backend.ts';
import { defineCommand, flag, jsonOption, optional, scopeOptions } from '../cli/define.ts';
import { count, namesText, scopeText } from '../cli/text.ts';
import { findWorkTree } from '../config/git.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { PullMemory } from '../dotenv/last-pull.ts';
import { type Merge, mergeDotenv } from '../dotenv/merge.ts';
import { readDotenv, valuesOf } from '../dotenv/read.ts';
import { misread, writeLine } from '../dotenv/write.ts';
import { SecretsError } from '../errors.ts';
import { readText } from '../files/read.ts';
import { writeFile } from '../files/write.ts';

export const pull = defineCommand({
  name: 'pull',
  summary: 'write the secrets to a .env file',
  description:
    'The file is .env for the default environment and .env.<environment> for others, or the one named; - prints to ' +
    'stdout. It is 0600 and replaced in one step, and git must ignore it. Comments, order and names that are not in ' +
    'the vault stay as they are. A value that was edited here since the last pull is never overwritten unasked: the ' +
    'pull stops, names it, and writes nothing.',
  args: { file: optional('file to write', 'file') },
  options: {
    overwrite: flag('--overwrite', 'take the value of the vault where one was edited here'),
    gitignore: flag('--no-gitignore', 'do not add the file to .gitignore; refuse when it is not ignored'),
    ...scopeOptions,
    json: jsonOption,
  },
  examples: [
    ['Write .env', 'secrets pull'],
    ['Write another environment to another file', 'secrets pull --env staging apps/web/.env.local'],
  ],
  async run(ctx, { file, overwrite, gitignore, json, ...where }) {
    const scope = ctx.scope(where);
    if (file === '-') return print(ctx, await (await ctx.team()).read(scope));
    const target = realTarget(pullTarget(scope, file, ctx.cwd), scope.link?.folder ?? ctx.cwd);
    keepIgnored(ctx, target, gitignore);
    const set = await (await ctx.team()).read(scope);
    const memory = new PullMemory(ctx.paths().state, target);
    const wanted = new Map([...set.secrets].map(([name, { value }]) => [name, value.reveal()]));
    const merge = mergeInto(target, wanted, memory, overwrite);
    const name = relative(ctx.cwd, target) || target;
    if (merge.edited.length > 0) throw editedHere(merge.edited, name, scope);
    const wrong = misread(merge.text, wanted);
    assertNeighbours(wrong, wanted, name);
    const held = valuesOf(readDotenv(merge.text));
    const about = new Map([...merge.added, ...merge.updated].map((it) => [it, held.get(it) ?? '']));
    if (about.size > 0) rememberIntent(memory, scope, about, ctx.now());
    writeFile(target, merge.text);
    rememberPull(memory, scope, set, held, ctx.now());
    await warnMisread(ctx, wrong);
    const { added, updated, removed } = merge;
    if (json) return ctx.print.json({ file: target, revision: set.revision, added, updated, removed });
    const parts = [`${added.length} added`, `${updated.length} updated`, `${removed.length} removed`];
    ctx.print.note(
      `wrote ${count(set.secrets.size, 'secret')} of ${scopeText(scope)} to ${name} (${parts.join(', ')})`,
    );
  },
});

function print(ctx: Context, set: SecretSet): void {
  ctx.print.raw([...set.secrets].map(([name, { value }]) => writeLine(name, value.reveal())).join(''));
}

/**
 * Behind a symbolic link, of the file or of a folder above it, stands the file that is written and that git must ignore.
 * A path inside the repository that leads out of it is refused, and so is a link to something that is no .env file: a
 * link is committed by one person and followed by another.
 */
function realTarget(target: string, folder: string): string {
  if (isLink(target) && !existsSync(target)) {
    throw new SecretsError('invalid', `"${target}" is a link that leads nowhere`);
  }
  const parent = existsSync(dirname(target)) ? realpathSync(dirname(target)) : dirname(target);
  const real = existsSync(target) ? realpathSync(target) : join(parent, basename(target));
  if (existsSync(real) && !statSync(real).isFile()) {
    throw new SecretsError('invalid', `"${target}" is not a file`, {
      hint: 'name the file to write: secrets pull FILE',
    });
  }
  const root = findWorkTree(folder)?.root ?? folder;
  const leadsOut = isInside(target, root) && !isInside(real, realpathSync(root));
  if (leadsOut || (isLink(target) && !/(?:^|\.)env(?:\.|$)/.test(basename(real)))) {
    throw new SecretsError('invalid', `"${target}" leads to ${real}, through a link`, {
      hint: `if that is the file to write, name it: secrets pull ${real}`,
    });
  }
  return real;
}

function isInside(path: string, folder: string): boolean {
  return `${path}${sep}`.startsWith(`${folder}${sep}`);
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // It is not there, or cannot be: the write will say which.
    return false;
  }
}

function mergeInto(
  target: string,
  wanted: ReadonlyMap<string, string>,
  memory: PullMemory,
  overwrite: boolean,
): Merge {
  const last = memory.load();
  return mergeDotenv({
    existing: existsSync(target) ? readText(target) : undefined,
    wanted,
    lastPulled: new Set(Object.keys(last?.secrets ?? {})),
    isFromLastPull: (name, value) => {
      const { fingerprint, next } = last?.secrets[name] ?? {};
      return [fingerprint, next].includes(memory.fingerprint(name, value));
    },
    overwrite,
  });
}

function editedHere(names: readonly string[], file: string, scope: ResolvedScope): SecretsError {
  const where = `--project ${scope.project} --env ${scope.environment}`;
  return new SecretsError(
    'drift',
    `${file} has other values for ${namesText(names)} than the vault; nothing was written`,
    {
      hint: [
        `keep what is here: secrets import ${file} ${where}`,
        `take what the vault has: secrets pull ${file} --overwrite ${where}`,
      ],
    },
  );
}

/** A value that would be read right by itself is misread because of another: that file is not written. */
function assertNeighbours(wrong: readonly string[], wanted: ReadonlyMap<string, string>, file: string): void {
  const alone = (name: string): ReadonlyMap<string, string> => new Map([[name, wanted.get(name)!]]);
  const damaged = wrong.filter(
    (name) => misread(writeLine(name, wanted.get(name)!), alone(name)).length === 0,
  );
  if (damaged.length === 0) return;
  const ends = [...wanted].filter(([, value]) => value.endsWith('\\')).map(([name]) => name);
  throw new SecretsError(
    'invalid',
    `in ${file}, ${namesText(damaged)} would be swallowed by a value before it; nothing was written`,
    {
      hint: [
        `the likely culprit ends in a backslash: ${ends.join(', ') || 'look at the lines before it'}`,
        'run the program with the secrets instead: secrets run -- …',
      ],
    },
  );
}

async function warnMisread(ctx: Context, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  await ctx.print.warn(`some programs will read another value than was meant: ${namesText(names)}`, [
    'no .env file can hold such quotes for every reader; run the program with them: secrets run -- …',
  ]);
}
