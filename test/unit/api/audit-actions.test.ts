import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { auditActions, auditFilters, auditKinds } from '../../../src/api/audit-actions.ts';

it('the actions that can be asked for are those that the vault records', () => {
  const source = readFileSync('src/vault/audit.ts', 'utf8');
  const [, union = ''] = /export type AuditAction =([^;]*);/.exec(source) ?? [];
  const recorded = [...union.matchAll(/'([^']+)'/g)].map(([, name]) => name!);
  expect(recorded.length).toBeGreaterThan(0);
  expect([...auditActions].toSorted()).toEqual(recorded.toSorted());
});

it('a kind is what stands before the dot', () => {
  expect(auditKinds).toContain('secrets');
  expect(auditKinds).not.toContain('denied');
  expect(new Set(auditFilters).size).toBe(auditFilters.length);
});
