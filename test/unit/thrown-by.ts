import { expect } from 'vitest';
import { SecretsError } from '../../src/errors.ts';

/** The error of ours that the work throws; fails where it throws none, or another. */
export function thrownBy(work: () => unknown): SecretsError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(SecretsError);
    return error as SecretsError;
  }
  throw new Error('nothing was thrown');
}
