import { createHmac, hash as digest, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Scope } from '../api/backend.ts';
import type { AuditVerdict } from '../api/team.ts';
import { SecretsError } from '../errors.ts';
import { auditPage, hasEventsBefore } from '../store/audit.ts';
import type { AuditRow, Db, Tx } from '../store/schema.ts';
import type { Call } from './call.ts';
import { newGeneration } from './known.ts';
import { brokenList, listIn } from './name-lists.ts';

/**
 * The audit trail. Each event carries SHA-256 over itself and the hash before it; the head (last number and hash) is
 * signed by a key from the master key. So an edited or missing event shows, and so does a cut tail. Not seen: the
 * whole file put back as it was on an earlier day; for that, keep the head somewhere else.
 */
export type AuditAction =
  | 'vault.create'
  | 'secrets.read'
  | 'secrets.read-version'
  | 'secrets.compare'
  | 'secrets.set'
  | 'secrets.rotate'
  | 'secrets.import'
  | 'secrets.copy'
  | 'secrets.delete'
  | 'project.create'
  | 'project.rename'
  | 'project.delete'
  | 'environment.create'
  | 'environment.rename'
  | 'environment.delete'
  | 'member.invite'
  | 'member.enrol'
  | 'member.role'
  | 'member.remove'
  | 'group.add'
  | 'group.remove'
  | 'grant.add'
  | 'grant.remove'
  | 'token.create'
  | 'token.revoke'
  | 'audit.read'
  | 'vault.rekey'
  | 'denied';

/** These change nothing that anybody remembers. */
const lookers: ReadonlySet<AuditAction> = new Set([
  'secrets.read',
  'secrets.read-version',
  'secrets.compare',
  'audit.read',
  'denied',
]);

const genesis: Link = { seq: 0, hash: Buffer.alloc(32) };
const page = 200;

interface Link {
  readonly seq: number;
  readonly hash: Buffer;
}

/** What an event needs of the call that it tells. */
export type Recorded = Pick<Call, 'tx' | 'keys' | 'at' | 'origin'> & {
  readonly actor: Pick<Call['actor'], 'name' | 'token'>;
};

/** Appends one event, in the transaction of the change that it tells. Throws `vault_damaged` when the head was forged. */
export async function record(
  { tx, actor, keys, at, origin }: Recorded,
  action: AuditAction,
  scope: Partial<Scope>,
  detail: object = {},
): Promise<void> {
  const { audit_head } = await tx.meta();
  const head = action === 'vault.create' ? genesis : headAt(audit_head, keys.audit);
  const event = {
    seq: head.seq + 1,
    at,
    actor: actor.name,
    action,
    project: scope.project ?? null,
    environment: scope.environment ?? null,
    detail: JSON.stringify({ ...detail, token: actor.token?.id, origin }),
  };
  const link = { seq: event.seq, hash: linkHash(head.hash, event) };
  const signed = signHead(link, keys.audit);
  tx.append({ ...event, hash: link.hash });
  tx.setMeta('audit_head', signed);
  ours.set(keys.audit, { signed, link });
  if (!lookers.has(action)) newGeneration(tx);
}

/** The head that was signed here last, by its key: a signature of one's own need not be verified. */
const ours = new WeakMap<KeyObject, { readonly signed: string; readonly link: Link }>();

function headAt(signed: string | undefined, auditKey: KeyObject): Link {
  const last = ours.get(auditKey);
  return last !== undefined && last.signed === signed ? last.link : openHead(signed, auditKey);
}

/** Signs the head anew, with the key that follows from another master key. */
export async function resign(tx: Tx, from: KeyObject, to: KeyObject): Promise<void> {
  const { audit_head } = await tx.meta();
  tx.setMeta('audit_head', signHead(openHead(audit_head, from), to));
}

