import type { Context } from '../context.ts';
import { type Command, isGroup, type Registry } from './define.ts';
import { execute } from './execute.ts';
import { parseSimple } from './simple.ts';

/**
 * Runs the command that a command line names; returns the exit status. Only the definition of that command is loaded,
 * and the parser only for a line that is not plain: help, a mistake, an unusual spelling.
 */
export async function runProgram(commands: Registry, argv: readonly string[], ctx: Context): Promise<number> {
  const named = await findCommand(commands, argv, 'secrets');
  const simple = named && parseSimple(named.command, named.path, named.words);
  if (simple) return execute(ctx, simple);
  const { parseAndRun } = await import('./program.ts');
  return parseAndRun(commands, argv, ctx);
}

async function findCommand(
  commands: Registry,
  [first = '', ...words]: readonly string[],
  parent: string,
): Promise<{ command: Command; path: string; words: readonly string[] } | undefined> {
  if (!Object.hasOwn(commands, first)) return undefined;
  const entry = await commands[first]!();
  const path = `${parent} ${first}`;
  if (!isGroup(entry)) return { command: entry, path, words };
  const below = await findCommand(entry.commands, words, path);
  if (below || !entry.main) return below;
  // A word that is no command makes the line one for the parser: the command of a group takes no words.
  return { command: await entry.main(), path, words };
}
