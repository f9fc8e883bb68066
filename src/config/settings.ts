import { existsSync } from 'node:fs';
import { SecretsError } from '../errors.ts';
import { readPlain } from '../files/read.ts';
import { writeFile } from '../files/write.ts';
import { originIn } from './origin.ts';

/** The user's settings: which servers they are logged in to. Written by `login` and `logout`; nothing in it is secret. */
export interface Settings {
  /** Origin of the server that is meant where nothing names one. */
  readonly default?: string;
  /** By origin. */
  readonly servers: Readonly<Record<string, ServerSettings>>;
}

export interface ServerSettings {
  /** Where the token is kept. */
  readonly storage: TokenStorage;
  /** Who is logged in. */
  readonly name: string;
  /** Certificates to trust there, besides the usual ones. */
  readonly caFile?: string;
  /** Consent to plain HTTP. */
  readonly insecureHttp?: boolean;
}

/** `file` is there only by the user's explicit consent. */
export type TokenStorage = 'keychain' | 'file';

const maxBytes = 1024 * 1024;

/** Reads the settings; none is as good as empty. Throws `invalid` for a file that `login` did not write. */
export function readSettings(path: string): Settings {
  if (!existsSync(path)) return { servers: {} };
  const parsed = parse(readPlain(path, 'settings file', maxBytes));
  if (isSettings(parsed)) return parsed;
  throw new SecretsError('invalid', `the settings file ${path} is damaged`, {
    hint: `remove it, and log in again: rm ${path}; secrets login https://secrets.example.com`,
  });
}

/** What is known of one server; undefined where the user is not logged in there. */
export function serverIn({ servers }: Settings, origin: string): ServerSettings | undefined {
  return Object.hasOwn(servers, origin) ? servers[origin] : undefined;
}

/** Notes a login, and makes that server the default unless it is said that the old one stays. */
export function rememberServer(
  path: string,
  origin: string,
  server: ServerSettings,
  { asDefault = true }: { asDefault?: boolean } = {},
): void {
  const { servers, default: before } = readSettings(path);
  const main = asDefault ? origin : before;
  write(path, { ...(main !== undefined && { default: main }), servers: { ...servers, [origin]: server } });
}

/** Forgets a login; a default that it was is one no more. */
export function forgetServer(path: string, origin: string): void {
  const settings = readSettings(path);
  if (!serverIn(settings, origin)) return;
  const servers = Object.fromEntries(Object.entries(settings.servers).filter(([known]) => known !== origin));
  const { default: main } = settings;
  write(path, main === undefined || main === origin ? { servers } : { default: main, servers });
}

function write(path: string, settings: Settings): void {
  writeFile(path, `${JSON.stringify(settings, null, 2)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isSettings(value: unknown): value is Settings {
  if (!isObject(value) || !isObject(value.servers)) return false;
  const servers = Object.entries(value.servers);
  const origins = [...servers.map(([origin]) => origin), value.default ?? []].flat();
  return origins.every(isOrigin) && servers.every(([, server]) => isServer(server));
}

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && originIn(value) === value;
}

function isServer(value: unknown): boolean {
  return (
    isObject(value) &&
    (value.storage === 'keychain' || value.storage === 'file') &&
    typeof value.name === 'string' &&
    ['undefined', 'string'].includes(typeof value.caFile) &&
    ['undefined', 'boolean'].includes(typeof value.insecureHttp)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
