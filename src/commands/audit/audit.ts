import { assertAction, warnOfUnknown } from '../../actions/audit-filters.ts';
import { auditColumns, auditRow } from '../../actions/audit-text.ts';
import { auditActions, auditFilters } from '../../api/audit-actions.ts';
import type { AuditEvent, AuditQuery, TeamApi } from '../../api/team.ts';
import { defineCommand, flag, jsonOption, value } from '../../cli/define.ts';
import { parseMoment } from '../../cli/duration.ts';
import { SecretsError } from '../../errors.ts';

const atOnce = 50;
const largestPage = 1000;

export const audit = defineCommand({
  name: 'audit',
  summary: 'show who read and changed what, newest first',
  description:
    'Every read of values, every write, every refusal and every change of access is an event: who, by which token, ' +
    'from where, what, when. Host and program are what the client told of itself, and marked as told. The newest ' +
    `${atOnce} are shown unless --limit says otherwise; --jsonl writes all of them, one a line, newest first, for ` +
    `another program to keep. The actions are ${auditActions.join(', ')}; denied is every refusal, of whatever was tried.`,
  args: {},
  options: {
    secret: value('--secret <name>', 'only events that name this secret', 'secret'),
    who: value('--who <name>', 'only what this member or service account did', 'principal'),
    project: value('-p, --project <name>', 'only events of this project', 'project'),
    env: value('-e, --env <name>', 'only events of environments of this name', 'environment'),
    action: value(
      '--action <action>',
      'only this action, such as secrets.read, or all of a kind: secrets',
      auditFilters,
    ),
    since: value('--since <when>', 'from then on: 7d ago, or a time in ISO 8601'),
    until: value('--until <when>', 'before then: 1h ago, or a time in ISO 8601'),
    limit: value('--limit <n>', `at most so many events (default ${atOnce}; with --jsonl, all)`),
    json: jsonOption,
    jsonl: flag('--jsonl', 'print JSON lines: one event a line'),
  },
  examples: [
    ['Who has seen this key in the last week?', 'secrets audit --secret OPENAI_API_KEY --since 7d'],
    ['What was refused', 'secrets audit --action denied --since 1d'],
    ['Keep a copy elsewhere', 'secrets audit --jsonl > audit.jsonl'],
  ],
  async run(ctx, { json, jsonl, limit, ...filters }) {
    if (json && jsonl) throw new SecretsError('usage', 'give one of --json and --jsonl, not both');
    const most = limit === undefined ? (jsonl ? Number.POSITIVE_INFINITY : atOnce) : wholeNumber(limit);
    await assertAction(filters.action);
    const team = await ctx.team();
    const pages = newestFirst(team, queryOf(filters, ctx.now()), most);
    const found: AuditEvent[] = [];
    let any = false;
    for await (const events of pages) {
      any ||= events.length > 0;
      if (jsonl) ctx.print.raw(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      else found.push(...events);
    }
    if (!any) await warnOfUnknown(ctx, team, filters);
    if (jsonl) return;
    if (json) return ctx.print.json(found);
    if (found.length === 0) return ctx.print.note('no events of that kind');
    await ctx.print.table(auditColumns, found.map(auditRow));
    if (limit === undefined && found.length === most) ctx.print.note('there may be older ones: --limit N');
  },
});

type Filters = Readonly<
  Partial<Record<'secret' | 'who' | 'project' | 'env' | 'action' | 'since' | 'until', string | undefined>>
>;

function queryOf({ who, env, since, until, ...same }: Filters, now: Date): AuditQuery {
  const query = {
    ...same,
    principal: who,
    environment: env,
    since: since === undefined ? undefined : parseMoment(since, '--since', now, 'before'),
    until: until === undefined ? undefined : parseMoment(until, '--until', now, 'before'),
  };
  return Object.fromEntries(Object.entries(query).filter(([, text]) => text !== undefined));
}

/** Page after page, each asked for when the one before was used. */
async function* newestFirst(
  team: TeamApi,
  query: AuditQuery,
  most: number,
): AsyncGenerator<readonly AuditEvent[]> {
  let cursor: string | undefined;
  for (let left = most; left > 0;) {
    const limit = Math.min(left, largestPage);
    const { events, next } = await team.listAudit({
      ...query,
      ...(cursor !== undefined && { cursor }),
      limit,
    });
    yield events;
    left -= events.length;
    if (next === undefined) return;
    cursor = next;
  }
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new SecretsError('usage', '--limit wants a number, 1 or more');
}
