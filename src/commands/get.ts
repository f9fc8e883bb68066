import { secretNotFound } from '../api/near.ts';
import type { Scope } from '../api/backend.ts';
import type { TeamApi } from '../api/team.ts';
import { defineCommand, jsonOption, positional, scopeOptions, value } from '../cli/define.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';

export const get = defineCommand({
  name: 'get',
  summary: 'print the value of one secret',
  description:
    'The value is printed as it is; a newline is added on a terminal only, so that a pipe gets every byte.',
  args: { name: positional('secret name', 'secret') },
  options: {
    version: value('--version <n>', 'an earlier version (see `secrets history`)'),
    ...scopeOptions,
    json: jsonOption,
  },
  examples: [
    ['Use a value in a script', 'token=$(secrets get API_TOKEN)'],
    ['Take back the value of version 2', 'secrets get API_TOKEN --version 2 | secrets set API_TOKEN'],
  ],
  async run(ctx, { name, version, json, ...where }) {
    const scope = ctx.scope(where);
    const team = await ctx.team();
    const found =
      version === undefined ? await current(team, scope, name) : await earlier(team, scope, name, version);
    const text = found.value.reveal();
    if (json) return ctx.print.json({ name, value: text, version: found.version });
    ctx.print.raw(ctx.streams.out.isTerminal ? `${text}\n` : text);
  },
});

interface Found {
  readonly value: Secret;
  readonly version: number;
}

async function current(team: TeamApi, scope: Scope, name: string): Promise<Found> {
  const found = (await team.read(scope, [name])).secrets.get(name);
  if (found) return found;
  const { secrets } = await team.list(scope);
  throw await secretNotFound(
    scope,
    name,
    secrets.map((info) => info.name),
  );
}

async function earlier(team: TeamApi, scope: Scope, name: string, text: string): Promise<Found> {
  const version = Number(text);
  if (!Number.isInteger(version) || version < 1)
    throw new SecretsError('usage', `--version wants a number, not "${text}"`);
  return { value: await team.readVersion(scope, name, version), version };
}
