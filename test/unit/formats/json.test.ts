import { describe, expect, it } from 'vitest';
import { formatText } from '../../../src/formats/index.ts';
import { titled } from '../../e2e/harness/needs.ts';
import { everything, hostile, inputOf } from './hostile.ts';
import { lackingPython, python } from './programs.ts';

const noPython = lackingPython('json');

describe('json', () => {
  it.skipIf(noPython)(titled('says to Python what was meant, in the order given', noPython), async () => {
    const text = await formatText('json', inputOf(everything));
    const pairs = python(text, 'json', 'json.load(f, object_pairs_hook=list)');
    expect(pairs).toEqual([...everything]);
  });

  it('is an object on lines of its own, ended by a newline', async () => {
    const values = new Map([
      ['B', '1'],
      ['A', 'é\n'],
    ]);
    expect(await formatText('json', inputOf(values))).toBe('{\n  "B": "1",\n  "A": "é\\n"\n}\n');
    expect(await formatText('json', inputOf(new Map()))).toBe('{}\n');
  });
});

describe('user-secrets', () => {
  it.skipIf(noPython)(titled('has keys that are paths, each with its value', noPython), async () => {
    const values = new Map([...hostile, ['Db__Main__Url', 'x'], ['A___B', 'y'], ['__proto__', 'z']]);
    const text = await formatText('user-secrets', inputOf(values));
    expect(python(text, 'json', 'json.load(f, object_pairs_hook=list)')).toEqual([
      ...hostile,
      ['Db:Main:Url', 'x'],
      ['A:_B', 'y'],
      [':proto:', 'z'],
    ]);
  });

  it('refuses names that are one key to .NET', async () => {
    const values = new Map([
      ['DB__URL', 'canary-1'],
      ['Db__Url', 'canary-2'],
      ['C', '3'],
    ]);
    await expect(formatText('user-secrets', inputOf(values))).rejects.toMatchObject({
      code: 'invalid',
      message:
        'a user-secrets file cannot hold "DB__URL", "Db__Url": to .NET they are one key, as it ignores case',
    });
  });
});
