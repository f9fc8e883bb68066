import { Command, type CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { rewordUsage } from '../../../src/cli/usage.ts';

/** What commander itself says of a wrong command line. */
function saidOf(...argv: string[]): { what: string; hints: string[] } {
  const parser = new Command('get')
    .argument('<name>', 'name')
    .option('--json', 'x')
    .option('-e, --env <name>', 'x')
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} });
  try {
    parser.parse(argv, { from: 'user' });
  } catch (error) {
    return rewordUsage((error as CommanderError).message);
  }
  throw new Error('it was accepted');
}

describe('the words of the parser become ours', () => {
  const cases: [string[], string, string[]][] = [
    [['A', '--jsno'], 'unknown option "--jsno"', ['did you mean --json?']],
    [['A', '--nothing-like-it'], 'unknown option "--nothing-like-it"', []],
    [[], 'missing required argument "name"', []],
    [['A', '--env'], 'option "-e, --env <name>" argument missing', []],
    [['A', 'canary'], 'too many words: 1 expected, 2 given', []],
  ];
  for (const [argv, what, hints] of cases) {
    it(what, () => {
      const said = saidOf(...argv);
      expect(said.what).toBe(what);
      expect(said.hints).toEqual(hints);
    });
  }

  it('in lower case, without a full stop', () => {
    expect(rewordUsage("error: Unknown command 'x'.\n(Did you mean y?)")).toEqual({
      what: 'unknown command "x"',
      hints: ['did you mean y?'],
    });
  });
});

describe('a value that was typed behind = is never told', () => {
  const values = [
    'canary',
    'a canary',
    "it's canary",
    "canary' canary 'x",
    'a=canary',
    'a\ncanary',
    "a'\ncanary\n",
    'a\r\ncanary',
  ];
  for (const value of values) {
    it(JSON.stringify(value), () => {
      const { what, hints } = saidOf('A', `--valeu=${value}`);
      expect([what, ...hints].join('\n')).not.toContain('canary');
      expect(what).toContain('--valeu');
    });
  }
});
