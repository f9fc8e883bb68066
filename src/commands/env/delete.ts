import { confirmName } from '../../actions/confirm-name.ts';
import { defineCommand, jsonOption, positional, projectOption, yesOption } from '../../cli/define.ts';
import { count } from '../../cli/text.ts';

export const remove = defineCommand({
  name: 'delete',
  summary: 'delete an environment with all its secrets, for good',
  args: { name: positional('environment', 'environment') },
  options: { yes: yesOption, ...projectOption, json: jsonOption },
  examples: [['After typing its name', 'secrets env delete preview']],
  async run(ctx, { name, yes, json, ...where }) {
    const { project } = ctx.scope(where);
    const team = await ctx.team();
    const { secrets } = await team.list({ project, environment: name });
    await confirmName(
      ctx,
      `${project}/${name} goes with ${count(secrets.length, 'secret')}, for good.`,
      name,
      yes,
    );
    await team.deleteEnvironment({ project, environment: name });
    if (json) return ctx.print.json({ deleted: name, project });
    ctx.print.note(`deleted ${project}/${name}`);
  },
});
