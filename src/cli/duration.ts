import { SecretsError } from '../errors.ts';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
const form = 'a number and a unit: 90s, 15m, 1h, 7d or 2w';
const isoTime = /^(\d{4})-(\d{2})-(\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;

/** Seconds of `15m`. Throws `usage`, with the name of the option that it was given to. */
export function parseDuration(text: string, option: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  const seconds = Number(digits) * (units[unit] ?? 0);
  if (seconds > 0) return seconds;
  throw new SecretsError('usage', `${option} wants a time span`, { hint: form });
}

/**
 * A moment in ISO 8601, UTC: `7d` before now, or after it, or a time that is given as one. A time without a zone is
 * local; a day begins at midnight. Throws `usage`, with the name of the option that it was given to.
 */
export function parseMoment(text: string, option: string, now: Date, side: 'before' | 'after'): string {
  if (/^\d+[a-z]$/i.test(text)) {
    const away = parseDuration(text, option) * 1000;
    return isoOf(new Date(now.getTime() + (side === 'before' ? -away : away)), option);
  }
  const [, year, month, day] = isoTime.exec(text) ?? [];
  // `Date` reads a day alone as UTC, and takes February 31 for March 3.
  if (!isDay(Number(year), Number(month), Number(day))) throw notTime(option);
  return isoOf(new Date(text.includes('T') ? text : `${text}T00:00`), option);
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function isoOf(date: Date, option: string): string {
  const year = date.getUTCFullYear();
  if (!(year >= 1970 && year <= 9999)) throw notTime(option);
  return date.toISOString();
}

function notTime(option: string): SecretsError {
  return new SecretsError('usage', `${option} wants a time`, {
    hint: [
      `a time span, ${form}`,
      'or a time in ISO 8601: 2026-01-31, 2026-01-31T18:00, 2026-01-31T18:00:00Z',
    ],
  });
}
