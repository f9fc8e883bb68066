import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { inFormat, isWhollyOurs, type LastPull, PullMemory } from '../../../src/dotenv/last-pull.ts';
import { tempFolder } from '../temp-folder.ts';

let state: string;

beforeEach(() => {
  state = join(tempFolder(), 'state');
});

const memoryOf = (target = '/repo/.env', where = state): PullMemory => new PullMemory(where, target);

function pulled(memory: PullMemory, values: Record<string, string>): LastPull {
  const secrets = Object.entries(values).map(
    ([name, value]) => [name, { version: 1, fingerprint: memory.fingerprint(name, value) }] as const,
  );
  return {
    project: 'web',
    environment: 'development',
    revision: 3,
    at: '2026-01-01T00:00:00.000Z',
    secrets: Object.fromEntries(secrets),
  };
}

it('a pull is remembered by the next process', () => {
  const pull = pulled(memoryOf(), { A: 'x' });
  memoryOf().save(pull);
  expect(memoryOf().load()).toEqual(pull);
});

it('no pull is remembered of a file that none was made into', () => {
  memoryOf('/repo/.env').save(pulled(memoryOf(), { A: 'x' }));
  expect(memoryOf('/repo/.env.staging').load()).toBeUndefined();
  expect(memoryOf('/other/.env').load()).toBeUndefined();
});

it('a fingerprint is the same for the same name and value, and for no other', () => {
  const memory = memoryOf();
  expect(memory.fingerprint('A', 'x')).toBe(memoryOf('/other').fingerprint('A', 'x'));
  const all = [
    ['A', 'x'],
    ['A', 'y'],
    ['B', 'x'],
    ['A', ''],
    ['AX', ''],
    ['A', 'x\0'],
    ['A', ' x'],
  ];
  expect(new Set(all.map(([name, value]) => memory.fingerprint(name!, value!))).size).toBe(all.length);
});

it('a fingerprint is another on another machine, so that nobody can guess values by it', () => {
  const elsewhere = join(tempFolder(), 'state');
  expect(memoryOf().fingerprint('A', 'x')).not.toBe(memoryOf('/repo/.env', elsewhere).fingerprint('A', 'x'));
});

it('nothing that is kept holds a value, and all of it is for this user alone', () => {
  const memory = memoryOf();
  memory.save(pulled(memory, { A: 'canary-value', B: 'hunter2' }));
  const files = readdirSync(state, { recursive: true, encoding: 'utf8' }).map((name) => join(state, name));
  const kept = files.filter((file) => statSync(file).isFile());
  expect(kept).toHaveLength(2);
  for (const file of kept) {
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file).includes('canary') || readFileSync(file).includes('hunter2')).toBe(false);
  }
  for (const folder of files.filter((file) => !kept.includes(file)))
    expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('a memory that cannot be read is none', () => {
  memoryOf().save(pulled(memoryOf(), { A: 'x' }));
  const [file] = readdirSync(join(state, 'pulls'));
  writeFileSync(join(state, 'pulls', file!), '{"project":');
  expect(memoryOf().load()).toBeUndefined();
});

it('a memory that is not ours is none', () => {
  memoryOf().save(pulled(memoryOf(), { A: 'x' }));
  const [file] = readdirSync(join(state, 'pulls'));
  for (const other of ['null', '7', '[]', '{}', '{"secrets":null}']) {
    writeFileSync(join(state, 'pulls', file!), other);
    expect(memoryOf().load(), other).toBeUndefined();
  }
});

it('an older memory of a killed pull is read as before and after', () => {
  const memory = memoryOf();
  memory.save(pulled(memory, {}));
  const [file] = readdirSync(join(state, 'pulls'));
  const older = {
    ...pulled(memory, {}),
    secrets: {
      SAME: { version: 2, fingerprint: 'same' },
      CHANGED: { version: 3, fingerprint: 'old', next: 'new' },
      ADDED: { version: 0, fingerprint: 'first', next: 'first' },
    },
  };
  writeFileSync(join(state, 'pulls', file!), JSON.stringify(older));
  expect(memory.load()).toEqual({
    ...older,
    secrets: { SAME: { version: 2, fingerprint: 'same' }, CHANGED: { version: 3, fingerprint: 'old' } },
    next: {
      secrets: {
        SAME: { version: 2, fingerprint: 'same' },
        CHANGED: { version: 3, fingerprint: 'new' },
        ADDED: { version: 0, fingerprint: 'first' },
      },
    },
  });
});

describe('the format of a file', () => {
  const from = { project: 'web', environment: 'development', revision: 3, at: '2026-01-01T00:00:00.000Z' };
  const of = (text: string): Pick<LastPull, 'secrets' | 'text'> => ({
    secrets: { A: { version: 1, fingerprint: text } },
    text,
  });

  it('is dotenv where a memory says nothing of it', () => {
    const last = { ...from, ...of('x') };
    expect(inFormat(last, 'dotenv')).toMatchObject(of('x'));
    expect(inFormat(last, 'json')).toBeUndefined();
  });

  it('decides what counts of a pull that was killed as it changed the format', () => {
    const last = { ...from, ...of('x'), next: { ...of('y'), format: 'json' } };
    expect(inFormat(last, 'dotenv')).toEqual({ ...from, ...of('x'), format: 'dotenv' });
    const after = inFormat(last, 'json');
    expect(after).toMatchObject({ secrets: {}, next: of('y') });
    expect(after?.text).toBeUndefined();
    expect(inFormat(last, 'yaml')).toBeUndefined();
  });

  it('tells whether a file that is as it was left can hold anything of the user', () => {
    expect(isWhollyOurs({ ...from, ...of('x') }, 'x')).toBe(false);
    expect(isWhollyOurs({ ...from, ...of('x'), format: 'files' }, 'x')).toBe(false);
    expect(isWhollyOurs({ ...from, ...of('x'), format: 'json' }, 'x')).toBe(true);
    expect(isWhollyOurs({ ...from, ...of('x'), format: 'json' }, 'edited')).toBe(false);
    const killed = { ...from, ...of('x'), next: { ...of('y'), format: 'json' } };
    expect(isWhollyOurs(killed, 'x')).toBe(false);
    expect(isWhollyOurs(killed, 'y')).toBe(true);
  });
});
