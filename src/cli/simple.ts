import { timeoutIn } from '../config/timeout.ts';
import { type Command, type CommonInput, commonOptions, type Option, takesValue } from './define.ts';
import type { Invocation } from './execute.ts';

/**
 * Reads the plain command lines, which are nearly all, without the parser: loading it and building the command for it
 * takes a tenth of a whole `run` (docs/decisions/0008-simple-lines.md). It reads from the same definition, takes only what
 * can be read in one way, and answers undefined to all else: the parser then reads the line, and words what is wrong
 * with it. A test holds that both read alike.
 */
export function parseSimple(
  command: Command,
  path: string,
  words: readonly string[],
): Invocation | undefined {
  const { given, args } = split(command, words) ?? {};
  if (!given || !args) return undefined;
  const input = { ...inputOfOptions(command.options, given), ...inputOfArgs(command, args) };
  const common = inputOfOptions(commonOptions, given) as CommonInput;
  if (common.timeout !== undefined && timeoutIn(common.timeout) === undefined) return undefined;
  return fits(command, args) ? { command, path, input, common } : undefined;
}

/** Options by their first long or short spelling, and the words that are none; undefined for anything out of the ordinary. */
function split(
  command: Command,
  words: readonly string[],
): { given: Map<Option, string[]>; args: string[] } | undefined {
  const options = [...Object.values(command.options), ...Object.values(commonOptions)];
  const given = new Map<Option, string[]>();
  const args: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') return { given, args: [...args, ...words.slice(i + 1)] };
    if (!word.startsWith('-') && command.passThrough) return { given, args: [...args, ...words.slice(i)] };
    if (!word.startsWith('-')) {
      args.push(word);
      continue;
    }
    const option = options.find(({ flags }) => spellings(flags).includes(word));
    if (!option || (given.has(option) && option.kind !== 'values')) return undefined;
    const value = takesValue(option) ? words[++i] : '';
    if (value === undefined || value.startsWith('-')) return undefined;
    given.set(option, [...(given.get(option) ?? []), value]);
  }
  return { given, args };
}

function inputOfOptions(
  options: Readonly<Record<string, Option>>,
  given: ReadonlyMap<Option, readonly string[]>,
): Record<string, string | readonly string[] | boolean | undefined> {
  const entries = Object.entries(options).map(([name, option]) => {
    if (option.kind === 'value') return [name, given.get(option)?.[0]];
    if (option.kind === 'values') return [name, given.get(option) ?? []];
    return [name, option.flags.startsWith('--no-') ? !given.has(option) : given.has(option)];
  });
  return Object.fromEntries(entries) as Record<string, string | readonly string[] | boolean | undefined>;
}

function inputOfArgs(command: Command, args: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(command.args).map(([name, { many }], i) => [
    name,
    many ? args.slice(i) : args[i],
  ]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function fits(command: Command, args: readonly string[]): boolean {
  const wanted = Object.values(command.args);
  const least = wanted.filter(({ required }) => required).length;
  return args.length >= least && (args.length <= wanted.length || wanted.at(-1)?.many === true);
}

/** `-e, --env <name>` is spelled `-e` or `--env`. */
export function spellings(flags: string): string[] {
  return flags.split(/[ ,]+/).filter((word) => word.startsWith('-'));
}
