import { lastSeen, rememberSeen, type Seen } from '../actions/last-seen.ts';
import { placeText } from '../actions/place-rows.ts';
import { targetStates } from '../actions/pull-drift.ts';
import { stateJson, stateText } from '../actions/status-rows.ts';
import { defineCommand, flag, jsonOption, scopeOptions } from '../cli/define.ts';
import type { ResolvedScope } from '../config/scope.ts';
import type { Context } from '../context.ts';

export const status = defineCommand({
  name: 'status',
  summary: 'show project, environment, server or vault, and what changed since the last pull',
  description:
    'Of each file that a pull would write, it says by name what changed in the vault since the last pull, and what was ' +
    'edited here. No value is read or shown. The vault is asked once, for names and versions; with --offline it is not ' +
    'asked, and what this machine has seen of it last is said.',
  args: {},
  options: {
    offline: flag('--offline', 'ask nobody: say what this machine knows'),
    ...scopeOptions,
    json: jsonOption,
  },
  examples: [
    ['Where am I?', 'secrets status'],
    ['Was .env edited here since the last pull?', 'secrets status --offline'],
  ],
  async run(ctx, { offline, json, ...where }) {
    const scope = ctx.scope(where);
    const kept = await placeText(ctx);
    const known = offline ? lastSeen(ctx, scope) : await asked(ctx, scope);
    const states = targetStates(ctx, scope, known, { isSeen: offline });
    const { project, environment, projectFrom, environmentFrom, link } = scope;
    if (json) {
      const place = { project, projectFrom, environment, environmentFrom, link: link?.path ?? null };
      const [revision, secrets] = [known?.revision ?? null, known?.secrets.length ?? null];
      return ctx.print.json({ ...place, ...kept.fields, revision, secrets, targets: states.map(stateJson) });
    }
    await ctx.print.table(undefined, [
      ['project', `${project} (${projectFrom})`],
      ['environment', `${environment} (${environmentFrom})`],
      ['secrets', `${secretsText(known)}${offline && known ? ', when last seen' : ''}`],
      ...kept.rows,
      ...states.map((state) => ['last pull', stateText(state, scope)]),
    ]);
  },
});

async function asked(ctx: Context, scope: ResolvedScope): Promise<Seen> {
  const list = await (await ctx.team()).list(scope);
  rememberSeen(ctx, scope, list);
  return list;
}

function secretsText(known: Seen | undefined): string {
  return known ? `${known.secrets.length}, revision ${known.revision}` : 'not known; ask with secrets status';
}
