import type { Context } from '../context.ts';

/**
 * A command is one value. Parsing, help, the docs page and shell completion all come from it, so none can disagree
 * with another.
 */
export interface Command<A extends Args = Args, O extends Options = Options> {
  readonly name: string;
  /** One line, lower case, no full stop. */
  readonly summary: string;
  /** More, for help and the docs page: paragraphs of plain text. */
  readonly description?: string;
  readonly args: A;
  readonly options: O;
  /** What one would do with it, and the command line that does it. */
  readonly examples: readonly (readonly [what: string, line: string])[];
  /** Stop parsing options at the first argument: the rest belongs to another program. */
  readonly passThrough?: boolean;
  /** Called by our own scripts, not by people: not shown in help. */
  readonly hidden?: boolean;
  run(ctx: Context, input: Input<A, O>): Promise<number | void>;
}

/** Commands under one noun, each loaded when it is needed. */
export interface Group {
  readonly name: string;
  readonly summary: string;
  /** What the noun does by itself: `secrets audit`. It has the name of the group, and takes options only, so that a word is a command. */
  readonly main?: () => Promise<Command>;
  readonly commands: Registry;
}

export type Entry = Command | Group;
export type Registry = Readonly<Record<string, () => Promise<Entry>>>;

/** What the shell completes a word with. */
export type Completes = 'file' | CompletesFromVault | readonly string[];

/** `grantee` is a principal or `group:NAME`, `place` is `project/environment`; grants and tokens go by their ids. */
export type CompletesFromVault =
  'project' | 'environment' | 'secret' | 'principal' | 'group' | 'grantee' | 'place' | 'grant' | 'token';

export interface Arg {
  readonly summary: string;
  readonly many: boolean;
  readonly required: boolean;
  readonly completes?: Completes | undefined;
}

export interface Option {
  /** As help shows it: `-e, --env <name>`. */
  readonly flags: string;
  readonly summary: string;
  readonly completes?: Completes | undefined;
  readonly kind: 'flag' | 'value' | 'values';
}

export type Args = Readonly<Record<string, Arg>>;
export type Options = Readonly<Record<string, Option>>;

type ArgValue<T> = T extends { many: true }
  ? readonly string[]
  : T extends { required: true }
    ? string
    : string | undefined;
type OptionValue<T> = T extends { kind: 'flag' }
  ? boolean
  : T extends { kind: 'values' }
    ? readonly string[]
    : string | undefined;
export type Input<A, O> = { readonly [K in keyof A]: ArgValue<A[K]> } & {
  readonly [K in keyof O]: OptionValue<O[K]>;
};

/** Checks a command's shape and infers the types of its input. */
export function defineCommand<const A extends Args, const O extends Options>(
  command: Command<A, O>,
): Command<A, O> {
  return command;
}

export function defineGroup(group: Group): Group {
  return group;
}

export function isGroup(entry: Entry): entry is Group {
  return 'commands' in entry;
}

/** One word that must be there. */
export function positional(summary: string, completes?: Completes) {
  return { summary, many: false, required: true, completes } as const;
}

/** One word that may be there. */
export function optional(summary: string, completes?: Completes) {
  return { summary, many: false, required: false, completes } as const;
}

/** One word or more. */
export function several(summary: string, completes?: Completes) {
  return { summary, many: true, required: true, completes } as const;
}

/** An option that is there or not; `--no-x` makes `x` false, and true without it. */
export function flag(flags: string, summary: string) {
  return { flags, summary, kind: 'flag' } as const;
}

/** An option with a value. */
export function value(flags: string, summary: string, completes?: Completes) {
  return { flags, summary, kind: 'value', completes } as const;
}

/** An option with a value that may be given several times. */
export function values(flags: string, summary: string, completes?: Completes) {
  return { flags, summary, kind: 'values', completes } as const;
}

/** Whether the word behind the option is its value. */
export function takesValue(option: Option): boolean {
  return option.kind !== 'flag';
}

export const jsonOption = flag('--json', 'print JSON');
export const yesOption = flag('-y, --yes', 'do not ask');
export const insecureOption = flag(
  '--insecure-storage',
  'keep the master key in a plain file that only you can read',
);

/** Where: every command that is about an environment takes both. */
export const scopeOptions = {
  project: value('-p, --project <name>', 'project, in place of the linked one', 'project'),
  env: value('-e, --env <name>', 'environment', 'environment'),
} as const;

/** Of every command that is about a server's own vault. */
export const serverOptions = {
  database: value(
    '--database <place>',
    'postgres://… or a file (default: SECRETS_DATABASE, else server.db in the data folder)',
    'file',
  ),
  masterKey: values(
    '--master-key <place>',
    "file:PATH, env:NAME or command:'…'; of several, the first that fits (default: env:SECRETS_MASTER_KEY)",
  ),
} as const;

export const projectOption = { project: scopeOptions.project } as const;

/** Taken by every command; the framework adds and handles them. */
export const commonOptions = {
  quiet: flag('-q, --quiet', 'print nothing but data, warnings and errors'),
  color: flag('--no-color', 'no colours (so does NO_COLOR)'),
  timeout: value(
    '--timeout <seconds>',
    'how long a server may take to answer (default 10; or SECRETS_TIMEOUT)',
  ),
  caFile: value('--ca-file <file>', 'trust the certificates of this file, too (or SECRETS_CA_FILE)', 'file'),
  insecureHttp: flag('--insecure-http', 'talk to a server without encryption (or SECRETS_INSECURE_HTTP=1)'),
} as const;

/** What was given of them. */
export type CommonInput = Input<unknown, typeof commonOptions>;
