export interface Statement {
  readonly text: string;
  /** Under which the database keeps it prepared; absent where it is not worth it. */
  readonly name?: string;
}

const known = new Map<string, Statement>();

/** A list of names can have any length, and each length is another text: those are not kept. */
const anyLength = / IN \(\?(, \?){4,}\)/;

/** A statement with `?` for its parameters, as PostgreSQL writes them. No statement of ours has a `?` elsewhere. */
export function statementOf(sql: string): Statement {
  const seen = known.get(sql);
  if (seen) return seen;
  let count = 0;
  const text = sql.replaceAll('?', () => `$${++count}`);
  if (anyLength.test(sql)) return { text };
  const made = { text, name: `secrets_${known.size + 1}` };
  known.set(sql, made);
  return made;
}
