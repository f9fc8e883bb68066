import { expect, it } from 'vitest';
import { auditColumns, auditRow } from '../../../src/actions/audit-text.ts';
import type { AuditEvent } from '../../../src/api/team.ts';

const event: AuditEvent = {
  seq: 7,
  at: '2026-01-15T00:00:00.000Z',
  actor: 'olga',
  action: 'secrets.read',
  project: 'web',
  environment: 'production',
  detail: {},
};

const shown = (more: Partial<AuditEvent>): Record<string, string> => {
  const cells = auditRow({ ...event, ...more });
  return Object.fromEntries(auditColumns.map((heading, i) => [heading, cells[i]!]));
};

it('an event is when, who, which action and where', () => {
  expect(shown({})).toEqual({
    TIME: '2026-01-15 13:45',
    WHO: 'olga',
    ACTION: 'secrets.read',
    WHERE: 'web/production',
    WHAT: '-',
    FROM: '-',
  });
});

it('one secret is told with its version, many by how many and the first', () => {
  expect(shown({ secrets: { A: 3 } }).WHAT).toBe('A v3');
  expect(shown({ secrets: { A: 1, B: 2 } }).WHAT).toBe('2 names: A, B');
  const fifty = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`N${i}`, 1]));
  expect(shown({ secrets: fifty }).WHAT).toBe('50 names: N0, N1, N2 …');
});

it('what else the event says stands behind it', () => {
  const detail = {
    role: 'admin',
    groups: ['a', 'b'],
    ranges: [],
    ttl: 3600,
    query: { secret: 'A', limit: 50 },
  };
  expect(shown({ secrets: { A: 1 }, detail }).WHAT).toBe(
    'A v1; role: admin; groups: a, b; ttl: 3600; query: secret A, limit 50',
  );
  expect(shown({ detail: { names: ['A', 'B', 'C', 'D'] } }).WHAT).toBe('names: 4, A, B, C …');
});

it('grants are told as they are given', () => {
  const reach = { project: 'web', environment: '*', names: 'A*', permission: 'read' };
  const grant = { ...reach, to: { group: 'ops' }, id: 'g1', expiresAt: '2026-01-15T00:00:00.000Z' };
  expect(shown({ detail: { grant } }).WHAT).toBe(
    'grant: group:ops read A* in web until 2026-01-15 13:45 (g1)',
  );
  expect(shown({ detail: { account: 'ci', grants: [reach] } }).WHAT).toBe(
    'account: ci; grants: read A* in web',
  );
});

it('what the client told of itself is marked as told', () => {
  const origin = { address: '203.0.113.5', toldHost: 'laptop', toldProgram: 'secrets run' };
  expect(shown({ origin, token: 't1' }).FROM).toBe('203.0.113.5, token t1; told: laptop, secrets run');
  expect(shown({ origin: { toldHost: '203.0.113.9' } }).FROM).toBe('told: 203.0.113.9');
  expect(shown({ origin: { address: '203.0.113.5' } }).FROM).toBe('203.0.113.5');
});

it('the id of an environment is not for people', () => {
  expect(shown({ secrets: { A: 1 }, detail: { revision: 2, place: 'x' } }).WHAT).toBe('A v1; revision: 2');
});
