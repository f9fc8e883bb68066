import type { ResolvedScope } from '../../config/scope.ts';
import type { Context } from '../../context.ts';
import { SecretsError } from '../../errors.ts';
import { formatText } from '../../formats/index.ts';
import { audienceOf } from './audience.ts';
import { assertNoFile, type PullOptions } from './options.ts';
import { selected } from './prepare.ts';
import { namesToRead } from './selection.ts';
import { spelled } from './spelled.ts';
import type { Target } from './targets.ts';

/** Prints the secrets to stdout, in any format that is one text. Throws `usage` for one that is not. */
export async function printSecrets(
  ctx: Context,
  scope: ResolvedScope,
  target: Target,
  options: PullOptions,
): Promise<void> {
  assertNoFile(options, '-, which prints to stdout');
  const { format, readers } = target;
  if (format === 'files')
    throw new SecretsError('usage', 'the format "files" is a folder: name one in place of -');
  const values = await readValues(ctx, scope, target);
  if (format !== 'dotenv') return ctx.print.raw(await formatText(format, { values, ...scope }));
  const spellings = spelled(
    values,
    audienceOf(undefined, readers),
    { ...target, shown: 'stdout' },
    options.strict,
  );
  ctx.print.raw([...spellings].map(([name, { spelling }]) => `${name}=${spelling}\n`).join(''));
}

/** The values of a selection, in one request. */
export async function readValues(
  ctx: Context,
  scope: ResolvedScope,
  target: Target,
): Promise<ReadonlyMap<string, string>> {
  const set = await (await ctx.team()).read(scope, namesToRead([target.selection]));
  const secrets = await selected(ctx, scope, target, set);
  return new Map([...secrets].map(([name, { value }]) => [name, value.reveal()]));
}
