import { expect, it } from 'vitest';
import { parsePlace, placeText } from '../../../src/cli/reach.ts';

it.each([
  ['web/production', 'web', 'production'],
  ['web', 'web', '*'],
  ['web/*', 'web', '*'],
  ['*/staging', '*', 'staging'],
  ['*', '*', '*'],
])('%s is a place', (text, project, environment) => {
  expect(parsePlace(text)).toEqual({ project, environment });
});

it.each(['', '/', 'web/', '/production', 'a/b/c', 'web//production'])('%j is none', (text) => {
  expect(() => parsePlace(text)).toThrow('that is no place');
});

it('is told in the shortest way that reads back the same', () => {
  const texts = ['web/production', 'web', '*/staging', '*'];
  expect(texts.map((text) => placeText(parsePlace(text)))).toEqual(texts);
  expect(placeText({ project: 'web', environment: '*' })).toBe('web');
});
