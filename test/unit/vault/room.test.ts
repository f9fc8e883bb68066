import { beforeEach, expect, it } from 'vitest';
import { maxEnvironmentBytes, maxSecrets, maxValueBytes } from '../../../src/api/names.ts';
import { changes, development, type FreshVault, freshVault } from './fresh-vault.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
});

const large = (from: number, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`N_${from + i}`, 'x'.repeat(maxValueBytes)]));
const fit = Math.floor(maxEnvironmentBytes / (maxValueBytes + 29));

it('an environment takes values up to its limit, and no more', async () => {
  await fresh.team.write(development, changes(large(0, fit)));
  await expect(fresh.team.write(development, changes(large(fit, 1)))).rejects.toMatchObject({
    code: 'too_large',
  });
  await fresh.team.write(development, changes({ SMALL: 'x' }));
  expect((await fresh.team.read(development)).secrets.size).toBe(fit + 1);
});

it('what does not fit is not written, and the old value stays', async () => {
  await fresh.team.write(development, changes({ ...large(0, fit), LAST: 'small' }));
  const grown = changes({ LAST: 'x'.repeat(maxValueBytes) });
  await expect(fresh.team.write(development, grown)).rejects.toMatchObject({ code: 'too_large' });
  const { secrets } = await fresh.team.read(development, ['LAST']);
  expect(secrets.get('LAST')?.value.reveal()).toBe('small');
});

it('an environment takes names up to its limit, and no more', async () => {
  const names = Array.from({ length: maxSecrets + 1 }, (_, i) => [`N_${i}`, '']);
  await expect(fresh.team.write(development, changes(Object.fromEntries(names)))).rejects.toMatchObject({
    code: 'too_large',
  });
  expect((await fresh.team.list(development)).secrets).toHaveLength(0);
});
