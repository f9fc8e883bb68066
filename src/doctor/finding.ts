import type { TeamApi } from '../api/team.ts';
import type { Context } from '../context.ts';
import type { OpenVault } from '../embedded.ts';
import { SecretsError } from '../errors.ts';

/** One part that was looked at. A failure carries its cure; a warning is something that works and should be known. */
export interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'warning' | 'failed';
  readonly text: string;
  readonly cures: readonly string[];
}

/** What the checks share: what one of them opened, or undefined where that failed and was told. */
export interface Examined {
  opened?: OpenVault;
  team?: TeamApi;
}

export type Check = (ctx: Context, examined: Examined) => Promise<Finding | undefined>;
export type Checks = readonly (readonly [part: string, check: Check])[];

export function ok(part: string, text: string): Finding {
  return { part, state: 'ok', text, cures: [] };
}

export function warning(part: string, text: string, cures: readonly string[]): Finding {
  return { part, state: 'warning', text, cures };
}

export function failed(part: string, error: unknown): Finding {
  if (!(error instanceof SecretsError)) throw error;
  return { part, state: 'failed', text: error.message, cures: error.hints };
}
