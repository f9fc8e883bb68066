import type { Scope } from '../api/backend.ts';
import { scopeText } from '../cli/text.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { inFormat, type LastPull, PullMemory } from '../dotenv/last-pull.ts';
import type { Seen } from './last-seen.ts';
import { Faults } from './pull/faults.ts';
import { localDrift, type LocalDrift } from './pull/local-drift.ts';
import { locate } from './pull/locate.ts';
import { type Selection, selects } from './pull/selection.ts';
import { pullTargets, type Target } from './pull/targets.ts';

/** What the vault has now against what a pull wrote, by version: no value is read. */
export interface VaultDrift {
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const noDrift: VaultDrift = { changed: [], added: [], removed: [] };

/** How one target stands. */
export interface TargetState {
  readonly target: Target;
  /** Undefined where nothing was pulled into it yet. */
  readonly last: LastPull | undefined;
  /** Undefined where nothing is known of the vault. */
  readonly vault: VaultDrift | undefined;
  readonly local: LocalDrift | undefined;
}

/**
 * How each file that a pull would write stands against the vault as it is known, and against what was pulled into it. A
 * list that was seen earlier (`isSeen`) tells nothing of a pull that came after it.
 */
export function targetStates(
  ctx: Context,
  scope: ResolvedScope,
  known: Seen | undefined,
  { isSeen = false } = {},
): TargetState[] {
  return pullTargets(scope, ctx.cwd).map((target) => {
    const path = realOr(ctx, scope, target);
    const memory = new PullMemory(ctx.paths().state, path);
    const last = inFormat(memory.load(), target.format);
    if (!last) return { target, last, vault: undefined, local: undefined };
    return {
      target,
      last,
      vault:
        isSeen && last.revision > (known?.revision ?? 0)
          ? noDrift
          : known && vaultDrift(last, known, scope, target.selection),
      local: localDrift(path, target, last, memory),
    };
  });
}

/** What changed in the vault since a pull, within the selection of its file. */
export function vaultDrift(last: LastPull, known: Seen, scope: Scope, selection: Selection): VaultDrift {
  const isSameScope = scopeText(last) === scopeText(scope);
  // Where the version is not known (0), the revision tells, as far as a pull of some names alone did not move it on.
  const isSame = isSameScope && last.revision === known.revision;
  const selected = known.secrets.filter(({ name }) => selects(selection, name));
  const now = new Map(selected.map(({ name, version }) => [name, version]));
  const before = new Map(isSameScope ? Object.entries(last.secrets) : []);
  return {
    changed: [...before].flatMap(([name, { version }]) => {
      const isKnown = version > 0 || !isSame;
      return isKnown && now.has(name) && now.get(name) !== version ? [name] : [];
    }),
    added: [...now.keys()].filter((name) => !before.has(name)),
    removed: [...before.keys()].filter((name) => !now.has(name)),
  };
}

/** Where it cannot be written, it is told by its own name. */
function realOr(ctx: Context, scope: ResolvedScope, target: Target): string {
  const faults = new Faults();
  return faults.catch(target.shown, () => locate(ctx, scope, target).path) ?? target.file;
}
