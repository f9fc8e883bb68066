import { defineCommand, jsonOption, scopeOptions } from '../cli/define.ts';
import { scopeText, timeText } from '../cli/text.ts';

export const list = defineCommand({
  name: 'list',
  summary: 'list names and versions, never values',
  args: {},
  options: { ...scopeOptions, json: jsonOption },
  examples: [
    ['See what the linked project has', 'secrets list'],
    ['Names alone, for a script', "secrets list --env production --json | jq -r '.secrets[].name'"],
  ],
  async run(ctx, { json, ...where }) {
    const scope = ctx.scope(where);
    const { revision, secrets } = await (await ctx.team()).list(scope);
    if (json)
      return ctx.print.json({ project: scope.project, environment: scope.environment, revision, secrets });
    if (secrets.length === 0)
      ctx.print.note(`no secrets in ${scopeText(scope)} yet; add one: secrets set NAME`);
    const rows = secrets.map((info) => [
      info.name,
      `v${info.version}`,
      timeText(info.updatedAt),
      info.updatedBy,
    ]);
    if (rows.length > 0) await ctx.print.table(['NAME', 'VERSION', 'UPDATED', 'BY'], rows);
  },
});
