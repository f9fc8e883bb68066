import { statSync } from 'node:fs';
import { SecretsError } from '../errors.ts';

export interface Privacy {
  /** As an error names the file, where not by its path. */
  readonly name?: string;
  /** A file of root may be readable by its group: systemd and Docker hand theirs over so, and PostgreSQL has this rule. */
  readonly groupOfRoot?: boolean;
  /** What else to do about it. */
  readonly also?: readonly string[];
}

/** Throws `invalid` where others on this machine can read a file; `what` names what is in it. For POSIX alone. */
export function assertPrivate(
  path: string,
  what: string,
  { name = path, groupOfRoot = false, also = [] }: Privacy = {},
): void {
  const { mode, uid } = statSync(path);
  if ((mode & (groupOfRoot && uid === 0 ? 0o037 : 0o077)) === 0) return;
  throw new SecretsError('invalid', `others on this machine can read ${what} in ${name}`, {
    hint: [`take it back: chmod 600 ${path}`, ...also],
  });
}
