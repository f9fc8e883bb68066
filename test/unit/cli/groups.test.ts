import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defineCommand,
  defineGroup,
  flag,
  positional,
  type Registry,
  values,
} from '../../../src/cli/define.ts';
import { runProgram } from '../../../src/cli/dispatch.ts';
import { parseAndRun } from '../../../src/cli/program.ts';
import { HelpShown } from '../../../src/cli/usage.ts';
import { candidates } from '../../../src/completion/candidates.ts';
import { SecretsError } from '../../../src/errors.ts';
import { printing } from '../../golden/context.ts';

interface Seen {
  readonly ran: string;
  readonly input: unknown;
  readonly quiet: boolean;
  readonly color: boolean;
}

/** A group with a command of its own and two below, which note what they were called with. */
function program(note: (ran: string, input: unknown) => void): Registry {
  const main = defineCommand({
    name: 'watch',
    summary: 'watch',
    args: {},
    options: { at: values('--at <place>', 'where', ['home', 'work']), json: flag('--json', 'print JSON') },
    examples: [],
    run: async (_ctx, input) => note('watch', input),
  });
  const verify = defineCommand({
    name: 'verify',
    summary: 'verify',
    args: {},
    options: { json: flag('--json', 'print JSON') },
    examples: [],
    run: async (_ctx, input) => note('verify', input),
  });
  const backup = defineCommand({
    name: 'backup',
    summary: 'backup',
    args: { file: positional('file') },
    options: { force: flag('--force', 'force') },
    examples: [],
    run: async (_ctx, input) => note('backup', input),
  });
  const commands: Registry = { verify: async () => verify, backup: async () => backup };
  const watch = defineGroup({ name: 'watch', summary: 'watch', main: async () => main, commands });
  return { watch: async () => watch };
}

/** What ran, with what; or how the line was refused. */
async function outcome(way: typeof runProgram, argv: readonly string[]): Promise<Seen | string> {
  const { ctx } = printing();
  let seen: Seen | undefined;
  const registry = program(
    (ran, input) => (seen = { ran, input, quiet: ctx.print.quiet, color: ctx.print.color }),
  );
  try {
    await way(registry, argv, ctx);
  } catch (error) {
    if (error instanceof HelpShown) return 'help';
    if (error instanceof SecretsError) return [error.message, ...error.hints].join('; ');
    throw error;
  }
  return seen ?? 'nothing ran';
}

const run = (...words: string[]): Promise<Seen | string> => outcome(runProgram, ['watch', ...words]);
const plain = { quiet: false, color: true };

describe('a group with a command of its own', () => {
  it('runs it where no other is named', async () => {
    expect(await run()).toEqual({ ran: 'watch', input: { at: [], json: false }, ...plain });
    expect(await run('--json')).toEqual({ ran: 'watch', input: { at: [], json: true }, ...plain });
    expect(await run('--at=a', '-q')).toEqual({
      ran: 'watch',
      input: { at: ['a'], json: false },
      quiet: true,
      color: true,
    });
  });

  it('runs the one that is named', async () => {
    expect(await run('verify', '--json')).toEqual({ ran: 'verify', input: { json: true }, ...plain });
    expect(await run('backup', 'f', '--force')).toEqual({
      ran: 'backup',
      input: { file: 'f', force: true },
      ...plain,
    });
    expect(await run('-q', 'verify', '--no-color')).toEqual({
      ran: 'verify',
      input: { json: false },
      quiet: true,
      color: false,
    });
  });

  it('takes a word behind an option as its value, whatever command it names', async () => {
    for (const words of [['--at', 'verify'], ['--at=verify']])
      expect(await run(...words)).toMatchObject({ ran: 'watch', input: { at: ['verify'] } });
  });

  it.each([
    [['verfy'], 'did you mean verify?'],
    [['bakcup', 'file', '--force'], 'did you mean backup?'],
    [['--json', 'verfy'], 'did you mean verify?'],
    [['zzz'], 'known are verify, backup'],
  ])('tells a mistyped command as one: %j', async (words, hint) => {
    const told = await run(...words);
    expect(told).toContain('unknown command "');
    expect(told).toContain(hint);
  });

  it('refuses its own options before another command', async () => {
    expect(await run('--at', 'x', 'verify')).toBe('option "--at" must stand behind "secrets watch verify"');
    expect(await run('--json', 'verify')).toContain('must stand behind');
  });

  it('has help of its own, and its commands have theirs', async () => {
    for (const words of [['--help'], ['verify', '--help'], ['-h']]) expect(await run(...words)).toBe('help');
    const { ctx, printed } = printing();
    await expect(
      parseAndRun(
        program(() => {}),
        ['watch', '--help'],
        ctx,
      ),
    ).rejects.toBeInstanceOf(HelpShown);
    expect(printed()).toMatch(/--at <place>[\s\S]*Commands:\n {2}verify/);
  });

  it('is read alike by the plain reader and the parser', async () => {
    const words = [
      'verify',
      'backup',
      'verfy',
      'f',
      '--at',
      '--at=x',
      '--json',
      '--force',
      '-q',
      '--no-color',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { maxLength: 5 }), async (line) => {
        const argv = ['watch', ...line];
        expect(await outcome(runProgram, argv)).toEqual(await outcome(parseAndRun, argv));
      }),
      { numRuns: 500 },
    );
  });

  it('completes to its commands, and to what its options take', async () => {
    const offered = async (...words: string[]): Promise<string[]> =>
      (
        await candidates(
          printing().ctx,
          program(() => {}),
          ['watch', ...words],
        )
      ).map(({ word }) => word);
    expect(await offered('')).toEqual(['verify', 'backup']);
    expect(await offered('--a')).toEqual(['--at']);
    expect(await offered('--at', '')).toEqual(['home', 'work']);
    expect(await offered('--at', 'home', '--at', 'w')).toEqual(['work']);
    expect(await offered('backup', '--f')).toEqual(['--force']);
  });
});

describe('an option that may be given several times', () => {
  it('keeps each value, in order, in any spelling', async () => {
    for (const words of [
      ['--at', 'a', '--at', 'b', '--at', 'a'],
      ['--at=a', '--at', 'b', '--at=a'],
    ])
      expect(await run(...words)).toMatchObject({ input: { at: ['a', 'b', 'a'] } });
  });

  it('wants a value each time', async () => {
    expect(await run('--at', 'a', '--at')).toContain('"--at <place>" argument missing');
  });
});
