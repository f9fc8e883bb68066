import { type Harm, injects, loses } from './reader.ts';

/**
 * What stands behind a value on its last line, for godotenv and its descendants: the next statement, wherever it begins.
 * `key` is what may be a name, with what ends it.
 */
export function harmBehind(rest: string, key: RegExp): Harm | undefined {
  const statement = rest.replace(/^(?:\p{White_Space}|#[^\n]*)+/u, '');
  if (statement === '') return undefined;
  return key.test(statement) ? injects : loses;
}

/** White space but for the line feed: isSpace in parser.go. */
export const blanksInFront = /^[\t\v\f\r \u0085\u00A0]+/;
