import { Command as Parser, type CommanderError, Option as ParserOption } from 'commander';
import { longestTimeout, timeoutIn } from '../config/timeout.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import {
  type Command,
  type CommonInput,
  commonOptions,
  type Entry,
  type Group,
  isGroup,
  type Option,
  type Registry,
} from './define.ts';
import { execute } from './execute.ts';
import { insteadOf, synonymOf } from './synonyms.ts';
import { HelpShown, rewordUsage } from './usage.ts';

/** Columns of help text: it is the same on every terminal, and in the docs. */
const helpWidth = 110;

/**
 * Parses any command line and runs the command that it names; returns the exit status. Only the definition of that
 * command is loaded; for help, and to know what a mistyped word may have meant, all are.
 */
export async function parseAndRun(
  commands: Registry,
  argv: readonly string[],
  ctx: Context,
): Promise<number> {
  let status = 0;
  const words = helpAsOption(commands, argv);
  const root = await buildProgram(commands, words, ctx, (code) => (status = code));
  if (words.length === 0) {
    root.outputHelp();
    return 0;
  }
  await root.parseAsync(words, { from: 'user' });
  return status;
}

/** `help env copy` is `env copy --help`; what is no command stays, to be told as one. */
function helpAsOption(commands: Registry, argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  if (first !== 'help') return argv;
  return rest.length === 0 || Object.hasOwn(commands, rest[0]!) ? [...rest, '--help'] : rest;
}

/** The parser for a command line: with the one command that it names, or with all. */
export async function buildProgram(
  commands: Registry,
  argv: readonly string[],
  ctx: Context,
  done: (status: number) => void = () => {},
): Promise<Parser> {
  const root = prepared(new Parser('secrets'), ctx).enablePositionalOptions();
  // Where the first word is a command, nothing of the root's own can be asked for any more.
  if (!Object.hasOwn(commands, argv[0] ?? '')) describeRoot(root, ctx);
  await attachAll(root, commands, argv, ctx, done);
  return root;
}

function describeRoot(root: Parser, ctx: Context): void {
  root
    .description("Keeps a team's secrets in one encrypted vault and brings them to where they are needed.")
    .version(ctx.version, '-V, --version', 'print the version')
    .helpCommand('help [command...]', 'show help for a command');
  addCommonOptions(root);
}

async function attachAll(
  parent: Parser,
  commands: Registry,
  words: readonly string[],
  ctx: Context,
  done: (status: number) => void,
): Promise<void> {
  const at = words.findIndex((word) => !word.startsWith('-'));
  const named = words[at];
  const only = named !== undefined && Object.hasOwn(commands, named) ? [named] : toAttach(commands, words);
  for (const name of only) {
    const entry = await commands[name]!();
    await attach(parent, entry, at < 0 ? [] : words.slice(at + 1), ctx, done);
  }
}

/** Every command, to be listed or guessed at; none where just the version is asked for. */
function toAttach(commands: Registry, words: readonly string[]): string[] {
  return words.length === 1 && /^(-V|--version)$/.test(words[0]!) ? [] : Object.keys(commands);
}

async function attach(
  parent: Parser,
  entry: Entry,
  words: readonly string[],
  ctx: Context,
  done: (status: number) => void,
): Promise<void> {
  if (!isGroup(entry)) return attachCommand(parent, entry, ctx, done);
  await attachGroup(parent, entry, words, ctx, done);
}

async function attachGroup(
  parent: Parser,
  entry: Group,
  words: readonly string[],
  ctx: Context,
  done: (status: number) => void,
): Promise<void> {
  const group = prepared(new Parser(entry.name), ctx).summary(entry.summary);
  const main = await entry.main?.();
  if (main) describe(group, main);
  else addCommonOptions(group.description(`${capital(entry.summary)}.`));
  parent.addCommand(group.enablePositionalOptions().helpCommand(false).allowExcessArguments());
  // A mistyped command is to be told as one, whatever options of its own stand behind it.
  if (isMistyped(entry, words[0])) group.allowUnknownOption();
  group.action(async () => {
    if (group.args[0] !== undefined) group.error(await unknownCommand(group.args[0], entry));
    if (main) await runParsed(main, group, ctx, done);
    else group.outputHelp();
  });
  await attachAll(group, entry.commands, words, ctx, done);
}

function isMistyped({ commands }: Group, word = '-'): boolean {
  return !word.startsWith('-') && !Object.hasOwn(commands, word);
}

function attachCommand(parent: Parser, command: Command, ctx: Context, done: (status: number) => void): void {
  const parser = prepared(new Parser(command.name), ctx).summary(command.summary);
  describe(parser, command);
  if (command.passThrough) parser.passThroughOptions();
  parser.action(() => runParsed(command, parser, ctx, done));
  parent.addCommand(parser, { hidden: command.hidden ?? false });
}

/** What help says of a command, and what may be given to it. */
function describe(parser: Parser, command: Command): void {
  parser.description([`${capital(command.summary)}.`, command.description ?? []].flat().join('\n\n'));
  for (const [name, { summary, many, required }] of Object.entries(command.args)) {
    const word = many ? `${name}...` : name;
    parser.argument(required ? `<${word}>` : `[${word}]`, summary);
  }
  for (const option of Object.values(command.options)) parser.addOption(parserOption(option));
  addCommonOptions(parser);
  if (command.examples.length > 0) parser.addHelpText('after', examplesText(command));
}

