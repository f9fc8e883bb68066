import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { rememberAgreed, rememberIntent, rememberPull } from '../../../src/actions/remember-pull.ts';
import { PullMemory } from '../../../src/dotenv/last-pull.ts';
import { Secret } from '../../../src/secret.ts';
import { tempFolder } from '../temp-folder.ts';

let state: string;
let memory: PullMemory;
const scope = { project: 'web', environment: 'development' };
const at7 = { ...scope, revision: 7 };
const now = new Date('2026-01-01T00:00:00Z');
const at = '2026-01-01T00:00:00.000Z';

beforeEach(() => {
  state = join(tempFolder(), 'state');
  memory = new PullMemory(state, '/repo/.env');
});

const base = { A: { version: 2, fingerprint: 'a', written: 'spelled' } };

it('a pull is remembered with where it came from and how the file was left, and without its text', () => {
  const text = memory.fingerprint('', 'A=canary-value\n');
  rememberPull(memory, at7, { secrets: base, text }, now);
  expect(memory.load()).toEqual({ ...scope, revision: 7, at, secrets: base, text });
  const [file] = readdirSync(join(state, 'pulls'));
  expect(readFileSync(join(state, 'pulls', file!), 'utf8')).not.toContain('canary');
});

it('what is about to be written stands beside the last pull, until the next is remembered', () => {
  rememberIntent(memory, scope, { secrets: {}, text: 'x' }, now);
  expect(memory.load()).toMatchObject({ revision: 0, secrets: {}, next: { secrets: {}, text: 'x' } });
  rememberPull(memory, at7, { secrets: base }, now);
  const after = { B: { version: 1, fingerprint: 'b' } };
  rememberIntent(memory, scope, { secrets: after }, now);
  expect(memory.load()).toEqual({ ...scope, revision: 7, at, secrets: base, next: { secrets: after } });
  rememberPull(memory, { ...scope, revision: 8 }, { secrets: after }, now);
  expect(memory.load()).toEqual({ ...scope, revision: 8, at, secrets: after });
});

it('an agreement changes the names that it is about, and no other', () => {
  const same = memory.fingerprint('SAME', 'value');
  const before = { ...base, SAME: { version: 1, fingerprint: same, written: 'w' } };
  rememberPull(memory, at7, { secrets: before }, now);
  const agreed = new Map([
    ['SAME', { version: 5, value: new Secret('value') }],
    ['B', { version: 1, value: new Secret('b') }],
  ]);
  rememberAgreed(memory, scope, agreed, now);
  expect(memory.load()?.secrets).toEqual({
    ...base,
    SAME: { version: 5, fingerprint: same, written: 'w' },
    B: { version: 1, fingerprint: memory.fingerprint('B', 'b') },
  });
});
