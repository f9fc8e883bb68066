import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable, isSystemError, SecretsError } from '../../src/errors.ts';

describe('an error', () => {
  it('knows its exit status by its code', () => {
    for (const [code, { exit }] of Object.entries(errorTable))
      expect(new SecretsError(code as ErrorCode, 'what').exitStatus).toBe(exit);
  });

  it('keeps its message, its cause and its hints', () => {
    const cause = new Error('deep down');
    const error = new SecretsError('failed', 'it failed', { cause, hint: 'do this' });
    expect(error).toMatchObject({ name: 'SecretsError', message: 'it failed', cause, hints: ['do this'] });
    expect(new SecretsError('failed', 'x', { hint: ['a', 'b'] }).hints).toEqual(['a', 'b']);
  });

  it('has no cause and no hint where none was given', () => {
    const error = new SecretsError('failed', 'it failed');
    expect('cause' in error).toBe(false);
    expect(error.hints).toEqual([]);
  });
});

describe('the table', () => {
  it('gives each kind of failure the exit status of the architecture', () => {
    const rows: readonly { exit: number; http: number }[] = Object.values(errorTable);
    expect([...new Set(rows.map(({ exit }) => exit))]).toEqual([1, 2, 3, 4, 5, 6, 125, 126, 127, 130]);
    const httpOf = (status: number): number[] =>
      [...new Set(rows.filter(({ exit }) => exit === status).map(({ http }) => http))].toSorted(
        (a, b) => a - b,
      );
    expect(httpOf(1)).toEqual([500]);
    expect(httpOf(2)).toEqual([400, 413, 422]);
    expect(httpOf(3)).toEqual([404]);
    expect(httpOf(4)).toEqual([401, 403]);
    expect(httpOf(5)).toEqual([429, 503]);
    expect(httpOf(6)).toEqual([409, 412]);
  });

  it('has a meaning for each code, in lower case and without a full stop', () => {
    for (const { meaning } of Object.values(errorTable))
      expect(meaning).toMatch(/^[a-z].*[^.]$|^Ctrl-C.*[^.]$/);
  });
});

describe('a system error', () => {
  it('is one that the operating system threw', () => {
    let thrown: unknown;
    try {
      readFileSync('/nowhere/at/all');
    } catch (error) {
      thrown = error;
    }
    expect(isSystemError(thrown)).toBe(true);
  });

  it('is none of ours, nor of the language', () => {
    const others = [
      new SecretsError('failed', 'x'),
      new Error('x'),
      { code: 'ENOENT', syscall: 'open' },
      null,
    ];
    for (const other of others) expect(isSystemError(other)).toBe(false);
  });
});
