import { isAbsolute, join, resolve } from 'node:path';
import { SecretsError } from '../errors.ts';

/** Brings the master key where there is no keychain. No child process ever sees it. */
export const masterKeyVariable = 'SECRETS_MASTER_KEY';
/** Brings a token for the server of SECRETS_URL. No child process ever sees it. */
export const tokenVariable = 'SECRETS_TOKEN';
/** Names the server. */
export const serverVariable = 'SECRETS_URL';

/** Whether a variable that is a switch is on. */
export function isOn(variable: string | undefined): boolean {
  return /^(1|true|yes)$/i.test(variable ?? '');
}

export type Env = Readonly<Record<string, string | undefined>>;

/** Where things are kept on this machine. All below are files or folders of this user alone. */
export interface Paths {
  /** The embedded vault: SECRETS_VAULT, else vault.db in the data folder. */
  readonly vault: string;
  /** The plain key file beside it, there only by consent. */
  readonly keyFile: string;
  /** Which servers this user is logged in to. */
  readonly settings: string;
  /** Their tokens, there only by consent. */
  readonly tokenFile: string;
  /** What this machine remembers between commands (the last pulls). */
  readonly state: string;
  /** What can be thrown away. */
  readonly cache: string;
}

const folder = 'team-secrets';

/** The XDG base directories (specification 0.8), on macOS too; on Windows, LOCALAPPDATA. */
export function resolvePaths(env: Env, platform: NodeJS.Platform, homedir: () => string): Paths {
  const base = (variable: string, ...fallback: string[]): string => {
    const set = env[variable];
    // "All paths set in these environment variables must be absolute. If [not], the path should be ignored."
    if (set !== undefined && isAbsolute(set)) return join(set, folder);
    if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, folder);
    return join(home(env, homedir), ...fallback, folder);
  };
  // Absolute, because SQLite reads file: and :memory: in a way of its own.
  const vault = env.SECRETS_VAULT
    ? resolve(env.SECRETS_VAULT)
    : join(base('XDG_DATA_HOME', '.local', 'share'), 'vault.db');
  // A machine where the folders are named may have no home: then what would be in .config is beside the state.
  const config = (file: string): string => {
    const named = isAbsolute(env.XDG_CONFIG_HOME ?? '') || isAbsolute(env.HOME || homedir());
    const root = named ? base('XDG_CONFIG_HOME', '.config') : base('XDG_STATE_HOME', '.local', 'state');
    return join(root, file);
  };
  return {
    vault,
    keyFile: `${vault}.key`,
    get settings() {
      return config('settings.json');
    },
    get tokenFile() {
      return config('tokens.json');
    },
    state: base('XDG_STATE_HOME', '.local', 'state'),
    cache: base('XDG_CACHE_HOME', '.cache'),
  };
}

function home(env: Env, homedir: () => string): string {
  const found = env.HOME || homedir();
  if (isAbsolute(found)) return found;
  throw new SecretsError('failed', 'this user has no home folder', {
    hint: 'set HOME, or name the vault and the folders: SECRETS_VAULT, XDG_STATE_HOME, XDG_CACHE_HOME',
  });
}
