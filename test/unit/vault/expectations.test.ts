import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/api/backend.ts';
import { Secret } from '../../../src/secret.ts';
import { changes, development, type FreshVault, freshVault, valuesIn } from './fresh-vault.ts';

let fresh: FreshVault;

beforeEach(async () => {
  fresh = await freshVault();
  await fresh.team.write(development, changes({ A: 'one' }));
  await fresh.team.write(development, changes({ A: 'two' }));
});

const change = (name: string, expected: Change['expect'], value = 'new'): Change => ({
  name,
  value: new Secret(value),
  ...(expected === undefined ? {} : { expect: expected }),
});

describe('a write whose expectation fails writes nothing at all', () => {
  const failing: [string, Change, string][] = [
    ['a version that is past', change('A', 1), 'conflict'],
    ['a version that is to come', change('A', 3), 'conflict'],
    ['no secret where there is one', change('A', 0), 'conflict'],
    ['a version where there is no secret', change('NOPE', 2), 'conflict'],
    ['a secret where there is none', change('NOPE', 'exists'), 'not_found'],
    ['a name that is none', change('1A', undefined), 'invalid'],
    ['a name that hijacks', change('LD_PRELOAD', undefined), 'invalid'],
    ['a value with NUL', change('C', undefined, 'a\0b'), 'invalid'],
    ['a value that is too large', change('C', undefined, 'x'.repeat(65_537)), 'too_large'],
    ['a name that is given twice', change('FIRST', undefined), 'invalid'],
  ];
  for (const [what, bad, code] of failing) {
    it(`${what}: ${code}`, async () => {
      const { events } = await fresh.team.verifyAudit();
      const written = fresh.team.write(development, [
        change('FIRST', undefined),
        bad,
        change('LAST', undefined),
      ]);
      await expect(written).rejects.toMatchObject({ code });
      expect((await fresh.team.list(development)).revision).toBe(2);
      expect(await fresh.team.verifyAudit()).toEqual({ whole: true, events });
      expect(await valuesIn(fresh.team, development)).toEqual({ A: 'two' });
      expect(await fresh.team.history(development, 'A')).toHaveLength(2);
    });
  }
});

describe('a write whose expectation holds is written', () => {
  const holding: [string, Change][] = [
    ['the current version', change('A', 2)],
    ['that it is there', change('A', 'exists')],
    ['that it is not there yet', change('B', 0)],
    ['nothing', change('B', undefined)],
  ];
  for (const [what, good] of holding) {
    it(what, async () => {
      await fresh.team.write(development, [good]);
      expect(await valuesIn(fresh.team, development)).toMatchObject({ [good.name]: 'new' });
    });
  }
});

it('a conflict tells who changed it and how to see it, and no value', async () => {
  await expect(fresh.team.write(development, [change('A', 1, 'canary')])).rejects.toMatchObject({
    message: '"A" is at version 2 by olga: somebody changed it meanwhile; nothing was written',
    hints: ['see what happened: secrets history A'],
  });
});

it('a secret that should be there is answered with the near names', async () => {
  await fresh.team.write(development, changes({ DATABASE_URL: 'x' }));
  await expect(fresh.team.write(development, [change('DATABSE_URL', 'exists')])).rejects.toMatchObject({
    message: 'no secret named "DATABSE_URL" in web/development',
    hints: [expect.stringContaining('did you mean "DATABASE_URL"?') as string],
  });
});
