/**
 * Every way a command can fail, once: code → exit status → HTTP status. docs/errors.md is held against this table.
 * Messages are lower case, without a full stop, and quote what was typed; a hint is something to paste.
 * Neither ever holds a value, a token, or the password of a URL.
 */
export const errorTable = {
  failed: { exit: 1, http: 500, meaning: 'it failed, and no other code says why; or a bug of ours' },
  vault_damaged: {
    exit: 1,
    http: 500,
    meaning: 'the vault file is not a vault, is cut short, or does not open',
  },
  vault_too_new: { exit: 1, http: 500, meaning: 'a newer program wrote the vault; it was not touched' },
  vault_read_only: { exit: 1, http: 500, meaning: 'the vault cannot be written' },
  disk_full: { exit: 1, http: 500, meaning: 'no space left; nothing was changed' },
  usage: { exit: 2, http: 400, meaning: 'the command line is wrong; the usage line follows' },
  invalid: { exit: 2, http: 422, meaning: 'a name, a value or a file is not acceptable' },
  too_large: { exit: 2, http: 413, meaning: 'a value or a file is over its limit' },
  not_linked: { exit: 2, http: 400, meaning: 'no project was named and no link file was found' },
  not_found: {
    exit: 3,
    http: 404,
    meaning: 'no such secret, version, project or environment, or none that you may see',
  },
  no_vault: { exit: 3, http: 404, meaning: 'there is no vault here yet' },
  not_logged_in: {
    exit: 4,
    http: 401,
    meaning: 'no token for this server, or one that is not valid (any more)',
  },
  code_refused: {
    exit: 4,
    http: 401,
    meaning: 'the enrolment code is wrong, was used already, or is too old',
  },
  key_missing: { exit: 4, http: 401, meaning: 'the master key of the vault is not on this machine' },
  key_wrong: {
    exit: 4,
    http: 401,
    meaning: 'that is not the master key of this vault, or not its passphrase',
  },
  forbidden: { exit: 4, http: 403, meaning: 'you may not do this' },
  keychain_unavailable: { exit: 5, http: 503, meaning: 'there is no keychain that answers' },
  keychain_locked: { exit: 5, http: 503, meaning: 'the keychain is locked' },
  keychain_timeout: { exit: 5, http: 503, meaning: 'the keychain did not answer in time' },
  rate_limited: { exit: 5, http: 429, meaning: 'too many failed attempts or requests; wait, then try again' },
  server_unreachable: { exit: 5, http: 503, meaning: 'the server did not answer in time, or not at all' },
  server_untrusted: { exit: 5, http: 503, meaning: 'the certificate of the server is not trusted' },
  store_unreachable: { exit: 5, http: 503, meaning: 'the database of the server does not answer' },
  outcome_unknown: {
    exit: 5,
    http: 503,
    meaning: 'the database went away while it committed: the change was made, or it was not',
  },
  not_ready: { exit: 5, http: 503, meaning: 'the server runs, but cannot open its vault now' },
  vault_busy: { exit: 5, http: 503, meaning: 'another process kept the vault locked for too long' },
  conflict: { exit: 6, http: 409, meaning: 'it exists already, or somebody changed it meanwhile' },
  stale: { exit: 6, http: 412, meaning: 'somebody changed the environment since you read it' },
  drift: { exit: 6, http: 412, meaning: 'a file here differs from what the vault would write' },
  run_failed: { exit: 125, http: 500, meaning: 'run could not get as far as starting the program' },
  run_not_executable: { exit: 126, http: 500, meaning: 'the program was found but cannot be executed' },
  run_not_found: { exit: 127, http: 500, meaning: 'the program was not found' },
  interrupted: { exit: 130, http: 500, meaning: 'Ctrl-C at a prompt; nothing was changed' },
} as const satisfies Record<string, { exit: number; http: number; meaning: string }>;

export type ErrorCode = keyof typeof errorTable;

/** The one error that commands throw: `what` went wrong, and as hints what to do next. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';
  readonly code: ErrorCode;
  readonly hints: readonly string[];
  /** How the command is used; the command framework adds it to errors of the code `usage`. */
  usage: string | undefined;

  constructor(
    code: ErrorCode,
    what: string,
    options: { cause?: unknown; hint?: string | readonly string[] } = {},
  ) {
    super(what, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hints = options.hint === undefined ? [] : [options.hint].flat();
  }

  get exitStatus(): number {
    return errorTable[this.code].exit;
  }
}

/** True for the errors of the operating system (`ENOENT` and the like), whose words never hold file contents. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return (
    error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error
  );
}

/** Names, paths and addresses are other people's text: what would move the cursor or forge a line is shown as its code. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
