import { defineCommand, flag, jsonOption, positional, scopeOptions, value } from '../cli/define.ts';
import { readValue } from '../cli/input.ts';
import { scopeText } from '../cli/text.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';

export const rotate = defineCommand({
  name: 'rotate',
  summary: 'give a secret a new value',
  description:
    'The secret must exist. The value comes from a hidden prompt, stdin or a file, as with `secrets set`, or is made ' +
    'up. The old value stays in the history.',
  args: { name: positional('secret name', 'secret') },
  options: {
    generate: flag('-g, --generate', 'make up a random value of letters and digits'),
    length: value('--length <n>', 'characters of a generated value (default 32)'),
    fromFile: value('-f, --from-file <file>', 'take the value from a file', 'file'),
    ...scopeOptions,
    json: jsonOption,
  },
  examples: [
    ['Type or paste the new key', 'secrets rotate OPENAI_API_KEY'],
    ['A new random value', 'secrets rotate SESSION_SECRET --generate'],
  ],
  async run(ctx, { name, generate, length, fromFile, json, ...where }) {
    if (generate && fromFile !== undefined)
      throw new SecretsError('usage', 'give one of --generate and --from-file, not both');
    if (length !== undefined && !generate) throw new SecretsError('usage', '--length goes with --generate');
    const scope = ctx.scope(where);
    const team = await ctx.team();
    // Before anybody types a value for a name that is not there.
    await team.history(scope, name);
    const next = generate
      ? await madeUp(length)
      : await readValue({ name, command: 'rotate', fromFile }, ctx.streams, ctx.ask);
    const allowHijacking = scope.link?.allow?.includes(name) ?? false;
    const change = { name, value: next, expect: 'exists', allowHijacking } as const;
    const written = await team.write(scope, [change], { intent: 'rotate' });
    if (json) return ctx.print.json({ ...written, project: scope.project, environment: scope.environment });
    for (const { version } of written.secrets)
      ctx.print.note(`rotated ${name} in ${scopeText(scope)} (version ${version})`);
  },
});

/** Loaded here, so that help does not load the cipher. */
async function madeUp(length: string | undefined): Promise<Secret> {
  const { generateValue } = await import('../credentials/generate.ts');
  return generateValue(length);
}