/** Walks the chain from its first event to its signed head. What others append meanwhile is behind that head. */
export async function verifyChain(db: Db, auditKey: KeyObject): Promise<AuditVerdict> {
  const { audit_head: signed } = await db.meta();
  const end = signedEnd(signed, auditKey);
  const lists = new Set<string>();
  let last = genesis;
  if (await hasEventsBefore(db, 1)) return broken(0, 1, 'there are events before the first');
  for (;;) {
    // A long walk lets others pass between two pages.
    await new Promise((resolve) => setImmediate(resolve));
    const rows = await auditPage(db, last.seq, page);
    for (const row of rows.filter(({ seq }) => seq <= end)) {
      if (row.seq !== last.seq + 1) return broken(last.seq, last.seq + 1, 'an event is missing');
      const hash = linkHash(last.hash, row);
      if (!(row.hash instanceof Uint8Array) || !hash.equals(row.hash))
        return broken(last.seq, row.seq, 'an event was edited');
      last = { seq: row.seq, hash };
    }
    const spoilt = await spoiltList(db, rows, lists);
    if (spoilt)
      return broken(last.seq, spoilt.seq, 'the list of names of an event is missing, or was edited');
    if (rows.length < page || last.seq >= end) return verifyEnd(db, auditKey, signed, last);
  }
}

/** The first event whose list is not as it was; each list is looked at once. */
async function spoiltList(
  db: Db,
  rows: readonly AuditRow[],
  seen: Set<string>,
): Promise<AuditRow | undefined> {
  const fresh = new Set(rows.flatMap((row) => listIn(row.detail) ?? []).filter((id) => !seen.has(id)));
  const bad = await brokenList(db, [...fresh]);
  for (const id of fresh) seen.add(id);
  return bad === undefined ? undefined : rows.find((row) => listIn(row.detail) === bad);
}

async function verifyEnd(
  db: Db,
  auditKey: KeyObject,
  signed: string | undefined,
  last: Link,
): Promise<AuditVerdict> {
  if (signed !== signHead(last, auditKey)) {
    return broken(last.seq, last.seq + 1, 'the end was cut off, or the signed head was edited');
  }
  const behind = await auditPage(db, last.seq, 1);
  if (behind.length > 0 && (await db.meta()).audit_head === signed) {
    return broken(last.seq, last.seq + 1, 'there are events behind the signed end');
  }
  return { whole: true, events: last.seq };
}

/** The number of the last event, where the head is ours; else the walk goes on to the end of the table. */
function signedEnd(signed: string | undefined, auditKey: KeyObject): number {
  try {
    return openHead(signed, auditKey).seq;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function broken(events: number, brokenAt: number, reason: string): AuditVerdict {
  return { whole: false, events, brokenAt, reason };
}

function linkHash(before: Uint8Array, event: Omit<AuditRow, 'hash'>): Buffer {
  const { seq, at, actor, action, project, environment, detail } = event;
  const text = JSON.stringify([seq, at, actor, action, project, environment, detail]);
  return digest('sha256', Buffer.concat([before, Buffer.from(text)]), 'buffer');
}

/** `seq hash mac`, the last two in hex. */
function signHead({ seq, hash }: Link, auditKey: KeyObject): string {
  const link = `${seq} ${hash.toString('hex')}`;
  return `${link} ${createHmac('sha256', auditKey).update(link).digest('hex')}`;
}

function openHead(text: string | undefined, auditKey: KeyObject): Link {
  const [seq = '', hash = ''] = (text ?? '').split(' ');
  const link = { seq: Number(seq), hash: Buffer.from(hash, 'hex') };
  const expected = Buffer.from(signHead(link, auditKey));
  const given = Buffer.from(text ?? '');
  if (given.length === expected.length && timingSafeEqual(given, expected)) return link;
  throw new SecretsError(
    'vault_damaged',
    'the signed end of the audit trail was changed by something else than this program',
    {
      hint: 'put a backup of the vault in its place; see what is wrong with `secrets doctor`',
    },
  );
}
