import { relative } from 'node:path';
import { placeText } from '../actions/place-rows.ts';
import { pullTarget } from '../actions/pull-target.ts';
import type { SecretList } from '../api/backend.ts';
import { defineCommand, jsonOption, scopeOptions } from '../cli/define.ts';
import { count, namesText, scopeText, timeText } from '../cli/text.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';
import { type LastPull, PullMemory } from '../dotenv/last-pull.ts';

export const status = defineCommand({
  name: 'status',
  summary: 'show project, environment, server or vault, and what changed since the last pull',
  args: {},
  options: { ...scopeOptions, json: jsonOption },
  examples: [['Where am I?', 'secrets status']],
  async run(ctx, { json, ...where }) {
    const scope = ctx.scope(where);
    const kept = await placeText(ctx);
    const list = await (await ctx.team()).list(scope);
    const file = pullTarget(scope, undefined, ctx.cwd);
    const pull = describePull(scope, list, file, ctx);
    const { project, environment, projectFrom, environmentFrom, link } = scope;
    if (json) {
      const place = { project, projectFrom, environment, environmentFrom, link: link?.path ?? null };
      return ctx.print.json({
        ...place,
        ...kept.fields,
        revision: list.revision,
        secrets: list.secrets.length,
        pull,
      });
    }
    await ctx.print.table(undefined, [
      ['project', `${project} (${projectFrom})`],
      ['environment', `${environment} (${environmentFrom})`],
      ['secrets', `${list.secrets.length}, revision ${list.revision}`],
      ...kept.rows,
      ['last pull', pullText(pull, relative(ctx.cwd, file) || file, scope)],
    ]);
  },
});

interface PullState {
  readonly file: string;
  readonly at: string;
  readonly from: string;
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What the vault has now against what the last pull wrote, by version: no value is read. */
function describePull(scope: ResolvedScope, list: SecretList, file: string, ctx: Context): PullState | null {
  const last: LastPull | undefined = new PullMemory(ctx.paths().state, file).load();
  if (!last) return null;
  const now = new Map(list.secrets.map((info) => [info.name, info.version]));
  const known = scopeText(last) === scopeText(scope) ? Object.keys(last.secrets) : [];
  return {
    file,
    at: last.at,
    from: scopeText(last),
    changed: known.filter((name) => now.has(name) && now.get(name) !== last.secrets[name]?.version),
    added: [...now.keys()].filter((name) => !known.includes(name)),
    removed: known.filter((name) => !now.has(name)),
  };
}

function pullText(pull: PullState | null, file: string, scope: ResolvedScope): string {
  if (!pull) return `never into ${file}`;
  const head = `${timeText(pull.at)} into ${file}`;
  if (pull.from !== scopeText(scope)) return `${head}, from ${pull.from}`;
  const names = [...pull.changed, ...pull.added, ...pull.removed];
  if (names.length === 0) return `${head}; nothing changed since`;
  return `${head}; ${count(names.length, 'secret')} changed since: ${namesText(names)}`;
}
