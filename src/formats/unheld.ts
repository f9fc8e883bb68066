import { oneLine, SecretsError } from '../errors.ts';

/** Throws `invalid` where there are names that a format cannot hold. `what` reads on: "a … file cannot hold". */
export function assertNone(names: readonly string[], format: string, why: string, hint?: string): void {
  if (names.length === 0) return;
  throw new SecretsError('invalid', `${format} cannot hold ${list(names)}: ${why}`, {
    hint: hint ?? `leave them out: --except ${names.join(',')}`,
  });
}

/** Throws `invalid` for what is no name of a variable: in a script or as a path it could be anything. */
export function assertNames(names: Iterable<string>): void {
  const bad = [...names].filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)).map(oneLine);
  assertNone(bad, 'a file', 'a name is letters, digits and _, not starting with a digit', 'rename them');
}

/** Throws `invalid` for names that are one name where case does not count. */
export function assertOneCase(names: Iterable<string>, format: string, why: string): void {
  const spelled = Map.groupBy(names, (name) => name.toLowerCase());
  const clashing = [...spelled.values()].filter((group) => group.length > 1).flat();
  assertNone(clashing, format, why, 'rename one of them, or leave it out with --except');
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
