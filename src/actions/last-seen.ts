import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretInfo, SecretList, SecretSet } from '../api/backend.ts';
import { scopeText } from '../cli/text.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { isSystemError, SecretsError } from '../errors.ts';
import { writeFile } from '../files/write.ts';

/** Names and versions as they were told last: what can be said of an environment without asking. */
export interface Seen {
  readonly revision: number;
  readonly secrets: readonly Pick<SecretInfo, 'name' | 'version'>[];
}

/** What this machine has seen last; undefined where there was none, or where it cannot be read. */
export function lastSeen(ctx: Context, scope: ResolvedScope): Seen | undefined {
  const path = recordOf(ctx, scope);
  if (!existsSync(path)) return undefined;
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<Seen> | null;
    return typeof found?.revision === 'number' && Array.isArray(found.secrets) ? (found as Seen) : undefined;
  } catch {
    // It only saves a request.
    return undefined;
  }
}

/** Remembers a list, where that can be written; nothing is where it was the last one, too. */
export function rememberSeen(ctx: Context, scope: ResolvedScope, { revision, secrets }: SecretList): void {
  const names = secrets.map(({ name, version }) => ({ name, version }));
  remember(ctx, scope, { revision, secrets: names });
}

/** The same of a whole environment that was read. */
export function rememberRead(ctx: Context, scope: ResolvedScope, { revision, secrets }: SecretSet): void {
  const names = [...secrets].map(([name, { version }]) => ({ name, version }));
  remember(ctx, scope, { revision, secrets: names });
}

function remember(ctx: Context, scope: ResolvedScope, seen: Seen): void {
  const text = JSON.stringify(seen);
  const path = recordOf(ctx, scope);
  try {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFile(path, text);
  } catch (error) {
    // Without it, --offline has less to say.
    if (!(error instanceof SecretsError) && !isSystemError(error)) throw error;
  }
}

/** The server that the secrets are on, or the vault on this machine. */
export function whereOf(ctx: Context): string {
  const place = ctx.place();
  return place.kind === 'server' ? place.origin : ctx.paths().vault;
}

/** Environments of one name in several places are not one. */
function recordOf(ctx: Context, scope: ResolvedScope): string {
  const id = hash('sha256', `${whereOf(ctx)}\n${scopeText(scope)}`).slice(0, 32);
  return join(ctx.paths().state, 'seen', `${id}.json`);
}
