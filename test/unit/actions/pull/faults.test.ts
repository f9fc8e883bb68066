import { expect, it } from 'vitest';
import { Faults } from '../../../../src/actions/pull/faults.ts';
import { SecretsError } from '../../../../src/errors.ts';

const fault = (code: 'drift' | 'invalid' | 'usage', what: string, hint: string) => (): never => {
  throw new SecretsError(code, what, { hint });
};

it('none: nothing is thrown', () => {
  const faults = new Faults();
  expect(faults.catch('a', () => 7)).toBe(7);
  expect(() => faults.throwAny()).not.toThrow();
});

it('one is thrown as it is', () => {
  const faults = new Faults();
  expect(faults.catch('a', fault('drift', 'what', 'do'))).toBeUndefined();
  expect(() => faults.throwAny()).toThrow(
    expect.objectContaining({ code: 'drift', message: 'what', hints: ['do'] }),
  );
});

it('several are thrown as one, with all hints once; drift counts least', async () => {
  const faults = new Faults();
  faults.catch('a', fault('drift', 'one', 'do'));
  await faults.catchLater('b', async () => fault('invalid', 'two', 'do')());
  faults.catch('c', fault('drift', 'three', 'do that'));
  expect(() => faults.throwAny()).toThrow(
    expect.objectContaining({
      code: 'invalid',
      message: 'a: one; b: two; c: three; no file was written',
      hints: ['do', 'do that'],
    }),
  );
});

it('a wrong command line, and what is no error of ours, go through', () => {
  const faults = new Faults();
  expect(() => faults.catch('a', fault('usage', 'what', 'do'))).toThrow('what');
  expect(() =>
    faults.catch('a', () => {
      throw new TypeError('a bug');
    }),
  ).toThrow('a bug');
  expect(() => faults.throwAny()).not.toThrow();
});
