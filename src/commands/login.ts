import { type Credential, readCredential } from '../actions/credential.ts';
import { revokeOwn } from '../actions/revoke.ts';
import { serverToLogIn } from '../actions/server-named.ts';
import type { TeamApi } from '../api/team.ts';
import { defineCommand, flag, jsonOption, optional, value } from '../cli/define.ts';
import { timeText } from '../cli/text.ts';
import { isOn } from '../config/paths.ts';
import { rememberServer, type TokenStorage } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import { captureGit } from '../process/capture.ts';
import type { Secret } from '../secret.ts';

export const login = defineCommand({
  name: 'login',
  summary: 'log in to a team server',
  description:
    'An admin gives you an enrolment code (`secrets member invite`), which is exchanged for a token of this machine; ' +
    'the token goes to the keychain and is sent to that server alone. Where it is the link file that names the server, ' +
    'one that you have not logged in to before is asked about first, and takes no code or token from stdin. A server ' +
    'that you name becomes the one that is meant where neither SECRETS_URL nor a link file names one. A token ' +
    'ends after 30 days without use, and after 90 in any case; ' +
    'while it is good, logging in again needs no code: the token is replaced, and the old one revoked. To log in as ' +
    'somebody else, log out first, or give --code.',
  args: { url: optional('address of the server (default: SECRETS_URL, or that of the link file)') },
  options: {
    code: value('--code <->', 'read the enrolment code from stdin: --code -', ['-']),
    token: value('--token <->', 'read a token from stdin, in place of a code: --token -', ['-']),
    name: value('--name <name>', 'your e-mail address, for a code that was made for nobody by name'),
    insecureStorage: flag('--insecure-storage', 'keep the token in a plain file that only you can read'),
    json: jsonOption,
  },
  examples: [
    ['With the code that an admin gave you', 'secrets login https://secrets.example.com'],
    [
      'With a token, where there is no terminal',
      'printf %s "$TOKEN" | secrets login https://secrets.example.com --token -',
    ],
    ['Where there is no keychain', 'secrets login https://secrets.example.com --insecure-storage'],
  ],
  async run(ctx, { url, code, token, name, insecureStorage, json }) {
    const given = code !== undefined || token !== undefined;
    const server = await ctx.server(await serverToLogIn(ctx, url, given));
    const consent =
      insecureStorage ||
      isOn(ctx.env.SECRETS_INSECURE_STORAGE) ||
      // Given before, for this server.
      server.settings?.storage === 'file';
    const storage = consent ? 'file' : 'keychain';
    // A code is good for one use: first see that what it brings can be kept.
    await server.tokens.assertKeeps(server.origin, storage);
    const old = await oldToken(server);
    const own = given ? undefined : await ownCode(server, old);
    // Nobody should type a code for a server that does not answer.
    if (!given && !own) await server.time();
    const credential = own ?? (await readCredential(ctx, { code, token }, server.origin));
    const fresh = await redeem(ctx, server, credential, name);
    await keep(ctx, server, fresh, storage, credential.kind);
    if (old && !old.equals(fresh.token)) await revokeOld(ctx, server.teamWith(old));
    if (storage === 'file')
      await ctx.print.warn(
        `the token is in a plain file, ${server.tokens.file}: whoever reads it can use it`,
      );
    if (json) return ctx.print.json({ server: server.origin, ...fresh, token: undefined, storage });
    ctx.print.note(
      `logged in to ${server.origin} as ${fresh.name} (${fresh.role}), until ${timeText(fresh.expiresAt)}`,
    );
  },
});

type Server = Awaited<ReturnType<Context['server']>>;

interface Fresh {
  readonly token: Secret;
  readonly name: string;
  readonly role: string;
  readonly expiresAt: string;
}

/** The token that a login replaces. One that cannot be read is none: a broken keychain must not stand in the way. */
async function oldToken(server: Server): Promise<Secret | undefined> {
  try {
    const { settings } = server;
    return settings && (await server.tokens.read(server.origin, settings.storage));
  } catch (error) {
    if (error instanceof SecretsError) return undefined;
    throw error;
  }
}

/** Whoever is logged in needs nobody for a new token of their own. */
async function ownCode(server: Server, old: Secret | undefined): Promise<Credential | undefined> {
  if (!old) return undefined;
  try {
    const team = server.teamWith(old);
    const { name, role } = await team.whoami();
    return role === 'service' ? undefined : { kind: 'code', text: (await team.invite({ name })).code };
  } catch (error) {
    if (error instanceof SecretsError && error.code === 'not_logged_in') return undefined;
    throw error;
  }
}

async function redeem(
  ctx: Context,
  server: Server,
  { kind, text }: Credential,
  name: string | undefined,
): Promise<Fresh> {
  if (kind === 'token') return owner(server, text);
  try {
    return await server.enrol(text, name);
  } catch (error) {
    // The code is for somebody without a name, and is still good.
    const nameless = error instanceof SecretsError && error.code === 'invalid' && name === undefined;
    if (!nameless || !ctx.ask.possible) throw error;
    return server.enrol(text, await askName(ctx));
  }
}

async function owner(server: Server, text: Secret): Promise<Fresh> {
  const token = server.parseToken(text);
  const { name, role, token: info } = await server.teamWith(token).whoami();
  return { token, name, role, expiresAt: info?.expiresAt ?? '' };
}

async function askName(ctx: Context): Promise<string> {
  const address = captureGit(['config', 'user.email'], ctx.cwd)?.stdout.trim();
  return (await ctx.ask.text('Your e-mail address', 'give it: --name NAME', address || undefined)).trim();
}

/** Keeps the token. Where that fails after all, nobody could use the token, and it is revoked. */
async function keep(
  ctx: Context,
  server: Server,
  { token, name }: Fresh,
  storage: TokenStorage,
  kind: Credential['kind'],
): Promise<void> {
  const { origin, tokens } = server;
  const before = server.settings?.storage;
  try {
    await tokens.keep(origin, storage, token);
    const asDefault = server.place.from !== 'link file';
    rememberServer(ctx.paths().settings, origin, { storage, name, ...server.given }, { asDefault });
  } catch (error) {
    if (!(error instanceof SecretsError) || kind === 'token') throw error;
    const outcome = await revokeOwn(server.teamWith(token));
    const told =
      outcome instanceof SecretsError
        ? `the new token could not be revoked either (${outcome.message}): ask an admin to revoke it`
        : 'the new token was revoked; ask an admin for another code';
    throw new SecretsError(error.code, error.message, { cause: error, hint: [...error.hints, told] });
  }
  // What is left in the other place is not read any more, and is revoked below.
  if (before !== undefined && before !== storage) await tokens.remove(origin, before).catch(ignoreOurs);
}

function ignoreOurs(error: unknown): void {
  if (!(error instanceof SecretsError)) throw error;
}

async function revokeOld(ctx: Context, team: TeamApi): Promise<void> {
  const outcome = await revokeOwn(team);
  if (!(outcome instanceof SecretsError)) return;
  await ctx.print.warn(`the token of your earlier login could not be revoked: ${outcome.message}`, [
    'see it, and revoke it: secrets token list; secrets token revoke ID',
  ]);
}
