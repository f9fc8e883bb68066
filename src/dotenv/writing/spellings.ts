/**
 * All the ways to write a value that the writer considers, plainest first: what stands behind `NAME=`. Which of them is
 * right, and for whom, is not known here (readers/ knows).
 */
export function* spellings(value: string): Generator<string> {
  const isOneLine = !/[\r\n]/.test(value);
  if (isOneLine) {
    yield value;
    yield `'${value}'`;
    yield `"${value}"`;
    // A comment behind a bare value keeps a backslash at its end from joining the next line.
    yield `${value} #`;
  }
  const escapes = subsets(present(value, '\\"$`')).map((set) => escaped(value, set));
  for (const text of escapes) yield `"${inOneLine(text)}"`;
  // In two pieces, which only a shell puts together: there are readers that run $(…) in whatever quotes it stands.
  if (value.includes('$(')) yield `"${inOneLine(escapes.at(-1)!).replaceAll('$(', '$""(')}"`;
  yield* inSingle(value, isOneLine);
  if (isOneLine) yield escaped(value, ['\\', '"', "'", '$', '`', ' ']);
  yield `'${inOneLine(value)}'`;
  for (const text of escapes) yield* isOneLine ? [`${text} #`] : [inOneLine(text)];
  if (value.endsWith('\\')) yield `'${value.replaceAll('\\', '${__:-\\}')}'`;
  yield `\`${value}\``;
  // For a carriage return that no reader would take for the end of a line.
  if (!value.includes('\n')) yield value;
  if (isOneLine) return;
  yield `'${value}'`;
  for (const text of escapes) yield `"${text}"`;
}

function* inSingle(value: string, isOneLine: boolean): Generator<string> {
  const [quote, dollar] = [value.includes("'"), value.includes('$')];
  if (quote || dollar) {
    for (const set of subsets(present(value, "'$\\"))) yield `'${escaped(value, set)}'`;
    // As a shell is told: the quotes end, and a piece in others holds what they cannot.
    yield `'${value.replaceAll("'", `'"'"'`)}'`;
    yield `'${value.replaceAll("'", String.raw`'\''`)}'`;
    yield `'${value.replace(/['$]/g, (c) => (c === '$' ? `'"\\$"'` : `'"'"'`))}'`;
  }
  // For a reader that expands in every kind of quotes: the default of a name that is not set.
  if (dollar) for (const text of [value, escaped(value, ["'"])]) yield `'${defaulted(text)}'`;
  if (dollar && isOneLine) yield `"${defaulted(escaped(value, present(value, '\\"`')))}"`;
}

function inOneLine(text: string): string {
  return text.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function defaulted(text: string): string {
  return text.replaceAll('$', '${__:-$}');
}

function escaped(text: string, characters: readonly string[]): string {
  if (characters.length === 0) return text;
  return Array.from(text, (c) => (characters.includes(c) ? `\\${c}` : c)).join('');
}

function present(value: string, characters: string): string[] {
  return Array.from(characters).filter((c) => value.includes(c));
}

/** Fewest first. */
function subsets(characters: readonly string[]): string[][] {
  let sets: string[][] = [[]];
  for (const c of characters) sets = sets.flatMap((set) => [set, [...set, c]]);
  return sets.toSorted((a, b) => a.length - b.length);
}
