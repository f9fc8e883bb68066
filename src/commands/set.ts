import type { FromFile } from '../actions/set-from-file.ts';
import type { Change } from '../api/backend.ts';
import { assertSecretName, isSecretName } from '../api/names.ts';
import { defineCommand, jsonOption, scopeOptions, several, value } from '../cli/define.ts';
import { readValue } from '../cli/input.ts';
import { scopeText } from '../cli/text.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { SecretsError } from '../errors.ts';
import { Secret } from '../secret.ts';

export const set = defineCommand({
  name: 'set',
  summary: 'set one or more secrets',
  description:
    'The value is asked for at a hidden prompt, or read from stdin when that is not a terminal, or from a file. ' +
    'A prompt takes one line; a pipe loses one final newline; a file is kept byte for byte. Out of a .env file (.env, .env.*, *.env) ' +
    'the values of the given names are taken. NAME=VALUE works too, but leaves the ' +
    'value in the history of the shell and in the list of processes. Values are text of up to 64 KiB.',
  args: { names: several('name of the secret, or NAME=VALUE', 'secret') },
  options: {
    fromFile: value(
      '-f, --from-file <file>',
      'take the value from a file, or values out of a .env file',
      'file',
    ),
    ...scopeOptions,
    json: jsonOption,
  },
  examples: [
    ['Set a secret at a hidden prompt', 'secrets set OPENAI_API_KEY'],
    ['Take it from another program', 'op read op://team/openai/key | secrets set OPENAI_API_KEY'],
    ['Bring what you edited in .env to the vault', 'secrets set STRIPE_KEY --from-file .env'],
    ['Set a certificate for production', 'secrets set TLS_KEY --from-file key.pem --env production'],
  ],
  async run(ctx, { names, fromFile, json, ...where }) {
    const scope = ctx.scope(where);
    for (const [i, word] of names.entries()) assertWord(scope, word, i);
    assertOneSource(ctx, names, fromFile);
    const file = fromFile === undefined ? undefined : await takenFrom(ctx, scope, fromFile, names);
    const changes: Change[] = [...(file?.changes ?? [])];
    for (const word of names) {
      if (word.includes('=') || !file) changes.push(await readChange(ctx, scope, word));
    }
    const team = await ctx.team();
    const written = await team.write(scope, changes);
    file?.remember(written.secrets);
    if (json) return ctx.print.json({ ...written, project: scope.project, environment: scope.environment });
    for (const { name, version } of written.secrets)
      ctx.print.note(`set ${name} in ${scopeText(scope)} (version ${version})`);
  },
});

/** A file is read by what reads a whole .env: it is loaded for that alone. */
async function takenFrom(
  ctx: Context,
  scope: ResolvedScope,
  file: string,
  words: readonly string[],
): Promise<FromFile> {
  const { changesFromFile } = await import('../actions/set-from-file.ts');
  return changesFromFile(
    ctx,
    scope,
    file,
    words.filter((word) => !word.includes('=')),
  );
}

async function readChange(ctx: Context, scope: ResolvedScope, word: string): Promise<Change> {
  const at = word.indexOf('=');
  const name = nameIn(word);
  const allowHijacking = scope.link?.allow?.includes(name) ?? false;
  if (at < 0)
    return {
      name,
      value: await readValue({ name, command: 'set', fromFile: undefined }, ctx.streams, ctx.ask),
      allowHijacking,
    };
  await ctx.print.warn(
    `the value of "${name}" went through the command line: your shell's history and ps can show it`,
    [`give it at the prompt: secrets set ${name} --env ${scope.environment}`],
  );
  return { name, value: new Secret(word.slice(at + 1)), allowHijacking };
}

/** Every name is judged before the first value is asked for. */
function assertWord(scope: ResolvedScope, word: string, i: number): void {
  const name = nameIn(word);
  if (!isSecretName(name)) throw badName(i);
  assertSecretName(name, { allowHijacking: scope.link?.allow?.includes(name) });
}

function nameIn(word: string): string {
  const at = word.indexOf('=');
  return at < 0 ? word : word.slice(0, at);
}

/** The word itself is not repeated: a value in the place of a name is the likeliest mistake. */
function badName(i: number): SecretsError {
  return new SecretsError('invalid', `word ${i + 1} is not a name for a secret`, {
    hint: [
      'a name is letters, digits and _, not starting with a digit, at most 255 characters',
      'a value is asked for, or read from stdin; it is no word of its own',
    ],
  });
}

/** A pipe holds one value; how many a file holds, its name tells. */
function assertOneSource(ctx: Context, names: readonly string[], fromFile: string | undefined): void {
  const open = names.filter((word) => !word.includes('=')).length;
  if (fromFile !== undefined && open === 0) {
    throw new SecretsError('usage', '--from-file wants the NAME that it holds the value of');
  }
  if (fromFile === undefined && open > 1 && !ctx.streams.in.isTerminal) {
    throw new SecretsError('usage', 'stdin holds one value: give one NAME with it', {
      hint: 'many at once from a file: secrets import FILE',
    });
  }
}
