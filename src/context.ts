import type { TeamApi } from './api/team.ts';
import type { Registry } from './cli/define.ts';
import type { Printer } from './cli/output.ts';
import type { Prompts } from './cli/prompts.ts';
import type { Streams } from './cli/streams.ts';
import type { FoundLink } from './config/link.ts';
import type { Env, Paths } from './config/paths.ts';
import type { ResolvedScope, ScopeFlags } from './config/scope.ts';
import type { Place, ServerPlace } from './config/place.ts';
import type { EmbeddedVault } from './embedded.ts';
import type { Remote } from './remote.ts';

/**
 * What a command may use. main.ts builds it; what is expensive is a function, and costs nothing until it is called.
 */
export interface Context {
  readonly streams: Streams;
  readonly print: Printer;
  readonly ask: Prompts;
  readonly env: Env;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  /** Version of this program. */
  readonly version: string;
  /** All commands, for completion. */
  readonly commands: Registry;
  now(): Date;
  paths(): Paths;
  /** The link file that this folder is tied by: read once, and `anew` where one was written. */
  link(options?: { anew: boolean }): FoundLink | undefined;
  /** Project and environment, and what named them. Throws `not_linked`. */
  scope(flags: ScopeFlags): ResolvedScope;
  /** How servers are called, as the command line says. The command framework sets it. */
  readonly calling: Calling;
  /** Whether this command works on a server or on the vault of this machine, and what says so. */
  place(): Place;
  /** The vault that this command works on, or another one, as its user. Throws `no_vault` and `not_logged_in`. */
  team(place?: Place): Promise<TeamApi>;
  /** What concerns a server itself, for login, logout, whoami, status and doctor. */
  server(place: ServerPlace): Promise<Remote>;
  /** Closes what was opened: called at the end, and before this process becomes another. */
  close(): Promise<void>;
  /** What concerns the embedded vault itself, for init, key, status and doctor. */
  embedded(options?: { insecureStorage?: boolean }): Promise<EmbeddedVault>;
}

export interface Calling {
  /** What runs, as a server is told: `secrets get`; for `run`, the program. */
  program: string;
  /** Seconds, as typed. */
  timeout: string | undefined;
  caFile: string | undefined;
  insecureHttp: boolean;
}
