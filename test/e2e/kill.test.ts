import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { killedAfter, killedWhen, lengthOf, moments, seed } from './harness/kill.ts';
import { type Sandbox, sandbox } from './harness/sandbox.ts';

const times = 25;
const heading = '# web/development, written by secrets pull\n';

/** As many lines as wanted, all of one generation: a mixture of two shows. */
function lines(count: number, of: number): string {
  const numbers = Array.from({ length: count }, (_, i) => String(i).padStart(4, '0'));
  return numbers.map((i) => `NAME_${i}=generation_${of}_${i}\n`).join('');
}

/** The one generation that a .env text is of, with the heading of a pull or without; fails when it is of two, or has lost a line. */
function generationOf(text: string, count: number): number {
  const found = new Set(
    [...text.matchAll(/^NAME_\d+=generation_(-?\d+)_\d+$/gm)].map(([, one]) => Number(one)),
  );
  expect([...found], `more than one generation (seed ${seed})`).toHaveLength(1);
  expect(text.replace(heading, '') === lines(count, [...found][0]!), `a line is lost (seed ${seed})`).toBe(
    true,
  );
  return [...found][0]!;
}

function generation(box: Sandbox, i: number, count: number): string {
  return box.write(`${i}.input`, lines(count, i));
}

function temporaries(box: Sandbox): string[] {
  return box.files().filter((file) => /\.tmp(-wal|-shm|-journal)?$/.test(file));
}

async function expectSound(box: Sandbox): Promise<void> {
  const { status, stdout } = await box.run(['doctor']);
  expect(status, `${stdout} (seed ${seed})`).toBe(0);
  expect(stdout).toMatch(/ok\s+vault content\s+sound/);
  expect(stdout).toMatch(/ok\s+audit trail\s+whole/);
}

