import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend, Change, Scope } from '../../src/api/backend.ts';
import { Secret } from '../../src/secret.ts';

/** A backend, and an environment of it that is empty. */
export interface BackendUnderTest {
  readonly backend: Required<Backend>;
  readonly scope: Scope;
  close(): Promise<void>;
}

/** What every place that holds secrets does in the same way. */
export function backendCases(make: () => Promise<BackendUnderTest>): void {
  let under: BackendUnderTest;
  let backend: Required<Backend>;
  let scope: Scope;

  beforeEach(async () => {
    under = await make();
    ({ backend, scope } = under);
  });
  afterEach(() => under.close());

  const valueOf = async (name: string): Promise<string | undefined> =>
    (await backend.read(scope)).secrets.get(name)?.value.reveal();
  const absent: Scope[] = [
    { project: 'no-such-project', environment: 'development' },
    { project: 'web', environment: 'no-such-environment' },
  ];

  describe('a value comes back byte for byte', () => {
    const values: Record<string, string> = {
      'of one word': 'hunter2',
      'that is empty': '',
      'of 64 KiB': 'x'.repeat(64 * 1024),
      'of 64 KiB of emoji': '🔑'.repeat(16 * 1024),
      'of many lines': 'first\nsecond\n\nlast\n',
      'with CRLF and lone CR': 'first\r\nsecond\rthird\r\n',
      'with blanks at its ends': '  \t text \u00A0 ',
      'of blanks alone': '   ',
      'in many scripts': 'é ß 日本語 עברית 🔑👩‍👩‍👧',
      'not normalized': 'e\u0301 \uFB01 \u212B',
      'with a BOM and odd line ends': '\uFEFFa\u2028b\u2029c\u0085d\u000Be',
      'with control characters': '\u0001\u001B[31m\u007F',
      'with quotes and dollars': `'"\`$HOME $(id) \\ #`,
      'that looks like a number': '0123',
      'that looks like nothing': 'null',
      'that is JSON': '{"a":[1,null]}',
    };
    for (const [what, value] of Object.entries(values)) {
      it(what, async () => {
        await backend.write(scope, [{ name: 'NAME', value: new Secret(value) }]);
        expect(await valueOf('NAME')).toBe(value);
        expect((await backend.read(scope, ['NAME'])).secrets.get('NAME')?.value.reveal()).toBe(value);
      });
    }
  });

  describe('read', () => {
    it('answers an empty environment with nothing', async () => {
      const { secrets } = await backend.read(scope);
      expect(secrets.size).toBe(0);
    });

    it('answers the whole environment, or just the names asked for', async () => {
      await backend.write(scope, some({ A: '1', B: '2', C: '3' }));
      expect([...(await backend.read(scope)).secrets.keys()].toSorted()).toEqual(['A', 'B', 'C']);
      expect([...(await backend.read(scope, ['C', 'A', 'C'])).secrets.keys()].toSorted()).toEqual(['A', 'C']);
    });

    it('leaves out a name that is not there', async () => {
      await backend.write(scope, some({ A: '1' }));
      const { secrets } = await backend.read(scope, ['A', 'NOPE', 'a']);
      expect([...secrets.keys()]).toEqual(['A']);
    });

    it('of no name answers none', async () => {
      await backend.write(scope, some({ A: '1' }));
      expect((await backend.read(scope, [])).secrets.size).toBe(0);
    });

    it('hands out values in their boxes', async () => {
      await backend.write(scope, some({ A: 'canary' }));
      const set = await backend.read(scope);
      expect(set.secrets.get('A')?.value).toBeInstanceOf(Secret);
      expect(JSON.stringify([...set.secrets])).not.toContain('canary');
    });

    it('of what is not there is not found', async () => {
      for (const where of absent)
        await expect(backend.read(where)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('write', () => {
    it('writes a batch at once', async () => {
      const names = Array.from({ length: 250 }, (_, i) => `NAME_${i}`);
      const written = await backend.write(scope, some(Object.fromEntries(names.map((n) => [n, `of ${n}`]))));
      expect(written.secrets).toHaveLength(250);
      const { secrets, revision } = await backend.read(scope);
      expect(secrets.size).toBe(250);
      expect(secrets.get('NAME_249')?.value.reveal()).toBe('of NAME_249');
      expect(revision).toBe(written.revision);
    });

    it('counts the versions of each secret, and the revisions of the environment', async () => {
      const first = await backend.write(scope, some({ A: '1', B: '1' }));
      const second = await backend.write(scope, some({ A: '2' }));
      expect(first.secrets).toEqual([
        { name: 'A', version: 1 },
        { name: 'B', version: 1 },
      ]);
      expect(second.secrets).toEqual([{ name: 'A', version: 2 }]);
      expect(second.revision).toBeGreaterThan(first.revision);
      const { secrets } = await backend.read(scope);
      expect([secrets.get('A')?.version, secrets.get('B')?.version]).toEqual([2, 1]);
    });

    it('leaves the other secrets as they are', async () => {
      await backend.write(scope, some({ A: '1', B: '2' }));
      await backend.write(scope, some({ B: '3' }));
      expect([await valueOf('A'), await valueOf('B')]).toEqual(['1', '3']);
    });

    it('of two who expect the same version, lets one through and the other conflict', async () => {
      await backend.write(scope, some({ A: 'before' }));
      const writer = (text: string) =>
        backend.write(scope, [{ name: 'A', value: new Secret(text), expect: 1 }]);
      const both = await Promise.allSettled([writer('first'), writer('second')]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const lost = both.find(({ status }) => status === 'rejected');
      expect(lost).toMatchObject({ reason: { code: 'conflict' } });
      expect(await valueOf('A')).toBe(both[0].status === 'fulfilled' ? 'first' : 'second');
    });

    it('of many who expect nothing, writes all, each a version', async () => {
      await Promise.all(Array.from({ length: 8 }, (_, i) => backend.write(scope, some({ A: String(i) }))));
      const history = await backend.history(scope, 'A');
      expect(history.map(({ version }) => version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    });

    it('writes all or nothing', async () => {
      await backend.write(scope, some({ A: '1' }));
      const changes = [
        ...some({ B: '2' }),
        { name: 'A', value: new Secret('3'), expect: 9 },
        ...some({ C: '4' }),
      ];
      await expect(backend.write(scope, changes)).rejects.toMatchObject({ code: 'conflict' });
      expect([...(await backend.read(scope)).secrets.keys()]).toEqual(['A']);
      expect(await valueOf('A')).toBe('1');
    });

    it('refuses what no environment can carry, and a name that would hijack a child', async () => {
      const refused: [Change, string][] = [
        [{ name: 'A', value: new Secret('a\0b') }, 'invalid'],
        [{ name: 'A', value: new Secret('\uD800') }, 'invalid'],
        [{ name: 'A', value: new Secret('x'.repeat(64 * 1024 + 1)) }, 'too_large'],
        [{ name: 'A B', value: new Secret('x') }, 'invalid'],
        [{ name: 'LD_PRELOAD', value: new Secret('x') }, 'invalid'],
      ];
      for (const [change, code] of refused)
        await expect(backend.write(scope, [change])).rejects.toMatchObject({ code });
      expect((await backend.read(scope)).secrets.size).toBe(0);
    });

    it('into what is not there is not found', async () => {
      for (const where of absent)
        await expect(backend.write(where, some({ A: '1' }))).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('list', () => {
    it('tells names and versions, and who wrote them, in order', async () => {
      await backend.write(scope, some({ B: '1', A: '1' }));
      const { revision } = await backend.write(scope, some({ B: '2' }));
      const list = await backend.list(scope);
      expect(list.revision).toBe(revision);
      expect(list.secrets.map(({ name, version }) => [name, version])).toEqual([
        ['A', 1],
        ['B', 2],
      ]);
      for (const { updatedAt, updatedBy } of list.secrets) {
        expect(new Date(updatedAt).toISOString()).toBe(updatedAt);
        expect(updatedBy).not.toBe('');
      }
    });

    it('never carries values', async () => {
      await backend.write(scope, some({ A: 'canary-list' }));
      const list = await backend.list(scope);
      expect(Object.keys(list.secrets[0]!).toSorted()).toEqual(['name', 'updatedAt', 'updatedBy', 'version']);
      expect(JSON.stringify(list)).not.toMatch(/canary|redacted/);
    });

    it('of what is not there is not found', async () => {
      for (const where of absent)
        await expect(backend.list(where)).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('history', () => {
    it('tells the versions of one secret, newest first', async () => {
      for (const text of ['one', 'two', 'three']) await backend.write(scope, some({ A: text, B: text }));
      const history = await backend.history(scope, 'A');
      expect(history.map(({ version, current }) => [version, current])).toEqual([
        [3, true],
        [2, false],
        [1, false],
      ]);
      expect(JSON.stringify(history)).not.toMatch(/one|two|three/);
    });

    it('of a secret that is not there is not found', async () => {
      await expect(backend.history(scope, 'NOPE')).rejects.toMatchObject({ code: 'not_found' });
    });
  });

  describe('delete', () => {
    it('takes the named secrets away, and no other', async () => {
      await backend.write(scope, some({ A: '1', B: '2', C: '3' }));
      const { revision } = await backend.list(scope);
      await backend.delete(scope, ['A', 'C', 'A']);
      const after = await backend.list(scope);
      expect(after.secrets.map(({ name }) => name)).toEqual(['B']);
      expect(after.revision).toBeGreaterThan(revision);
      await expect(backend.history(scope, 'A')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('of a secret that is not there is not found, and deletes no other', async () => {
      await backend.write(scope, some({ A: '1' }));
      await expect(backend.delete(scope, ['A', 'NOPE'])).rejects.toMatchObject({ code: 'not_found' });
      expect(await valueOf('A')).toBe('1');
    });
  });

  it('check answers nothing and changes nothing', async () => {
    await backend.write(scope, some({ A: '1' }));
    const before = await backend.list(scope);
    expect(await backend.check()).toBeUndefined();
    expect(await backend.list(scope)).toEqual(before);
  });

  it('no error holds a value that was given', async () => {
    await backend.write(scope, some({ A: '1' }));
    const attempts = [
      backend.write(scope, [{ name: 'A', value: new Secret('canary'), expect: 7 }]),
      backend.write(scope, [{ name: 'B', value: new Secret('canary'), expect: 'exists' }]),
      backend.write(scope, [{ name: 'C', value: new Secret('canary\0') }]),
      backend.write(absent[0]!, some({ A: 'canary' })),
    ];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt.status).toBe('rejected');
      const { reason } = attempt as PromiseRejectedResult;
      expect(`${String(reason)}${JSON.stringify(reason)}${String((reason as Error).stack)}`).not.toContain(
        'canary',
      );
    }
  });
}

function some(values: Readonly<Record<string, string>>): Change[] {
  return Object.entries(values).map(([name, value]) => ({ name, value: new Secret(value) }));
}
