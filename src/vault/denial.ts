import type { Scope } from '../api/backend.ts';
import { isSecretName } from '../api/names.ts';
import { type ErrorCode, SecretsError } from '../errors.ts';
import type { Actor } from './call.ts';

/** What somebody tried and may not do. */
export interface Attempt extends Partial<Scope> {
  readonly what: string;
  readonly names?: readonly string[];
  /** Names besides those. */
  readonly more?: number;
}

/** An attempt that was refused: told to the audit trail by whoever ends the call. */
export class Denied extends SecretsError {
  readonly attempt: Attempt;
  /** Who it was, where the call did not get as far as knowing. */
  readonly actor: Actor | undefined;

  constructor(
    error: { readonly code: ErrorCode; readonly message: string; readonly hints: readonly string[] },
    attempt: Attempt,
    actor?: Actor,
  ) {
    super(error.code, error.message, { hint: error.hints });
    this.attempt = attempt;
    this.actor = actor;
  }
}

/** Denied, and told so: for what the actor can see. */
export function forbidden(what: string, attempt: Partial<Attempt> = {}): Denied {
  const { project, environment = '*' } = attempt;
  const where = project === undefined ? '' : ` in ${project}/${environment}`;
  const hints = ['ask an admin of the team'];
  return new Denied(
    { code: 'forbidden', message: `you may not ${what}${where}`, hints },
    { what, ...attempt },
  );
}

/** Names that an event of a refusal lists: an attempt with thousands must not swell the trail. */
const mostNames = 50;

/** What an event tells of refused names: the first of them, and how many more there are. What is no name may be a value. */
export function refusedNames(names: readonly string[]): { names: readonly string[]; more?: number } {
  const shown = names.filter((name) => isSecretName(name)).slice(0, mostNames);
  return shown.length < names.length ? { names: shown, more: names.length - shown.length } : { names: shown };
}
