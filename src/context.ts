import type { TeamApi } from './api/team.ts';
import type { Registry } from './cli/define.ts';
import type { Printer } from './cli/output.ts';
import type { Prompts } from './cli/prompts.ts';
import type { Streams } from './cli/streams.ts';
import type { Env, Paths } from './config/paths.ts';
import type { ResolvedScope, ScopeFlags } from './config/scope.ts';
import type { EmbeddedVault } from './embedded.ts';

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
  /** The user that this process acts as; undefined on Windows. */
  readonly uid: number | undefined;
  /** Version of this program. */
  readonly version: string;
  /** All commands, for completion. */
  readonly commands: Registry;
  now(): Date;
  paths(): Paths;
  /** Project and environment, and what named them. Throws `not_linked`. */
  scope(flags: ScopeFlags): ResolvedScope;
  /** The vault that this command works on, as its user. Throws `no_vault`. */
  team(): Promise<TeamApi>;
  /** Closes what was opened: called at the end, and before this process becomes another. */
  close(): Promise<void>;
  /** What concerns the embedded vault itself, for init, key, status and doctor. */
  embedded(options?: { insecureStorage?: boolean }): Promise<EmbeddedVault>;
}