describe(`kill -9 in the middle of (seed ${seed})`, () => {
  it.each(['set', 'rotate'])(
    '%s: every acknowledged value is there, and the rest is as before',
    async (command) => {
      const box = await sandbox().init();
      await box.ok(['set', 'KEY'], { input: 'first' });
      const length = await lengthOf(() => box.ok([command, 'KEY'], { input: 'first' }));
      const values = Array.from({ length: 4 }, () => 'first');
      for (const [i, moment] of moments(length, times).entries()) {
        const next = `value ${i}`;
        const outcome = await killedAfter(box, [command, 'KEY'], moment, next);
        const now = await box.ok(['get', 'KEY']);
        const possible = outcome === 'done' ? [next] : [values.at(-1), next];
        expect(possible, `${outcome} at ${moment} ms (seed ${seed})`).toContain(now);
        if (now === next) values.push(next);
      }
      const versions = await box.json<unknown[]>(['history', 'KEY']);
      expect(versions).toHaveLength(values.length);
      for (const [i, value] of values.entries())
        expect(await box.ok(['get', 'KEY', '--version', String(i + 1)])).toBe(value);
      await expectSound(box);
      expect(temporaries(box)).toEqual([]);
    },
  );

  it('import of 2,000 lines: all of them, or none', async () => {
    const [box, count] = [await sandbox().init(), 2000];
    let last = 0;
    await box.ok(['import', generation(box, 0, count)]);
    const length = await lengthOf(() => box.ok(['import', generation(box, --last, count), '--yes']));
    for (const [i, moment] of moments(length, times).entries()) {
      const next = i + 1;
      const file = generation(box, next, count);
      const outcome = await killedAfter(box, ['import', file, '--yes'], moment);
      const now = generationOf(await box.ok(['pull', '-']), count);
      expect(outcome === 'done' ? [next] : [last, next], `${outcome} (seed ${seed})`).toContain(now);
      last = now;
    }
    await expectSound(box);
  });

  it('pull: .env is one of the whole versions, and the next pull goes on', async () => {
    const [box, count] = [await sandbox().init(), 300];
    await box.ok(['import', generation(box, 0, count)]);
    const length = await lengthOf(() => box.ok(['pull']));
    let last = 0;
    for (const [i, moment] of moments(length, times).entries()) {
      const next = i + 1;
      await box.ok(['import', generation(box, next, count), '--yes']);
      const outcome = await killedAfter(box, ['pull'], moment);
      const now = generationOf(box.read('.env'), count);
      expect(outcome === 'done' ? [next] : [last, next], `${outcome} (seed ${seed})`).toContain(now);
      last = now;
    }
    await box.ok(['pull']);
    expect(generationOf(box.read('.env'), count)).toBe(times);
    expect(temporaries(box)).toEqual([]);
    await expectSound(box);
  });

  it('pull, after .env and before the memory of it: the next pull does not take its own work for an edit', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'KEY'], { input: 'first' });
    await box.ok(['pull']);
    for (const next of ['second', 'third', 'fourth', 'fifth']) {
      await box.ok(['set', 'KEY'], { input: next });
      await killedWhen(box, ['pull'], box.project, (name) => name === '.env');
      expect(box.read('.env')).toBe(`${heading}KEY=${next}\n`);
    }
    await box.ok(['set', 'KEY'], { input: 'last' });
    await box.ok(['pull']);
    expect(box.read('.env')).toBe(`${heading}KEY=last\n`);
    expect(temporaries(box)).toEqual([]);
  });

  it('pull in a repository: what it leaves cannot be added to git', async () => {
    const box = await sandbox().init();
    await box.shell('git init -q');
    const large = Array.from({ length: 200 }, (_, i) => `NAME_${i}=${'x'.repeat(3000)}\n`).join('');
    await box.ok(['import', '-'], { input: large });
    await box.ok(['pull']);
    for (const _ of [1, 2, 3, 4, 5]) {
      rmSync(box.path('.env'), { force: true });
      await killedWhen(box, ['pull'], box.project, (name) => name.endsWith('.tmp'));
      expect((await box.shell('git add -A; git ls-files')).stdout).toBe('.gitignore\nsecrets.config.json\n');
    }
    await box.ok(['pull']);
    expect(temporaries(box)).toEqual([]);
  });

  it('the first pull on a machine: the next one works, and sweeps what was left', async () => {
    const box = await sandbox().init();
    await box.ok(['set', 'KEY'], { input: 'first' });
    const state = join(box.home, '.local/state');
    const fresh = async <T>(run: () => Promise<T>): Promise<T> => {
      rmSync(state, { recursive: true, force: true });
      rmSync(box.path('.env'), { force: true });
      return run();
    };
    const length = await lengthOf(() => fresh(() => box.ok(['pull'])));
    for (const moment of moments(length, 15)) {
      await fresh(() => killedAfter(box, ['pull'], moment));
      await box.ok(['pull']);
      expect(box.read('.env')).toBe(`${heading}KEY=first\n`);
      expect(temporaries(box), `seed ${seed}`).toEqual([]);
    }
  });

  it('init: the next init makes what is missing, and all works', async () => {
    const box = sandbox();
    const fresh = async <T>(run: () => Promise<T>): Promise<T> => {
      rmSync(dirname(box.vault), { recursive: true, force: true });
      rmSync(box.path('secrets.config.json'), { force: true });
      return run();
    };
    const init = ['init', '--project', 'web'];
    const length = await lengthOf(() => fresh(() => box.ok(init)));
    for (const moment of moments(length, 20)) {
      await fresh(() => killedAfter(box, init, moment));
      const again = await box.run(init);
      expect(again.status, `at ${moment} of ${length} ms (seed ${seed}): ${again.stderr}`).toBe(0);
      await box.ok(['set', 'KEY'], { input: 'value' });
      expect(await box.ok(['get', 'KEY'])).toBe('value');
      expect(temporaries(box), `seed ${seed}`).toEqual([]);
    }
  });
});
