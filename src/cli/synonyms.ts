/** Words by which other programs call what a command here does. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  ls: ['list'],
  show: ['list', 'get'],
  rm: ['remove', 'delete', 'revoke'],
  del: ['delete', 'remove', 'revoke'],
  delete: ['remove', 'revoke'],
  remove: ['delete', 'revoke'],
  unset: ['delete', 'remove', 'revoke'],
  new: ['create', 'add', 'invite', 'set'],
  make: ['create', 'add', 'invite'],
  add: ['create', 'invite', 'set'],
  create: ['add', 'invite'],
  mv: ['rename'],
  cp: ['copy'],
};

const renaming = [
  'no secret is renamed: its history is its own; set another, and delete the one',
  'secrets get OLD | secrets set NEW --from-file /dev/stdin && secrets delete OLD',
];
/** What no command of ours does to a secret, and how it is done. */
const absent: Readonly<Record<string, readonly string[]>> = { rename: renaming, mv: renaming };

/** What to do in place of a command that is none, if it is a known wish. */
export function insteadOf(word: string): string[] | undefined {
  return Object.hasOwn(absent, word) ? [...absent[word]!] : undefined;
}

/** The one command of these that the word means elsewhere. */
export function synonymOf(word: string, known: readonly string[]): string | undefined {
  return Object.hasOwn(synonyms, word) ? synonyms[word]!.find((name) => known.includes(name)) : undefined;
}
