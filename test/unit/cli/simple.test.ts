import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Command, isGroup, type Registry } from '../../../src/cli/define.ts';
import { parseAndRun } from '../../../src/cli/program.ts';
import { parseSimple, spellings } from '../../../src/cli/simple.ts';
import { commonOptions } from '../../../src/cli/define.ts';
import type { Calling } from '../../../src/context.ts';
import { commands } from '../../../src/commands/index.ts';
import { printing } from '../../golden/context.ts';

/** Every command there is, with the words that lead to it. */
async function all(
  registry: Registry,
  before: readonly string[] = [],
): Promise<[path: string[], command: Command][]> {
  const found = await Promise.all(
    Object.entries(registry).map(async ([name, load]): Promise<[string[], Command][]> => {
      const entry = await load();
      if (!isGroup(entry)) return [[[...before, name], entry]];
      const own: [string[], Command][] = entry.main ? [[[...before, name], await entry.main()]] : [];
      return own.concat(await all(entry.commands, [...before, name]));
    }),
  );
  return found.flat();
}

/** What the parser itself makes of a line: the input of the command, or undefined where it refuses. */
async function parsed(command: Command, words: readonly string[]): Promise<unknown> {
  const { ctx } = printing();
  let seen: unknown;
  const spy: Command = {
    ...command,
    name: 'it',
    run: async (_ctx, input) => {
      seen = { input, quiet: ctx.print.quiet, color: ctx.print.color, ...called(ctx.calling) };
    },
  };
  try {
    await parseAndRun({ it: async () => spy }, ['it', ...words], ctx);
  } catch {
    return undefined;
  }
  return seen;
}

function simple(command: Command, words: readonly string[]): unknown {
  const found = parseSimple(command, 'secrets it', words);
  return found && { input: found.input, ...found.common };
}

function called({ timeout, caFile, insecureHttp }: Calling): Partial<Calling> {
  return { timeout, caFile, insecureHttp };
}

const every = await all(commands);

describe('a plain line is read as the parser reads it', () => {
  it.each(every.map(([path, command]) => [path.join(' '), command] as const))('%s', async (_, command) => {
    const options = [...Object.values(command.options), ...Object.values(commonOptions)];
    const word = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('A', 'B=c', 'x y', '', '--', '-', '-1', '--nope', '-z', 'é') },
      { weight: 5, arbitrary: fc.constantFrom(...options.flatMap(({ flags }) => spellings(flags))) },
      { weight: 1, arbitrary: fc.constantFrom('--env=a', '-ea', '-qe', '--json=1', '--help', '--project=') },
    );
    const plain = Object.values(command.args).flatMap((arg) => (arg.required ? ['A'] : []));
    expect(simple(command, plain)).toEqual(await parsed(command, plain));
    expect(simple(command, plain)).toBeDefined();
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 5 }), async (words) => {
        const ours = simple(command, words);
        if (ours === undefined) return;
        expect(ours).toEqual(await parsed(command, words));
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is not plain is left to the parser', () => {
  const get = every.find(([path]) => path.join(' ') === 'get')![1];
  it.each([
    [[]],
    [['A', 'B']],
    [['A', '--help']],
    [['A', '--env=x']],
    [['A', '-ex']],
    [['A', '--env']],
    [['A', '--env', '--json']],
    [['A', '--nope']],
    [['A', '-e', 'x', '--env', 'y']],
  ])('%j', (words) => {
    expect(simple(get, words)).toBeUndefined();
  });
});
