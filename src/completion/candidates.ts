import {
  type Command,
  commonOptions,
  type Completes,
  type Group,
  isGroup,
  type Option,
  type Registry,
  takesValue,
} from '../cli/define.ts';
import { spellings } from '../cli/simple.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { type Candidate, fromVault } from './from-vault.ts';

/** Milliseconds after which completion offers what it has: nobody waits for TAB. */
const patience = 300;

/** What the last of the words may become. The words are those after `secrets`; the last may be empty. */
export async function candidates(
  ctx: Context,
  commands: Registry,
  words: readonly string[],
): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const all = await within(patience, offers(ctx, commands, words.slice(0, -1), typed));
  return all.filter(({ word }) => word.startsWith(typed));
}

async function offers(
  ctx: Context,
  commands: Registry,
  before: readonly string[],
  typed: string,
): Promise<readonly Candidate[]> {
  const at = before.findIndex((word) => !word.startsWith('-'));
  const named = before[at];
  if (named === undefined) return names(commands);
  const entry = Object.hasOwn(commands, named) ? await commands[named]!() : undefined;
  if (!entry) return [];
  const rest = before.slice(at + 1);
  return isGroup(entry) ? inGroup(ctx, entry, rest, typed) : inCommand(ctx, entry, rest, typed);
}

/** The commands of a group; where it has one of its own, the options of that, too. */
async function inGroup(
  ctx: Context,
  { commands, main }: Group,
  before: readonly string[],
  typed: string,
): Promise<readonly Candidate[]> {
  if (!main || Object.hasOwn(commands, before[0] ?? '')) return offers(ctx, commands, before, typed);
  const below = before.length === 0 ? await names(commands) : [];
  return [...below, ...(await inCommand(ctx, await main(), before, typed))];
}

async function names(commands: Registry): Promise<Candidate[]> {
  const entries = await Promise.all(Object.values(commands).map((load) => load()));
  return entries
    .filter((entry) => isGroup(entry) || !entry.hidden)
    .map(({ name, summary }) => ({ word: name, summary }));
}

async function inCommand(
  ctx: Context,
  command: Command,
  before: readonly string[],
  typed: string,
): Promise<readonly Candidate[]> {
  const options = [...Object.values(command.options), ...Object.values(commonOptions)];
  // Behind `--`, and behind the program of `run`, the words belong to somebody else.
  if (before.includes('--') || (command.passThrough && positionals(before, options).length > 0)) return [];
  const asking = optionOf(before.at(-1), options);
  if (asking && takesValue(asking)) return dynamic(ctx, asking.completes, before, options);
  const [, long = '', joined] = /^(--[^=]+)(=)/.exec(typed) ?? [];
  const given = joined === undefined ? undefined : optionOf(long, options);
  if (given && takesValue(given)) {
    const offered = await dynamic(ctx, given.completes, before, options);
    return offered.map(({ word, summary }) => ({ word: `${long}=${word}`, summary }));
  }
  if (typed.startsWith('-')) return options.flatMap(flagsOf);
  const args = Object.values(command.args);
  const arg = args[positionals(before, options).length] ?? (args.at(-1)?.many ? args.at(-1) : undefined);
  return dynamic(ctx, arg?.completes, before, options);
}

async function dynamic(
  ctx: Context,
  completes: Completes | undefined,
  before: readonly string[],
  options: readonly Option[],
): Promise<readonly Candidate[]> {
  if (completes === undefined || completes === 'file') return [];
  if (typeof completes !== 'string') return completes.map((word) => ({ word, summary: '' }));
  const scope = (): ResolvedScope =>
    ctx.scope({ project: valueOf('--project', before, options), env: valueOf('--env', before, options) });
  return fromVault(completes, await ctx.team(), scope);
}

/** Completion has nothing to say about errors: it offers nothing. */
async function within(limit: number, offered: Promise<readonly Candidate[]>): Promise<readonly Candidate[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Candidate[]>((resolve) => (timer = setTimeout(resolve, limit, [])));
  try {
    return await Promise.race([offered.catch(() => []), late]);
  } finally {
    clearTimeout(timer);
  }
}

function positionals(before: readonly string[], options: readonly Option[]): string[] {
  return before.filter((word, i) => {
    const asking = optionOf(before[i - 1], options);
    return !word.startsWith('-') && !(asking && takesValue(asking));
  });
}

function valueOf(long: string, before: readonly string[], options: readonly Option[]): string | undefined {
  const joined = before.find((word) => word.startsWith(`${long}=`))?.slice(long.length + 1);
  const at = before.findLastIndex((word) => optionOf(word, options)?.flags.includes(`${long} `));
  return joined ?? (at < 0 ? undefined : before[at + 1]);
}

function optionOf(word: string | undefined, options: readonly Option[]): Option | undefined {
  return word === undefined ? undefined : options.find((option) => spellings(option.flags).includes(word));
}

function flagsOf(option: Option): Candidate[] {
  const long = spellings(option.flags).filter((word) => word.startsWith('--'));
  return long.map((word) => ({ word, summary: option.summary }));
}
