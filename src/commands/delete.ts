import { confirmName } from '../actions/confirm-name.ts';
import { defineCommand, jsonOption, scopeOptions, several, yesOption } from '../cli/define.ts';
import { count, scopeText } from '../cli/text.ts';

export const remove = defineCommand({
  name: 'delete',
  summary: 'delete secrets with all their versions, for good',
  description:
    'Immediate and permanent. What stays is the line in the audit trail that says who deleted what, and when.',
  args: { names: several('secret name', 'secret') },
  options: { yes: yesOption, ...scopeOptions, json: jsonOption },
  examples: [
    ['Delete after typing the name', 'secrets delete OLD_API_KEY'],
    ['Delete in a script', 'secrets delete OLD_API_KEY --env staging --yes'],
  ],
  async run(ctx, { names, yes, json, ...where }) {
    const scope = ctx.scope(where);
    const team = await ctx.team();
    for (const name of names) {
      const versions = await team.history(scope, name);
      const what = `${name} goes from ${scopeText(scope)} with ${count(versions.length, 'version')}, for good.`;
      await confirmName(ctx, what, name, yes);
    }
    await team.delete(scope, names);
    if (json)
      return ctx.print.json({ deleted: names, project: scope.project, environment: scope.environment });
    ctx.print.note(`deleted ${names.join(', ')} from ${scopeText(scope)}`);
  },
});
