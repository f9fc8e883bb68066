import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Found, isOvertaken } from '../../../../src/actions/pull/found.ts';
import type { Ready } from '../../../../src/actions/pull/prepare.ts';
import { rememberPull, type Source } from '../../../../src/actions/remember-pull.ts';
import { PullMemory } from '../../../../src/dotenv/last-pull.ts';
import { tempFolder } from '../../temp-folder.ts';

let memory: PullMemory;
const source: Source = { project: 'web', environment: 'development', place: '/vault.db', revision: 7 };
const began = new Date('2026-01-01T12:00:00Z');
const [before, after] = [new Date(began.getTime() - 1), new Date(began.getTime() + 1)];

beforeEach(() => {
  memory = new PullMemory(join(tempFolder(), 'state'), '/repo/.env');
});

/** Whether a pull from `source`, begun at twelve, is overtaken where another one wrote this. */
function isLate(other: Partial<Source>, at: Date): boolean {
  rememberPull(memory, { ...source, ...other }, { secrets: {} }, at);
  const found: Found = { source, ready: [{ place: { memory } } as Ready], began, all: undefined };
  return isOvertaken(found);
}

describe('a pull is overtaken', () => {
  it('where another one wrote a newer state since it began to read', () => {
    expect(isLate({ revision: 8 }, after)).toBe(true);
    expect(isLate({ revision: 8 }, began)).toBe(true);
  });

  it('not by one that read the same, or an older state', () => {
    expect(isLate({}, after)).toBe(false);
    expect(isLate({ revision: 6 }, after)).toBe(false);
  });

  it('not by one of before: the vault may have been brought back from a backup', () => {
    expect(isLate({ revision: 900 }, before)).toBe(false);
  });

  it('not by one from elsewhere', () => {
    expect(isLate({ revision: 8, environment: 'staging' }, after)).toBe(false);
    expect(isLate({ revision: 8, project: 'api' }, after)).toBe(false);
    expect(isLate({ revision: 8, place: 'https://secrets.example.com' }, after)).toBe(false);
  });
});
