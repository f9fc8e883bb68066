import { SecretsError } from '../errors.ts';

/** Throws `invalid` unless it is ISO 8601 in UTC with milliseconds: of that form, times compare as text. */
export function assertTime(text: string): void {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime()) && time.toISOString() === text) return;
  throw new SecretsError('invalid', 'a time is written as in 2026-01-31T12:00:00.000Z');
}
