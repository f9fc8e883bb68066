import { basename } from 'node:path';
import { assertHarmless } from '../api/names.ts';
import { defineCommand, scopeOptions, several } from '../cli/define.ts';
import { masterKeyVariable, tokenVariable } from '../config/paths.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { inheritedDescriptors } from '../process/descriptors.ts';
import { canReplace, type ChildEnv, replaceProcess } from '../process/exec.ts';
import { findProgram } from '../process/find.ts';

/** Ours alone: no child has a use for them. */
const neverPassed = new Set([masterKeyVariable, tokenVariable]);

export const run = defineCommand({
  name: 'run',
  summary: 'run a program with the secrets in its environment',
  description:
    'No file is written. On POSIX systems this process becomes the program: signals, the terminal and the exit status ' +
    'are its own. Secrets win over variables that are set already. Exit status: that of the program; 128 + n when ' +
    'signal n ended it; 125 when it could not be started for a reason of ours, 126 when it cannot be executed, 127 ' +
    'when it was not found.',
  args: { command: several('the program and its arguments') },
  options: scopeOptions,
  examples: [
    ['Start the development server', 'secrets run -- npm start'],
    ['Run a migration against staging', 'secrets run --env staging -- npx prisma migrate deploy'],
    [
      'Use a shell for pipes and variables',
      `secrets run -- sh -c 'curl -H "Authorization: Bearer $API_TOKEN" localhost:3000'`,
    ],
  ],
  passThrough: true,
  async run(ctx, { command, ...where }) {
    const scope = ctx.scope(where);
    ctx.calling.program = basename(command[0]!);
    const env = await childEnv(ctx, scope);
    const program = findProgram(command[0]!, ctx.env.PATH, ctx.cwd);
    await ctx.close();
    const handed = inheritedDescriptors();
    if (handed.length === 0 && canReplace(command, env)) replaceProcess(program, command, env);
    const { supervise } = await import('../process/supervise.ts');
    return supervise(program, command, env, handed);
  },
});

async function childEnv(ctx: Context, scope: ResolvedScope): Promise<ChildEnv> {
  const { secrets } = await (await ctx.team()).read(scope);
  // Without a prototype: __proto__ is a name like any other.
  const env = Object.create(null) as ChildEnv;
  for (const [name, text] of Object.entries(ctx.env)) {
    if (text !== undefined && !neverPassed.has(name)) env[name] = text;
  }
  assertHarmless(secrets.keys(), scope.link?.allow, 'passed on');
  for (const [name, { value }] of secrets) {
    env[name] = value.reveal();
  }
  return env;
}
