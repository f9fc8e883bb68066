import { expect, it } from 'vitest';
import { changes, development, freshVault } from './fresh-vault.ts';
import { watched } from './watched-store.ts';

it('a read runs the same few statements for one secret and for three hundred', async () => {
  const fresh = await freshVault();
  let statements: string[] = [];
  const vault = await fresh.reopen((store) => watched(store, (statement) => void statements.push(statement)));
  const team = vault.as(fresh.owner);
  const countOf = async (names?: readonly string[]): Promise<number> => {
    statements = [];
    await team.read(development, names);
    expect(statements).not.toContain('built');
    return statements.length;
  };
  await team.write(development, changes({ FIRST: '1' }));
  const [first, again, named] = [await countOf(), await countOf(), await countOf(['FIRST'])];
  const many = Array.from({ length: 300 }, (_, i) => `NAME_${i}`);
  await team.write(development, changes(Object.fromEntries(many.map((name) => [name, 'x']))));
  expect(await countOf()).toBe(first);
  expect(await countOf()).toBe(again);
  expect(await countOf(many)).toBe(named);
  expect(Math.max(first, again, named)).toBeLessThanOrEqual(8);
});

it('more names than one statement can bind are read, written and deleted', async () => {
  const { team } = await freshVault();
  const names = Array.from({ length: 2100 }, (_, i) => `NAME_${i}`);
  await team.write(development, changes(Object.fromEntries(names.map((name) => [name, name.toLowerCase()]))));
  const { secrets } = await team.read(development, names);
  expect(secrets.size).toBe(2100);
  expect(secrets.get('NAME_2099')?.value.reveal()).toBe('name_2099');
  await team.delete(development, names.slice(1));
  expect((await team.list(development)).secrets.map(({ name }) => name)).toEqual(['NAME_0']);
});
