import { expect, it } from 'vitest';
import { filesOf } from '../../../src/formats/files.ts';
import { everything, hostile, inputOf } from './hostile.ts';

it('a folder has a file for each name, its content the value and nothing more', () => {
  expect(filesOf(inputOf(hostile))).toEqual(hostile);
});

it.each([
  [
    'one file where case does not count',
    ['Key', 'A', 'KEY'],
    '"Key", "KEY": on macOS and Windows they are one file',
  ],
  ['a device of Windows', ['nul', 'COM1', 'NULL'], '"nul", "COM1": on Windows such a name is a device'],
])('names that are %s are refused', (_, names, why) => {
  const input = inputOf(new Map(names.map((name) => [name, 'canary'])));
  expect(() => filesOf(input)).toThrow(`a folder of files cannot hold ${why}`);
});

it.each(['../a', 'a/b', '', '.', 'a b', 'é', '1a', 'a\0'])('%j names no file', (name) => {
  expect(() => filesOf(inputOf(new Map([[name, 'canary']])))).toThrow(/^a file cannot hold/);
});

it('odd names of objects are files as others are', () => {
  const odd = new Map([...everything].filter(([name]) => name.includes('proto') || name === 'toString'));
  expect([...filesOf(inputOf(odd)).keys()]).toEqual([...odd.keys()]);
});
