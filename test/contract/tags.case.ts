import { describe, expect, it } from 'vitest';
import type { Scope, SecretSet } from '../../src/api/backend.ts';
import type { TeamApi } from '../../src/api/team.ts';
import { Secret } from '../../src/secret.ts';
import { enrolled } from './governing.case.ts';
import type { TeamUnderTest } from './team.case.ts';

const development: Scope = { project: 'web', environment: 'development' };
const staging: Scope = { project: 'web', environment: 'staging' };
const production: Scope = { project: 'web', environment: 'production' };

/** What a tag holds for: the same answer to the same question of the same asker, and nothing else. */
export function tagCases(subject: () => TeamUnderTest): void {
  const team = (): TeamApi => subject().team;
  const set = (scope: Scope, values: Record<string, string>) =>
    team().write(
      scope,
      Object.entries(values).map(([name, text]) => ({ name, value: new Secret(text) })),
    );
  const tagged = async (scope: Scope, names?: readonly string[], by = team()): Promise<string> => {
    const { tag } = await by.read(scope, names);
    expect(tag).toMatch(/^[\w-]{1,64}$/);
    return tag!;
  };
  const valuesIn = (answer: SecretSet | undefined) =>
    answer && Object.fromEntries([...answer.secrets].map(([name, { value }]) => [name, value.reveal()]));
  const events = async (): Promise<number> => (await team().verifyAudit()).events;

  describe('readUnless', () => {
    it('by the tag of the answer hands nothing out, and leaves no event', async () => {
      await set(development, { A: '1', B: '2' });
      const [all, one] = [await tagged(development), await tagged(development, ['A'])];
      const before = await events();
      expect(await team().readUnless(development, all)).toBeUndefined();
      expect(await team().readUnless(development, one, ['A'])).toBeUndefined();
      expect(await events()).toBe(before);
    });

    it('of an empty environment, too', async () => {
      const tag = await tagged(staging);
      expect(await team().readUnless(staging, tag)).toBeUndefined();
      await set(staging, { A: '1' });
      expect(valuesIn(await team().readUnless(staging, tag))).toEqual({ A: '1' });
    });

    it('after each change answers anew, under another tag, on record', async () => {
      await set(development, { A: '1', B: '2' });
      const changes: [change: () => Promise<unknown>, values: Record<string, string>][] = [
        [() => set(development, { A: 'new' }), { A: 'new', B: '2' }],
        [() => set(development, { C: '3' }), { A: 'new', B: '2', C: '3' }],
        [() => team().delete(development, ['A', 'C']), { B: '2' }],
        [() => set(development, { A: '1' }), { A: '1', B: '2' }],
      ];
      const tags = new Set([await tagged(development)]);
      for (const [i, [change, values]] of changes.entries()) {
        await change();
        const before = await events();
        const answer = await team().readUnless(development, [...tags].at(-1)!);
        expect(valuesIn(answer)).toEqual(values);
        expect(await events()).toBe(before + 1);
        tags.add(answer!.tag!);
        expect(tags.size).toBe(i + 2);
      }
      for (const old of [...tags].slice(0, -1))
        expect(await team().readUnless(development, old)).toBeDefined();
      expect(await team().readUnless(development, [...tags].at(-1)!)).toBeUndefined();
    });

    it('for other names, or elsewhere, answers', async () => {
      for (const scope of [development, staging]) await set(scope, { A: '1', B: '2' });
      const [all, one] = [await tagged(development), await tagged(development, ['A'])];
      expect(valuesIn(await team().readUnless(development, all, ['A']))).toEqual({ A: '1' });
      expect(valuesIn(await team().readUnless(development, one))).toEqual({ A: '1', B: '2' });
      expect(valuesIn(await team().readUnless(development, one, ['B']))).toEqual({ B: '2' });
      expect(valuesIn(await team().readUnless(development, one, ['A', 'B']))).toEqual({ A: '1', B: '2' });
      expect(valuesIn(await team().readUnless(staging, all))).toEqual({ A: '1', B: '2' });
      expect(valuesIn(await team().readUnless(development, 'none-of-ours'))).toEqual({ A: '1', B: '2' });
    });

    it('in a project, or an environment, that was made again under its name, answers', async () => {
      await set(development, { A: 'old' });
      await set(staging, { A: 'old' });
      const [first, second] = [await tagged(development), await tagged(staging)];
      await team().deleteEnvironment(staging);
      await team().createEnvironment(staging);
      await set(staging, { A: 'new' });
      expect(valuesIn(await team().readUnless(staging, second))).toEqual({ A: 'new' });
      await team().deleteProject('web');
      await team().createProject('web');
      await set(development, { A: 'new' });
      expect(valuesIn(await team().readUnless(development, first))).toEqual({ A: 'new' });
    });

    it('answers by what the asker may see now', async () => {
      await set(production, { API_KEY: 'a', DB_URL: 'd' });
      const mira = await enrolled(subject(), { name: 'mira' });
      const give = (names: string) =>
        team().addGrant({ ...production, to: { principal: 'mira' }, permission: 'read', names });
      const { id } = await give('DB_*');
      const tag = await tagged(production, undefined, mira);
      expect(await mira.readUnless(production, tag)).toBeUndefined();
      expect(valuesIn(await mira.readUnless(production, await tagged(production)))).toEqual({ DB_URL: 'd' });
      const more = await give('API_*');
      expect(valuesIn(await mira.readUnless(production, tag))).toEqual({ API_KEY: 'a', DB_URL: 'd' });
      const both = await tagged(production, undefined, mira);
      await team().removeGrant(id);
      expect(valuesIn(await mira.readUnless(production, both))).toEqual({ API_KEY: 'a' });
      const last = await tagged(production, undefined, mira);
      await team().removeGrant(more.id);
      await expect(mira.readUnless(production, last)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('by a token that was revoked is refused, tag or not', async () => {
      await set(development, { A: '1' });
      const mira = await enrolled(subject(), { name: 'mira' });
      const tag = await tagged(development, undefined, mira);
      await team().revokeToken((await mira.whoami()).token!.id);
      await expect(mira.readUnless(development, tag)).rejects.toMatchObject({ code: 'not_logged_in' });
    });
  });
}
