import { describe, expect, it } from 'vitest';
import { formatText, outputFormats, type TextFormat } from '../../../src/formats/index.ts';
import { readFormat } from '../../../src/formats/read.ts';
import { everything, inputOf } from './hostile.ts';

const texts = outputFormats.filter(
  (format): format is TextFormat => format !== 'dotenv' && format !== 'files',
);

describe.each(texts)('%s', (format) => {
  it.each(["A='; touch CANARY; '", 'A B', 'A\nB', '$(id)', 'a-b', '1A', ''])(
    'writes no name %j, which could mean anything there',
    async (name) => {
      const error = await formatText(format, inputOf(new Map([[name, 'canary']]))).catch((reason) => reason);
      expect(error).toMatchObject({ code: 'invalid' });
      expect(error.message).toMatch(/^a file cannot hold "[^\n]*": a name is letters/);
      expect(error.message).not.toContain('canary');
    },
  );

  it('ends with a newline', async () => {
    expect(await formatText(format, inputOf(new Map([['A', 'x']])))).toMatch(/[^\n]\n$/);
  });
});

it.each(['json', 'yaml'] as const)('%s that we write is to our own reader what was meant', async (format) => {
  const { values } = await readFormat(await formatText(format, inputOf(everything)), format, 'file');
  expect(new Map([...values].map(([name, value]) => [name, value.reveal()]))).toEqual(everything);
});
