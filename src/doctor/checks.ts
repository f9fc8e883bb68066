import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pullTargets } from '../actions/pull/targets.ts';
import { count, scopeText } from '../cli/text.ts';
import type { Context } from '../context.ts';
import { gitStates, trackedError } from '../exposure/git-safety.ts';
import { SecretsError } from '../errors.ts';
import { type Check, type Checks, type Examined, failed, type Finding, ok, warning } from './finding.ts';
import { serverChecks } from './server.ts';

/** Every part, in the order in which one stands on another. A check that cannot be made is absent. */
export async function examine(ctx: Context): Promise<Finding[]> {
  const findings: Finding[] = [];
  const examined: Examined = {};
  for (const [part, check] of [...around, ...checksOfPlace(ctx), ...within]) {
    const finding = await check(ctx, examined).catch((error: unknown) => failed(part, error));
    if (finding) findings.push(finding);
  }
  return findings;
}

/** A place that cannot be told is a finding like any other. */
function checksOfPlace(ctx: Context): Checks {
  try {
    const place = ctx.place();
    return place.kind === 'server' ? serverChecks(place) : vaultChecks;
  } catch (error) {
    // The check of the link file tells what is wrong with it.
    return isToldByLink(ctx) ? [] : [['place', () => Promise.reject(error)]];
  }
}

function isToldByLink(ctx: Context): boolean {
  try {
    ctx.scope({});
    return false;
  } catch (error) {
    return !(error instanceof SecretsError) || error.code !== 'not_linked';
  }
}

const program: Check = async ({ version, platform }) =>
  ok('program', `team-secrets ${version} on ${platform}`);

const linkFile: Check = async (ctx) => {
  try {
    const { link } = ctx.scope({});
    return ok('link file', link?.path ?? 'none here; the project is named by a variable');
  } catch (error) {
    if (error instanceof SecretsError && error.code === 'not_linked')
      return warning('link file', 'none here', error.hints);
    throw error;
  }
};

const vaultFile: Check = async (ctx) => {
  const vault = await ctx.embedded();
  if (!vault.exists())
    throw new SecretsError('no_vault', `there is no vault at ${vault.path}`, {
      hint: 'make one: secrets init',
    });
  const open = [vault.path, dirname(vault.path)].filter((path) => (statSync(path).mode & 0o077) !== 0);
  if (open.length > 0 && ctx.platform !== 'win32') {
    return warning('vault file', `others on this machine can reach ${open.join(' and ')}`, [
      `chmod go-rwx ${open.join(' ')}`,
    ]);
  }
  return ok('vault file', vault.path);
};

const vaultContent: Check = async (ctx, examined) => {
  const vault = await ctx.embedded();
  if (!vault.exists()) return undefined;
  const opened = await vault.open();
  const [fault] = await opened.faults();
  if (fault)
    throw new SecretsError('vault_damaged', fault, { hint: 'put a backup of the vault in its place' });
  examined.opened = opened;
  return ok('vault content', 'sound');
};

const masterKey: Check = async (ctx, examined) => {
  const { opened } = examined;
  if (!opened) return undefined;
  try {
    await opened.team.check();
  } catch (error) {
    // What stands on the key cannot be looked at either; it is told once.
    delete examined.opened;
    throw error;
  }
  const { keys } = await ctx.embedded();
  if (keys.storage === 'keychain') return ok('master key', 'in the keychain, and it opens the vault');
  if (keys.storage === 'variable') return ok('master key', 'in SECRETS_MASTER_KEY, and it opens the vault');
  const text = `in a plain file, ${keys.file}: whoever reads it can open the vault`;
  return warning('master key', text, [
    'where there is a keychain: secrets key export FILE && secrets key import FILE',
  ]);
};

const values: Check = async (_ctx, examined) => {
  const faults = await examined.opened?.unopenable();
  if (!faults) return undefined;
  if (faults.length === 0) return ok('values', 'every version opens');
  throw new SecretsError('vault_damaged', faults.join('; '), {
    hint: 'put a backup of the vault in its place',
  });
};

const keyBackup: Check = async (_ctx, { opened }) => {
  if (!opened) return undefined;
  const at = await opened.keyExportedAt();
  if (at !== undefined) return ok('key backup', `made on ${at.slice(0, 10)}`);
  return warning('key backup', 'none was made; without its master key the vault is lost', [
    'secrets key export FILE',
  ]);
};

const auditTrail: Check = async (_ctx, { opened }) => {
  const verdict = await opened?.team.verifyAudit();
  if (!verdict) return undefined;
  if (verdict.whole) return ok('audit trail', `whole, ${verdict.events} events`);
  throw new SecretsError('vault_damaged', `broken at event ${verdict.brokenAt}: ${verdict.reason}`, {
    hint: 'compare with a backup of the vault: something else than this program has written to it',
  });
};

const project: Check = async (ctx, { opened, team = opened?.team }) => {
  const scope = scopeIfAny(ctx);
  if (!team || !scope) return undefined;
  const { secrets } = await team.list(scope);
  return ok('project', `${scopeText(scope)}, ${count(secrets.length, 'secret')}`);
};

const envFile: Check = async (ctx) => {
  const scope = scopeIfAny(ctx);
  if (!scope) return undefined;
  const files = pullTargets(scope, ctx.cwd).map(({ file }) => file);
  const states = gitStates(files);
  const tracked = files.find((file) => states.get(file) === 'tracked');
  if (tracked !== undefined) throw trackedError(tracked);
  const exposed = files.filter((file) => states.get(file) === 'exposed');
  if (exposed.length > 0)
    return warning('.env and git', `git does not ignore ${exposed.join(', ')}`, [
      'secrets pull adds it to .gitignore',
    ]);
  const isOutside = files.every((file) => states.get(file) === 'outside');
  return ok('.env and git', isOutside ? 'not in a git repository' : 'git ignores it');
};

function scopeIfAny(ctx: Context) {
  try {
    return ctx.scope({});
  } catch {
    // Told by the check of the link file.
    return undefined;
  }
}

const around: Checks = [
  ['program', program],
  ['link file', linkFile],
];
const vaultChecks: Checks = [
  ['vault file', vaultFile],
  ['vault content', vaultContent],
  ['master key', masterKey],
  ['values', values],
  ['key backup', keyBackup],
  ['audit trail', auditTrail],
];
const within: Checks = [
  ['project', project],
  ['.env and git', envFile],
];
