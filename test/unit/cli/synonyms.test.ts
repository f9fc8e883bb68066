import { expect, it } from 'vitest';
import { synonymOf } from '../../../src/cli/synonyms.ts';

it.each([
  ['ls', ['list', 'remove'], 'list'],
  ['rm', ['list', 'remove'], 'remove'],
  ['rm', ['list', 'delete'], 'delete'],
  ['rm', ['list', 'revoke'], 'revoke'],
  ['unset', ['list', 'delete'], 'delete'],
  ['unset', ['list', 'remove'], 'remove'],
  ['new', ['list', 'create'], 'create'],
  ['new', ['list', 'add'], 'add'],
  ['delete', ['list', 'remove'], 'remove'],
  ['ls', ['verify'], undefined],
  ['zzz', ['list'], undefined],
  ['constructor', ['list'], undefined],
])('%s of %j is %s', (word, known, expected) => {
  expect(synonymOf(word, known)).toBe(expected);
});
