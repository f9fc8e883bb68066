import { appendFileSync } from 'node:fs';
import { count, scopeText } from '../../cli/text.ts';
import type { ResolvedScope } from '../../config/scope.ts';
import type { Context } from '../../context.ts';
import { SecretsError } from '../../errors.ts';
import { writeError } from '../../files/faults.ts';
import { githubEnvText, githubMasks } from '../../formats/github.ts';
import { assertNoFile, type PullOptions } from './options.ts';
import { readValues } from './print.ts';
import type { Target } from './targets.ts';

/**
 * Hands the secrets to the steps that follow in a job of GitHub Actions: the runner reads the file that GITHUB_ENV names,
 * and masks in its log what stdout tells it to. Throws `usage` where there is no such file.
 */
export async function giveToGithub(
  ctx: Context,
  scope: ResolvedScope,
  target: Target,
  options: PullOptions,
): Promise<void> {
  assertNoFile(options, '--for github-env');
  const file = ctx.env.GITHUB_ENV;
  if (!file) {
    throw new SecretsError('usage', 'GITHUB_ENV names no file: this is no step of GitHub Actions', {
      hint: 'to see what would be written: secrets pull --format github-env -',
    });
  }
  const values = await readValues(ctx, scope, target);
  const text = githubEnvText({ values, ...scope });
  // First of all: what is not masked yet could be shown.
  ctx.print.raw(githubMasks(values.values()));
  try {
    appendFileSync(file, text);
  } catch (error) {
    throw writeError(error, file);
  }
  ctx.print.note(`gave ${count(values.size, 'secret')} of ${scopeText(scope)} to the steps that follow`);
}
