import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Enrolled, TeamApi } from './api/team.ts';
import { Connection } from './client/connection.ts';
import { enrol, HttpTeam, serverTime } from './client/team.ts';
import { trustedWith } from './client/tls.ts';
import { assertEncrypted, isLoopback } from './config/origin.ts';
import { type Env, type Paths, serverVariable, tokenVariable } from './config/paths.ts';
import type { ServerPlace } from './config/place.ts';
import {
  readSettings,
  serverIn,
  type ServerSettings,
  type Settings,
  type TokenStorage,
} from './config/settings.ts';
import { longestTimeout, timeoutIn } from './config/timeout.ts';
import { Tokens } from './credentials/tokens.ts';
import { parseToken } from './crypto/token.ts';
import { SecretsError } from './errors.ts';
import { readText } from './files/read.ts';
import type { Secret } from './secret.ts';

/** What the command line, and the process around it, tell. */
export interface RemoteOptions {
  readonly paths: () => Paths;
  readonly env: Env;
  readonly platform: NodeJS.Platform;
  /** What runs, as the server is told. */
  readonly program: string;
  /** Seconds, as typed. */
  readonly timeout: string | undefined;
  readonly caFile: string | undefined;
  readonly insecureHttp: boolean;
}

const defaultTimeout = 10;

/**
 * A server, as this user of it: its token, how to reach it. The part of the composition root that is loaded only when a
 * command works on a server.
 */
export class Remote {
  readonly place: ServerPlace;
  readonly #options: RemoteOptions;
  /** As they were when they were first looked at. */
  #read: Settings | undefined;

  constructor(place: ServerPlace, options: RemoteOptions) {
    this.place = place;
    this.#options = options;
  }

  get origin(): string {
    return this.place.origin;
  }

  /** What the settings know of it; undefined where the user has not logged in there, or where a variable brings the token. */
  get settings(): ServerSettings | undefined {
    if (this.tokenByVariable) return undefined;
    this.#read ??= readSettings(this.#options.paths().settings);
    return serverIn(this.#read, this.origin);
  }

  get tokens(): Tokens {
    const { paths, platform } = this.#options;
    return new Tokens({ file: paths().tokenFile, posix: platform !== 'win32' });
  }

  /** SECRETS_TOKEN is for the server of SECRETS_URL, and for no other. */
  get tokenByVariable(): boolean {
    return this.place.from === 'variable' && Boolean(this.#options.env[tokenVariable]);
  }

  /** Where the token comes from. Throws `not_logged_in` where there is none. */
  get storage(): TokenStorage | 'variable' {
    if (this.tokenByVariable) return 'variable';
    const { settings } = this;
    if (!settings) throw this.#notLoggedIn();
    return settings.storage;
  }

  /** Throws `not_logged_in`, or what the keychain throws. */
  async token(): Promise<Secret> {
    const { storage } = this;
    if (storage === 'variable') return parseToken(this.#options.env[tokenVariable]!, tokenVariable);
    const token = await this.tokens.read(this.origin, storage);
    if (token) return token;
    throw this.#notLoggedIn();
  }

  async team(): Promise<TeamApi> {
    return this.teamWith(await this.token());
  }

  /** The team, by a token that is not kept yet. */
  teamWith(token: Secret): TeamApi {
    return new HttpTeam(this.#connection(token));
  }

  /** A token that was given, checked before it is sent anywhere. Throws `invalid`. */
  parseToken(text: Secret): Secret {
    return parseToken(text.reveal(), 'what was given');
  }

  /** Exchanges an enrolment code for a token. Throws `code_refused`; `invalid` when the code needs a name. */
  enrol(code: Secret, name?: string): Promise<Enrolled> {
    return enrol(this.#connection(undefined), code, name);
  }

  /** The server's clock: a sign of life that needs no token. */
  time(): Promise<Date | undefined> {
    return serverTime(this.#connection(undefined));
  }

  /** The CA file and the consent to plain HTTP that were given, to be kept with the login. */
  get given(): Pick<ServerSettings, 'caFile' | 'insecureHttp'> {
    const named = this.#caFile();
    const caFile = named === undefined ? undefined : resolve(named);
    return { ...(caFile !== undefined && { caFile }), ...(this.#mayBePlain() && { insecureHttp: true }) };
  }

  #connection(token: Secret | undefined): Connection {
    const { origin } = this;
    const { env, program, timeout } = this.#options;
    assertEncrypted(origin, this.#mayBePlain());
    const caFile = this.#caFile();
    return new Connection({
      origin,
      token,
      timeout: seconds(timeout ?? env.SECRETS_TIMEOUT),
      ca: caFile === undefined ? undefined : trustedWith(readText(caFile, 'CA file'), caFile),
      proxyEnv: proxiesFor(origin, env),
      host: hostname(),
      program,
      ...(this.tokenByVariable && {
        renew: `${tokenVariable} needs another token: an admin makes one with secrets token create`,
      }),
    });
  }

  #caFile(): string | undefined {
    return this.#options.caFile ?? (this.#options.env.SECRETS_CA_FILE || this.settings?.caFile);
  }

  #mayBePlain(): boolean {
    if (!this.origin.startsWith('http:') || isLoopback(this.origin)) return false;
    return this.#options.insecureHttp || this.settings?.insecureHttp === true;
  }

  #notLoggedIn(): SecretsError {
    const by = {
      variable: ` (named by ${serverVariable})`,
      'link file': ` (named by ${this.place.link})`,
      settings: '',
      argument: '',
    }[this.place.from];
    return new SecretsError('not_logged_in', `no token for ${this.origin}${by}`, {
      hint: `secrets login ${this.origin}`,
    });
  }
}

/** Throws `invalid` for anything but a number of seconds up to an hour. */
function seconds(typed: string | undefined): number {
  if (typed === undefined || typed === '') return defaultTimeout;
  const wanted = timeoutIn(typed);
  if (wanted !== undefined) return wanted;
  throw new SecretsError('invalid', `a timeout is a number of seconds, at most ${longestTimeout}`, {
    hint: 'like: --timeout 30',
  });
}

const proxyVariables = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap((it) => [it, it.toLowerCase()]);

/** What the variables say of proxies; nothing for plain HTTP to this machine, which would leave it unencrypted. */
function proxiesFor(origin: string, env: Env): Record<string, string> | undefined {
  if (origin.startsWith('http:') && isLoopback(origin)) return undefined;
  const set = proxyVariables.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return set.some(([name]) => name.toLowerCase() !== 'no_proxy') ? Object.fromEntries(set) : undefined;
}
