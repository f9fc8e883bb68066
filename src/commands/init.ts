import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, join, relative } from 'node:path';
import { applyImport, planImport } from '../actions/import-file.ts';
import { chosenPlace, ensureProject, made } from '../actions/init-place.ts';
import { keepIgnored } from '../actions/keep-ignored.ts';
import { assertScopeName } from '../api/names.ts';
import { defineCommand, flag, insecureOption, jsonOption, value } from '../cli/define.ts';
import { count, scopeText } from '../cli/text.ts';
import { type Link, linkFileName, writeLink } from '../config/link.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import { readText } from '../files/read.ts';
import { captureGit } from '../process/capture.ts';

export const init = defineCommand({
  name: 'init',
  summary: 'tie this repository to a project',
  description:
    'Writes secrets.config.json, which is meant to be committed; makes the vault of this machine, with its master key ' +
    'in the keychain, if there is none yet; makes the project if the vault does not have it; offers to import .env; ' +
    'and sees to it that git ignores .env. Run again, it does only what is missing. Where you are logged in to a team ' +
    'server, or SECRETS_URL names one, the link names it, too, and no vault is made here.',
  args: {},
  options: {
    project: value(
      '-p, --project <name>',
      'name of the project (default: the linked one, or the name of this folder)',
      'project',
    ),
    server: value(
      '--server <url>',
      'the team server that has the project (default: the one you are logged in to)',
    ),
    local: flag('--local', 'use the vault of this machine, although you are logged in to a server'),
    import: value('--import <file>', 'import this file without asking', 'file'),
    skipImport: flag('--skip-import', 'do not offer to import .env'),
    gitignore: flag('--no-gitignore', 'leave .gitignore alone'),
    insecureStorage: insecureOption,
    json: jsonOption,
  },
  examples: [
    ['Tie this folder to a project of the same name', 'secrets init'],
    ['Without questions', 'secrets init --project web --import .env'],
    ['Where there is no keychain', 'secrets init --project web --insecure-storage'],
  ],
  async run(ctx, input) {
    const link = ctx.link();
    const project = input.project ?? link?.project ?? (await askProject(ctx));
    assertScopeName('project', project);
    if (link && link.folder === ctx.cwd && link.project !== project) throw linkedElsewhere(link.project);
    const place = chosenPlace(ctx, link, input);
    if (input.import !== undefined) readText(input.import);
    const madeVault = place.kind === 'embedded' && (await ensureVault(ctx, input.insecureStorage));
    const madeProject = await ensureProject(await ctx.team(place), place, project);
    if (madeProject) ctx.print.note(`made the project ${project}`);
    const server = place.kind === 'server' ? place.origin : undefined;
    const linked =
      link?.project === project ? link : linkTo(ctx, { project, ...(server !== undefined && { server }) });
    const { folder } = linked;
    await ignoreEnvFile(ctx, join(folder, '.env'), input.gitignore);
    await offerImport(ctx, join(folder, '.env'), input.import, input.skipImport);
    if (input.json) return ctx.print.json({ project, server, link: linked.path, madeVault, madeProject });
    ctx.print.note(`${project} is ready; add a secret: secrets set NAME`);
  },
});

/** Writes the link file. Where another process did so meanwhile, it must be for the same project. */
function linkTo(ctx: Context, link: Link): { path: string; folder: string } {
  try {
    const path = writeLink(ctx.cwd, link);
    ctx.link({ anew: true });
    ctx.print.note(`wrote ${linkFileName}: commit it`);
    return { path, folder: ctx.cwd };
  } catch (error) {
    if (!(error instanceof SecretsError) || error.code !== 'conflict') throw error;
    const found = ctx.link({ anew: true });
    if (found?.project === link.project && found.server === link.server) return found;
    throw linkedElsewhere(found?.project, error);
  }
}

function linkedElsewhere(project: string | undefined, cause?: unknown): SecretsError {
  return new SecretsError('conflict', `${linkFileName} ties this folder to "${project}" already`, {
    cause,
    hint: `to tie it to another project, edit "project" in ${linkFileName}`,
  });
}

async function askProject(ctx: Context): Promise<string> {
  const fallback =
    basename(ctx.cwd)
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 64) || 'app';
  return (await ctx.ask.text('Name of the project', 'name the project: --project NAME', fallback)).trim();
}

async function ensureVault(ctx: Context, insecureStorage: boolean): Promise<boolean> {
  const vault = await ctx.embedded({ insecureStorage });
  if (vault.exists()) return false;
  if (!(await made(() => vault.create(ownerName(ctx))))) return false;
  ctx.print.note(`made the vault ${vault.path}`);
  if (vault.keys.storage === 'keychain')
    ctx.print.note('its master key is in your keychain; back it up: secrets key export FILE');
  if (vault.keys.storage === 'variable')
    ctx.print.note('its master key is in SECRETS_MASTER_KEY, and kept nowhere else: keep it');
  if (vault.keys.storage === 'file') {
    await ctx.print.warn(
      `the master key is in a plain file, ${vault.keys.file}: whoever reads it can open the vault`,
      ['back it up: secrets key export FILE'],
    );
  }
  return true;
}

/** The name under which this user's changes are recorded: their git address, else their login. */
function ownerName(ctx: Context): string {
  const address = captureGit(['config', 'user.email'], ctx.cwd)?.stdout.trim();
  if (address) return address;
  try {
    return userInfo().username;
  } catch {
    // A container may run under a user id that has no name.
    return 'owner';
  }
}

async function ignoreEnvFile(ctx: Context, file: string, mayAdd: boolean): Promise<void> {
  if (!mayAdd) return;
  try {
    keepIgnored(ctx, file, true);
  } catch (error) {
    // The file is in git already: to be told, and no reason to stop.
    if (!(error instanceof SecretsError)) throw error;
    await ctx.print.warn(error.message, error.hints);
  }
}

async function offerImport(
  ctx: Context,
  envFile: string,
  named: string | undefined,
  skip: boolean,
): Promise<void> {
  const scope = ctx.scope({});
  const file = named ?? envFile;
  if (named === undefined && (skip || !ctx.ask.possible || !existsSync(envFile))) return;
  const plan = await planImport(ctx, scope, file);
  for (const { text, hint } of plan.remarks) await ctx.print.warn(text, hint === undefined ? [] : [hint]);
  const name = relative(ctx.cwd, file) || file;
  if (plan.changes.length === 0) return ctx.print.note(`${name} holds nothing that the vault does not have`);
  if (plan.changed.length > 0) {
    return ctx.print.warn(
      `${name} has other values than the vault for ${plan.changed.join(', ')}; not imported`,
      [`look first: secrets import ${name} --dry-run`],
    );
  }
  const what = `Import ${count(plan.added.length, 'secret')} from ${name} into ${scopeText(scope)}?`;
  if (named === undefined && !(await ctx.ask.confirm(what, 'import it without asking: --import FILE')))
    return;
  await applyImport(ctx, scope, plan);
  ctx.print.note(`imported ${count(plan.added.length, 'secret')} into ${scopeText(scope)}`);
}
