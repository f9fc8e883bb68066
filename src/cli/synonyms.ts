/** Words by which other programs call what a command here does. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  ls: ['list'],
  show: ['list', 'get'],
  rm: ['remove', 'delete', 'revoke'],
  del: ['delete', 'remove', 'revoke'],
  delete: ['remove', 'revoke'],
  remove: ['delete', 'revoke'],
  new: ['create', 'add', 'invite', 'set'],
  make: ['create', 'add', 'invite'],
  add: ['create', 'invite', 'set'],
  create: ['add', 'invite'],
  mv: ['rename'],
  cp: ['copy'],
};

/** The one command of these that the word means elsewhere. */
export function synonymOf(word: string, known: readonly string[]): string | undefined {
  return Object.hasOwn(synonyms, word) ? synonyms[word]!.find((name) => known.includes(name)) : undefined;
}
