import { randomBytes } from 'node:crypto';
import { assertPrincipalName } from '../api/names.ts';
import { notFound } from '../api/near.ts';
import type { CreatedToken, NewToken, TokenInfo } from '../api/team.ts';
import { credentialHash, newToken, tokenPrefix } from '../crypto/token.ts';
import { SecretsError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import { deleteCodesOf } from '../store/codes.ts';
import { findPrincipal } from '../store/principals.ts';
import type { PrincipalRow, TokenRow, Tx } from '../store/schema.ts';
import * as store from '../store/tokens.ts';
import { mayGovern } from './access.ts';
import { record } from './audit.ts';
import type { Actor, Call, Look } from './call.ts';
import { keepGrants } from './grants.ts';
import { makePrincipal } from './principals.ts';
import { assertRanges } from './ranges.ts';
import { requireGovern } from './scopes.ts';

const day = 24 * 3600;
/** Seconds. A personal token ends when it was not used for 30 days, and 90 days after it was issued at the latest. */
const [idle, longestPersonal] = [30 * day, 90 * day];
/** Seconds. */
const [shortest, longest] = [60, 365 * day];

/** The tokens that are valid, newest first: all for who governs; else one's own. */
export async function list({ tx, actor, at }: Look): Promise<TokenInfo[]> {
  const rows = await store.listTokens(tx);
  return rows
    .filter((row) => at < row.expires_at && (mayGovern(actor) || row.principal_id === actor.id))
    .map(infoOf);
}

export function infoOf(row: store.HeldToken): TokenInfo {
  return {
    id: row.id,
    prefix: row.prefix,
    kind: row.kind,
    principal: row.name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
    ranges: JSON.parse(row.ranges) as string[],
    ...(row.told_host === null ? {} : { toldHost: row.told_host }),
  };
}

/** Makes a token for a service account, which is made with its grants if it is not there. */
export async function create(call: Call, wanted: NewToken): Promise<CreatedToken> {
  requireGovern(call, 'make tokens');
  const { account, grants, ttl, ranges } = wanted;
  assertPrincipalName(account);
  assertRanges(ranges);
  if (!Number.isInteger(ttl) || ttl < shortest || ttl > longest)
    throw new SecretsError('invalid', 'a token lives at least a minute and at most 365 days');
  const known = await findPrincipal(call.tx, account);
  assertAccount(account, known, grants.length);
  const principal = known ?? (await makePrincipal(call, account, 'service'));
  await keepGrants(
    call,
    grants.map((grant) => ({ ...grant, to: { principal: account } })),
  );
  const { token, row } = await issue(call, {
    principal_id: principal.id,
    kind: 'service',
    expires_at: later(call.at, ttl),
    ranges: JSON.stringify(ranges),
    told_host: null,
  });
  await record(
    call,
    'token.create',
    {},
    { account, issued: row.id, expiresAt: row.expires_at, grants, ranges },
  );
  return { ...infoOf({ ...row, name: account, role: 'service' }), token };
}

/** A token of a member, with their expiry. */
export function issuePersonal(
  call: Pick<Call, 'tx' | 'at' | 'origin'> & { actor: { name: string } },
  principalId: string,
): Promise<{ token: Secret; row: TokenRow }> {
  return issue(call, {
    principal_id: principalId,
    kind: 'personal',
    expires_at: later(call.at, idle),
    ranges: '[]',
    told_host: call.origin?.toldHost ?? null,
  });
}

/** Revokes one at once: any for who governs; else one's own. */
export async function revoke(call: Call, id: string): Promise<void> {
  const rows = await store.listTokens(call.tx);
  const mine = rows.filter((row) => mayGovern(call.actor) || row.principal_id === call.actor.id);
  const token = mine.find((row) => row.id === id);
  if (!token)
    throw await notFound('token', id, { among: mine.map((row) => row.id), listWith: 'secrets token list' });
  await store.deleteToken(call.tx, id);
  // Whoever had the token may have made themselves a code with it.
  await deleteCodesOf(call.tx, token.principal_id, token.name);
  await record(call, 'token.revoke', {}, { revoked: id, of: token.name });
}

/**
 * Notes that the caller's token was used, at most once a minute, and lets a personal one live on. What other processes
 * remember of it stays right: a token only ever ends later than they think, and then they look again.
 */
export async function touch(tx: Tx, { token }: Actor, at: string): Promise<void> {
  if (!token || !isDue(token, at)) return;
  const expires_at = token.kind === 'personal' ? livesUntil(token, at) : token.expires_at;
  await store.touchToken(tx, token.id, at, expires_at);
  const before = { ...token };
  tx.onUndone(() => Object.assign(token, before));
  Object.assign(token, { last_used_at: at, expires_at });
}

/** Whether the use of a token is to be noted: in every minute of the clock at most once, because each is a write. */
export function isDue({ last_used_at }: TokenRow, at: string): boolean {
  return last_used_at === null || minuteOf(at) > minuteOf(last_used_at);
}

function minuteOf(at: string): string {
  return at.slice(0, '2026-01-31T12:00'.length);
}

function livesUntil({ created_at, expires_at }: TokenRow, at: string): string {
  const [slid, end] = [later(at, idle), later(created_at, longestPersonal)];
  const next = slid < end ? slid : end;
  // A clock that jumped back takes nothing away.
  return next > expires_at ? next : expires_at;
}

async function issue(
  { tx, at, actor }: Pick<Call, 'tx' | 'at'> & { actor: { name: string } },
  facts: Pick<TokenRow, 'principal_id' | 'kind' | 'expires_at' | 'ranges' | 'told_host'>,
): Promise<{ token: Secret; row: TokenRow }> {
  const token = newToken();
  const row: TokenRow = {
    ...facts,
    id: randomBytes(6).toString('hex'),
    prefix: tokenPrefix(token),
    hash: credentialHash(token),
    created_at: at,
    created_by: actor.name,
    last_used_at: null,
  };
  // Those that ended are kept for a while, so that whoever still uses one is told so.
  await store.deleteTokensBefore(tx, later(at, -idle));
  await store.insertToken(tx, row);
  return { token, row };
}

function assertAccount(account: string, known: PrincipalRow | undefined, grants: number): void {
  if (known && known.role !== 'service') {
    throw new SecretsError('conflict', `"${account}" is a member; their tokens come from enrolling`, {
      hint: `for another machine of theirs: secrets member invite ${account}`,
    });
  }
  // More for a new token would be more for every token of the account.
  if (known && grants > 0) {
    throw new SecretsError('conflict', `"${account}" is there already; a token has what its account has`, {
      hint: [
        `another token for it, which has what it has: secrets token create ${account} --ttl 1h`,
        `give the account more: secrets grant add ${account} read PROJECT/ENVIRONMENT`,
        'or name another account',
      ],
    });
  }
  if (!known && grants === 0) {
    throw new SecretsError('invalid', `there is no service account "${account}" yet: say what it may do`, {
      hint: `secrets token create ${account} --read PROJECT/ENVIRONMENT --ttl 1h`,
    });
  }
}

function later(at: string, seconds: number): string {
  return new Date(Date.parse(at) + seconds * 1000).toISOString();
}
