import { expect, it } from 'vitest';
import { formatText } from '../../../src/formats/index.ts';
import { titled } from '../../e2e/harness/needs.ts';
import { everything, inputOf } from './hostile.ts';
import { lackingPython, python } from './programs.ts';

const noToml = lackingPython('tomllib');

it.skipIf(noToml)(titled('toml says to Python what was meant, in the order given', noToml), async () => {
  const text = await formatText('toml', inputOf(everything));
  expect(python(text, 'tomllib', 'list(tomllib.load(f).items())')).toEqual([...everything]);
});

it('toml is a line for each value', async () => {
  const values = new Map([
    ['B', 'two\nlines'],
    ['A', '1'],
  ]);
  expect(await formatText('toml', inputOf(values))).toBe('B = "two\\nlines"\nA = "1"\n');
});