function parserOption({ flags, summary, kind }: Option): ParserOption {
  const option = new ParserOption(flags, summary);
  return kind === 'values'
    ? option.argParser<string[]>((value, before) => [...(before ?? []), value])
    : option;
}

async function runParsed(
  command: Command,
  parser: Parser,
  ctx: Context,
  done: (status: number) => void,
): Promise<void> {
  refuseMisplaced(parser);
  const input = inputOf(command, parser, parser.opts());
  const given = givenCommonOptions(parser);
  // Told even where no server is asked: what is wrong today would be found the day there is one.
  if (given.timeout !== undefined && timeoutIn(given.timeout as string) === undefined)
    parser.error(`error: a timeout is a number of seconds, at most ${longestTimeout}\n(Like: --timeout 30)`);
  const common: CommonInput = {
    quiet: given.quiet === true,
    color: given.color !== false,
    timeout: given.timeout as string | undefined,
    caFile: given.caFile as string | undefined,
    insecureHttp: given.insecureHttp === true,
  };
  done(await execute(ctx, { command, path: pathOf(parser), input, common }));
}

/** An option of `secrets audit` that stands before a command of its own would do nothing there. */
function refuseMisplaced(parser: Parser): void {
  const common = new Set<string>(Object.values(commonOptions).map(({ flags }) => flags));
  const group = parser.parent;
  const given = group?.options.find(
    (option) => !common.has(option.flags) && group.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given) parser.error(`error: option '${given.long}' must stand behind '${pathOf(parser)}'`);
}

/** Those that were typed, before the command or behind it. */
function givenCommonOptions(parser: Parser): Record<string, unknown> {
  const above = parser.parent ? givenCommonOptions(parser.parent) : {};
  const typed = Object.entries(parser.opts()).filter(([name]) => parser.getOptionValueSource(name) === 'cli');
  return { ...above, ...Object.fromEntries(typed) };
}

function inputOf(
  command: Command,
  parser: Parser,
  options: Record<string, unknown>,
): Record<string, unknown> {
  const args = Object.keys(command.args).map((name, i) => [name, parser.processedArgs[i] as unknown]);
  const given = Object.entries(command.options).map(([name, { kind }]) => [
    name,
    kind === 'flag' ? options[name] === true : (options[name] ?? (kind === 'values' ? [] : undefined)),
  ]);
  return Object.fromEntries([...args, ...given]) as Record<string, unknown>;
}

function addCommonOptions(parser: Parser): void {
  for (const option of Object.values(commonOptions)) parser.addOption(parserOption(option));
}

/** What every level of the program shares: our streams, our errors. */
function prepared(parser: Parser, ctx: Context): Parser {
  return parser
    .helpOption('-h, --help', 'show help')
    .configureHelp({ helpWidth, showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => ctx.print.raw(text),
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride((error) => {
      throw translated(error, parser);
    });
}

/** Help and version end the program well; everything else is a usage error with the usage line behind it. */
function translated(error: CommanderError, parser: Parser): unknown {
  if (error.exitCode === 0 || error.code === 'commander.help') return new HelpShown();
  const { what, hints } = rewordUsage(error.message);
  const told = new SecretsError('usage', what, {
    cause: error,
    hint: guesses(error, parser) ?? hints,
  });
  told.usage = `${pathOf(parser)} ${parser.usage()}`;
  return told;
}

/** What the parser itself does not say: the command that goes by another name here, and what a missing word is about. */
function guesses({ code, message }: CommanderError, parser: Parser): string[] | undefined {
  const [, typed = ''] = /'([^']*)'/.exec(message) ?? [];
  if (code === 'commander.unknownCommand') {
    const same = synonymOf(
      typed,
      parser.commands.map((it) => it.name()),
    );
    if (same !== undefined) return [`did you mean ${same}?`];
    return parser.parent ? undefined : insteadOf(typed);
  }
  if (code !== 'commander.missingArgument') return undefined;
  const missing = parser.registeredArguments.find((it) => it.name() === typed);
  return missing && [`${typed}: ${missing.description}`];
}

/** `secrets env copy` */
function pathOf(parser: Parser): string {
  return parser.parent ? `${pathOf(parser.parent)} ${parser.name()}` : parser.name();
}

async function unknownCommand(word: string, { commands }: Group): Promise<string> {
  const { distance } = await import('fastest-levenshtein');
  const entries = await Promise.all(Object.values(commands).map((load) => load()));
  const known = entries.filter((entry) => isGroup(entry) || !entry.hidden).map(({ name }) => name);
  const same = synonymOf(word, known);
  const near =
    same === undefined
      ? known.filter((name) => distance(word, name) <= Math.max(1, Math.floor(name.length / 3)))
      : [same];
  const meant = near.length > 0 ? `\n(Did you mean ${near.join(' or ')}?)` : '';
  return `error: unknown command '${word}'${meant}\n(Known are ${known.join(', ')})`;
}

function examplesText({ examples }: Command): string {
  return ['', 'Examples:', ...examples.map(([what, line]) => `  # ${what}\n  $ ${line}`)].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
