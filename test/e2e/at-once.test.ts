import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandbox } from './harness/sandbox.ts';

interface Listed {
  secrets: { name: string; version: number }[];
}

const heading = '# web/development, written by secrets pull\n';
const many = Array.from({ length: 20 }, (_, i) => i);

describe('at once', () => {
  it('twenty set of different names: all are there', async () => {
    const box = await sandbox().init();
    await Promise.all(many.map((i) => box.ok(['set', `NAME_${i}`], { input: `value ${i}` })));
    const { secrets } = await box.json<Listed>(['list']);
    expect(secrets.map((one) => one.name).toSorted()).toEqual(many.map((i) => `NAME_${i}`).toSorted());
    const printed = await box.ok(['pull', '-']);
    for (const i of many) expect(printed).toMatch(new RegExp(`^NAME_${i}=["']?value ${i}["']?$`, 'm'));
    expect(await box.ok(['doctor'])).toContain('whole');
  });

  it('twenty set of one name: twenty versions, one for each', async () => {
    const box = await sandbox().init();
    await Promise.all(many.map((i) => box.ok(['set', 'ONE'], { input: `value ${i}` })));
    const { secrets } = await box.json<Listed>(['list']);
    expect(secrets).toMatchObject([{ name: 'ONE', version: 20 }]);
    const values = await Promise.all(many.map((i) => box.ok(['get', 'ONE', '--version', String(i + 1)])));
    expect(values.toSorted()).toEqual(many.map((i) => `value ${i}`).toSorted());
    expect(await box.ok(['doctor'])).toContain('whole');
  });

  it('set and get and run: every reader sees a whole value', async () => {
    const box = await sandbox().init();
    const value = (i: number): string => `${i} `.repeat(10_000);
    const values = many.map((i) => value(i));
    await box.ok(['set', 'ONE'], { input: values[0]! });
    const writes = values.slice(0, 8).map((input) => box.ok(['set', 'ONE'], { input }));
    const reads = many.slice(0, 8).map(() => box.ok(['get', 'ONE']));
    const runs = many.slice(0, 4).map(() => box.ok(['run', '--', 'sh', '-c', 'printf %s "$ONE"']));
    for (const read of await Promise.all([...reads, ...runs])) expect(values.includes(read)).toBe(true);
    await Promise.all(writes);
  });

  it('two init: one vault, one link, and everything works', async () => {
    for (const _ of [1, 2, 3]) {
      const box = sandbox();
      const results = await Promise.all([1, 2].map(() => box.run(['init', '--project', 'web'])));
      expect(
        results.some((one) => one.status === 0),
        JSON.stringify(results),
      ).toBe(true);
      for (const { status, stderr } of results) expect([0, 6], stderr).toContain(status);
      await box.set('A', 'canary-after-two');
      expect(await box.ok(['get', 'A'])).toBe('canary-after-two');
      expect(await box.json(['project', 'list'])).toMatchObject([{ name: 'web' }]);
      expect(await box.ok(['doctor'])).toContain('whole');
    }
  });

  it('init and others that look for a vault meanwhile: what init has made stays', async () => {
    const box = sandbox();
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      rmSync(dirname(box.vault), { recursive: true, force: true });
      const init = box.ok(['init', '--project', 'web']);
      const others = Array.from({ length: 4 }, () => box.run(['project', 'list']));
      await Promise.all([init, ...others]);
      await box.ok(['set', 'A'], { input: 'still there' });
      expect(await box.ok(['get', 'A'])).toBe('still there');
    }
  });

  it('two pull into one file: both end well, and the file is whole', async () => {
    const box = await sandbox().init();
    await box.set('A', 'canary-pulled-twice', '.env');
    for (const _ of [1, 2, 3]) {
      const results = await Promise.all([1, 2, 3, 4].map(() => box.run(['pull'])));
      for (const { status, stderr } of results) expect(status, stderr).toBe(0);
      expect(box.read('.env')).toBe(`${heading}A=canary-pulled-twice\n`);
    }
    expect(box.files().filter((file) => file.endsWith('.tmp'))).toEqual([]);
  });

  it('three first pulls in a repository: git ignores .env, and .gitignore is whole', async () => {
    const box = await sandbox().init();
    await box.shell('git init -q');
    await box.set('A', 'canary-ignored', '.env');
    await Promise.all([1, 2, 3].map(() => box.ok(['pull'])));
    expect(box.read('.gitignore')).toBe('/.env\n');
    expect((await box.shell('git check-ignore .env')).stdout).toBe('.env\n');
    expect(box.read('.env')).toBe(`${heading}A=canary-ignored\n`);
  });

  it('pulls of two environments into one file: one of them is there, and the next pull of it is quiet', async () => {
    const box = await sandbox().init();
    for (const env of ['development', 'staging'])
      for (const name of ['A', 'B', `OF_${env}`])
        await box.ok(['set', name, '--env', env], { input: `in ${env}` });
    for (const _ of [1, 2, 3]) {
      const envs = ['development', 'staging', 'development', 'staging'];
      await Promise.all(envs.map((env) => box.ok(['pull', '.env', '--env', env])));
      const text = box.read('.env');
      const won = text.includes('in staging') ? 'staging' : 'development';
      expect(text).toMatch(new RegExp(`^A='in ${won}'\nB='in ${won}'\nOF_${won}='in ${won}'\n$`, 'm'));
      await box.ok(['pull', '.env', '--env', won, '--check']);
      await box.ok(['pull', '.env', '--env', won]);
      expect(box.read('.env')).toBe(text);
    }
    expect(box.files().filter((file) => /pull\.lock|\.tmp$/.test(file))).toEqual([]);
  });

  it('import while another writes the same names: conflict, or done; never half', async () => {
    const box = await sandbox().init();
    const file = (i: number): string =>
      Array.from({ length: 300 }, (_, n) => `NAME_${n}=from ${i}\n`).join('');
    const files = [1, 2, 3].map((i) => box.write(`${i}.env`, file(i)));
    const results = await Promise.all(files.map((one) => box.run(['import', one, '--yes'])));
    for (const { status, stderr } of results) expect([0, 6], stderr).toContain(status);
    const { stdout } = await box.run(['pull', '-']);
    expect(new Set(stdout.match(/from \d/g)).size).toBe(1);
    expect(stdout.match(/^NAME_/gm)).toHaveLength(300);
  });
});
