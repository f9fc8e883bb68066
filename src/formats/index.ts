/**
 * Files other than .env that hold names and values. Each format is one function from the values to the text of a whole
 * file, in a file of its own that is loaded when it is asked for. Read back by a program of that format, the text gives
 * every value byte for byte; a value or a name that cannot be held so is an error, never another value.
 */
import { assertNames } from './unheld.ts';

export const outputFormats = [
  'dotenv',
  'json',
  'yaml',
  'toml',
  'sh',
  'fish',
  'powershell',
  'kubernetes',
  'files',
  'github-env',
  'user-secrets',
  'tfvars',
] as const;
export type OutputFormat = (typeof outputFormats)[number];

/** Formats that are one text. `dotenv` merges (src/dotenv), `files` is a folder (`filesOf`). */
export type TextFormat = Exclude<OutputFormat, 'dotenv' | 'files'>;

export interface FormatInput {
  /** In the order in which they are to be written. */
  readonly values: ReadonlyMap<string, string>;
  readonly project: string;
  readonly environment: string;
}

export type FormatWriter = (input: FormatInput) => string | Promise<string>;

const writers: Record<TextFormat, () => Promise<FormatWriter>> = {
  json: async () => (await import('./json.ts')).jsonText,
  yaml: async () => (await import('./yaml.ts')).yamlText,
  toml: async () => (await import('./toml.ts')).tomlText,
  sh: async () => (await import('./shells.ts')).shText,
  fish: async () => (await import('./shells.ts')).fishText,
  powershell: async () => (await import('./powershell.ts')).powershellText,
  kubernetes: async () => (await import('./kubernetes.ts')).kubernetesText,
  'github-env': async () => (await import('./github.ts')).githubEnvText,
  'user-secrets': async () => (await import('./user-secrets.ts')).userSecretsText,
  tfvars: async () => (await import('./tfvars.ts')).tfvarsText,
};

/**
 * The text of a whole file, ended by a newline. Throws `invalid` with the names of what the format cannot hold, and
 * `too_large` where the format has a limit.
 */
export async function formatText(format: TextFormat, input: FormatInput): Promise<string> {
  assertNames(input.values.keys());
  const write = await writers[format]();
  return write(input);
}
