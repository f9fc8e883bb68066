import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration, parseMoment } from '../../../src/cli/duration.ts';

const now = new Date('2026-03-10T12:00:00.000Z');

describe('a time span', () => {
  it.each([
    ['90s', 90],
    ['15m', 900],
    ['1h', 3600],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['007d', 604_800],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text, '--ttl')).toBe(seconds);
  });

  it.each([
    '',
    '0s',
    '7',
    'd',
    '-1d',
    '1.5h',
    '7 d',
    '1h30m',
    '1y',
    '1D',
    '١d',
    '9999999999s',
    '1d\n',
    ' 1d',
  ])('%j is none, and the error names the option', (text) => {
    expect(() => parseDuration(text, '--ttl')).toThrow(/^--ttl wants a time span$/);
  });
});

describe('a moment', () => {
  it.each([
    ['7d', '2026-03-03T12:00:00.000Z', '2026-03-17T12:00:00.000Z'],
    ['90s', '2026-03-10T11:58:30.000Z', '2026-03-10T12:01:30.000Z'],
  ])('%s is that far before now, or after it', (text, before, after) => {
    expect(parseMoment(text, '--since', now, 'before')).toBe(before);
    expect(parseMoment(text, '--expires', now, 'after')).toBe(after);
  });

  // The tests run in Pacific/Chatham: 13:45 ahead in its summer, 12:45 in its winter.
  it.each([
    ['2026-01-31T18:00:00Z', '2026-01-31T18:00:00.000Z'],
    ['2026-01-31T18:00:00.123Z', '2026-01-31T18:00:00.123Z'],
    ['2026-01-31T18:00:00+02:00', '2026-01-31T16:00:00.000Z'],
    ['2026-01-31T18:00', '2026-01-31T04:15:00.000Z'],
    ['2026-01-31', '2026-01-30T10:15:00.000Z'],
    ['2026-07-31', '2026-07-30T11:15:00.000Z'],
    ['2028-02-29T00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseMoment(text, '--since', now, 'before')).toBe(iso);
  });

  it.each([
    '',
    'yesterday',
    '2026',
    '2026-02-31',
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-31 18:00',
    '2026-01-31T25:00',
    '2026-01-31T18:00+99:00',
    '31.01.2026',
    '0000-01-01',
    'Sat, 31 Jan 2026',
    '2026-01-31T18:00Z\n',
  ])('%j is none, and the error names the option', (text) => {
    expect(() => parseMoment(text, '--until', now, 'before')).toThrow(/^--until wants a time$/);
  });

  it('beyond what can be written down is an error, not a bug', () => {
    expect(() => parseMoment('999999999w', '--since', now, 'before')).toThrow('--since wants a time');
    expect(() => parseMoment('999999999w', '--expires', now, 'after')).toThrow('--expires wants a time');
  });

  it('in ISO 8601 is the moment itself', () => {
    const moments = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('9999-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(moments, (date) => {
        expect(parseMoment(date.toISOString(), '--since', now, 'before')).toBe(date.toISOString());
      }),
    );
  });
});
