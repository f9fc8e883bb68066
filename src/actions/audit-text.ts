import type { AuditEvent, GrantInfo, Reach } from '../api/team.ts';
import { placeText } from '../cli/reach.ts';
import { timeText } from '../cli/text.ts';

/** How people are shown an event of the audit trail. */
export const auditColumns = ['TIME', 'WHO', 'ACTION', 'WHERE', 'FROM', 'WHAT'];
const shownNames = 3;
/** Ids that say nothing to people. */
const forPrograms: ReadonlySet<string> = new Set(['place']);

export function auditRow(event: AuditEvent): string[] {
  const { at, actor, action, project, environment } = event;
  const where = [project, environment].filter((it) => it !== undefined).join('/');
  return [timeText(at), actor, action, where || '-', fromText(event) || '-', whatText(event) || '-'];
}

/** One secret with its version; of more, how many and the first few. Behind it, what else the event says. */
function whatText({ secrets = {}, detail }: AuditEvent): string {
  const names = Object.keys(secrets);
  const told =
    names.length === 1 ? `${names[0]} v${secrets[names[0]!]}` : `${names.length} names: ${firstOf(names)}`;
  const said = Object.entries(detail).filter(
    ([key, it]) => !forPrograms.has(key) && !(Array.isArray(it) && it.length === 0),
  );
  const more = said.map(([key, it]) => `${key}: ${detailText(it)}`);
  return [...(names.length > 0 ? [told] : []), ...more].join('; ');
}

/** `A, B, C …` */
function firstOf(texts: readonly string[]): string {
  return `${texts.slice(0, shownNames).join(', ')}${texts.length > shownNames ? ' …' : ''}`;
}

function detailText(it: unknown): string {
  if (Array.isArray(it)) {
    const many = it.length > shownNames ? `${it.length}, ` : '';
    return many + firstOf(it.map(detailText));
  }
  if (typeof it !== 'object' || it === null) return String(it);
  if (isGrant(it)) return grantText(it);
  const inner = Object.entries(it).map(([key, one]) => `${key} ${detailText(one)}`);
  return inner.join(', ');
}

type ToldGrant = Reach & { permission: string } & Partial<Pick<GrantInfo, 'to' | 'id' | 'expiresAt'>>;

function isGrant(it: object): it is ToldGrant {
  return ['permission', 'project', 'environment', 'names'].every((key) => key in it);
}

function grantText({ to, permission, names, id, expiresAt, ...place }: ToldGrant): string {
  const who = to === undefined ? [] : ['group' in to ? `group:${to.group}` : to.principal];
  const until = expiresAt === undefined ? [] : [`until ${timeText(expiresAt)}`];
  return [...who, permission, names, 'in', placeText(place), ...until, id === undefined ? [] : `(${id})`]
    .flat()
    .join(' ');
}

/** The address as we saw it; host and program as the client told them, which need not be true. */
function fromText({ origin = {}, token }: AuditEvent): string {
  const told = [origin.toldHost, origin.toldProgram].filter((it) => it !== undefined).join(', ');
  const seen = [origin.address, token && `token ${token}`]
    .filter((it) => it !== undefined && it !== '')
    .join(', ');
  return [seen, told && `told: ${told}`].filter((it) => it !== '').join('; ');
}
