import { count, namesText, scopeText, timeText } from '../cli/text.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { TargetState } from './pull-drift.ts';

/** How a target stands, for people. */
export function stateText(
  { target: { shown }, last, vault, local }: TargetState,
  scope: ResolvedScope,
): string {
  if (!last) return `never into ${shown}`;
  const head = `${timeText(last.at)} into ${shown}`;
  const from = scopeText(last) === scopeText(scope) ? [] : [`from ${scopeText(last)}`];
  const names = vault ? [...vault.changed, ...vault.added, ...vault.removed] : [];
  const changed =
    names.length > 0 ? [`${count(names.length, 'secret')} changed since: ${namesText(names)}`] : [];
  const here = [
    local?.file === 'gone' ? ['the file is gone'] : [],
    local && local.edited.length > 0 ? [`edited here: ${namesText(local.edited)}`] : [],
    local && local.missing.length > 0 ? [`missing here: ${namesText(local.missing)}`] : [],
    local?.file === 'edited' && local.edited.length + local.missing.length === 0 ? ['edited here'] : [],
  ].flat();
  const drift = [...changed, ...here];
  const still = drift.length === 0 ? [vault ? 'nothing changed since' : 'as it was pulled'] : [];
  return [[head, ...from].join(', '), ...drift, ...still].join('; ');
}

/** The same for a program. */
export function stateJson({ target, last, vault, local }: TargetState): Record<string, unknown> {
  return {
    file: target.file,
    format: target.format,
    at: last?.at ?? null,
    from: last ? scopeText(last) : null,
    revision: last?.revision ?? null,
    ...(vault ?? { changed: null, added: null, removed: null }),
    here: local?.file ?? null,
    edited: local?.edited ?? [],
    missing: local?.missing ?? [],
  };
}
