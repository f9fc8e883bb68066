import { applyImport, type ImportPlan, planImport } from '../actions/import-file.ts';
import {
  defineCommand,
  flag,
  jsonOption,
  positional,
  scopeOptions,
  value,
  yesOption,
} from '../cli/define.ts';
import { scopeText } from '../cli/text.ts';
import type { Context } from '../context.ts';
import { readers } from '../dotenv/readers/index.ts';
import { type Format, formats } from '../formats/read.ts';
import { SecretsError } from '../errors.ts';

export const importFile = defineCommand({
  name: 'import',
  summary: 'take the secrets out of a .env, JSON, YAML or TOML file',
  description:
    'Shows what is new, what is changed and what is the same, by name, and writes all of it in one transaction or ' +
    'nothing. Replaced values stay in the history. The file itself is not touched. A .env file is read as the dotenv package ' +
    'reads it, with what shells and other writers escape understood besides (docs/dotenv.md); --from reads it as another program ' +
    'does. References like ${NAME} are text unless --expand resolves them, within the file.',
  args: { file: positional('file to read; - is stdin', 'file') },
  options: {
    format: value('--format <format>', `${formats.join(', ')} (default: by the name of the file)`, formats),
    from: value(
      '--from <program>',
      'read a .env file as this program does: compose, shell, docker, …',
      readers.map(({ name }) => name),
    ),
    expand: flag('--expand', 'resolve $NAME, ${NAME} and ${NAME:-default} within the file'),
    dryRun: flag('-n, --dry-run', 'show what would change, and write nothing'),
    yes: yesOption,
    ...scopeOptions,
    json: jsonOption,
  },
  examples: [
    ['Bring the .env of this folder into the vault', 'secrets import .env'],
    ['Bring over what docker compose reads', 'secrets import compose.env --from compose'],
    ['See first what would change in staging', 'secrets import .env.staging --env staging --dry-run'],
  ],
  async run(ctx, { file, format, from, expand, dryRun, yes, json, ...where }) {
    const scope = ctx.scope(where);
    const plan = await planImport(ctx, scope, file, { format: checkedFormat(format), from, expand });
    for (const { text, hint } of plan.remarks) await ctx.print.warn(text, hint === undefined ? [] : [hint]);
    const { added, changed, same } = plan;
    if (!json) show(ctx, plan);
    if (json && dryRun) ctx.print.json({ added, changed, same, written: false });
    if (dryRun) return;
    if (changed.length > 0 && !yes) {
      const goOn = await ctx.ask.confirm(
        `Write to ${scopeText(scope)}?`,
        'to replace values without being asked: --yes',
      );
      if (!goOn) throw new SecretsError('interrupted', 'nothing was imported');
    }
    await applyImport(ctx, scope, plan);
    if (json) ctx.print.json({ added, changed, same, written: plan.changes.length > 0 });
    ctx.print.note(`imported ${added.length} new and ${changed.length} changed into ${scopeText(scope)}`);
  },
});

function show(ctx: Context, { added, changed, same }: ImportPlan): void {
  for (const [kind, names] of Object.entries({ new: added, changed, same })) {
    for (const name of names) ctx.print.line(`${kind.padEnd(8)} ${name}`);
  }
}

function checkedFormat(format: string | undefined): Format | undefined {
  if (format === undefined || formats.some((known) => known === format)) return format as Format | undefined;
  throw new SecretsError('usage', `no format named "${format}"`, { hint: `known are ${formats.join(', ')}` });
}
