import { confirmName } from '../../actions/confirm-name.ts';
import { defineCommand, jsonOption, positional, yesOption } from '../../cli/define.ts';
import { count } from '../../cli/text.ts';

export const remove = defineCommand({
  name: 'delete',
  summary: 'delete a project with all its environments and secrets, for good',
  args: { name: positional('project', 'project') },
  options: { yes: yesOption, json: jsonOption },
  examples: [['After typing its name', 'secrets project delete old-site']],
  async run(ctx, { name, yes, json }) {
    const team = await ctx.team();
    const secrets = (await team.listEnvironments(name)).reduce((sum, it) => sum + it.secrets, 0);
    await confirmName(ctx, `${name} goes with ${count(secrets, 'secret')}, for good.`, name, yes);
    await team.deleteProject(name);
    if (json) return ctx.print.json({ deleted: name });
    ctx.print.note(`deleted ${name}`);
  },
});
