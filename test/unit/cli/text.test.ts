import { expect, it } from 'vitest';
import { count, scopeText, timeText } from '../../../src/cli/text.ts';

it('a count has its noun in the right number', () => {
  expect([count(0, 'secret'), count(1, 'secret'), count(2, 'secret')]).toEqual([
    '0 secrets',
    '1 secret',
    '2 secrets',
  ]);
});

it('a scope is project and environment', () => {
  expect(scopeText({ project: 'web', environment: 'production' })).toBe('web/production');
});

it('a time is told in the local time zone, to the minute', () => {
  // The tests run in Pacific/Chatham: 13:45 ahead in its summer, 12:45 in its winter.
  expect(timeText('2026-01-15T00:00:59.999Z')).toBe('2026-01-15 13:45');
  expect(timeText('2026-07-15T00:00:00.000Z')).toBe('2026-07-15 12:45');
  expect(timeText('2025-12-31T23:00:00.000Z')).toBe('2026-01-01 12:45');
});
