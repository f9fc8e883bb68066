import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { pastOf } from '../../../../src/actions/pull/past.ts';
import type { Target } from '../../../../src/actions/pull/targets.ts';
import { type Base, type LastPull, PullMemory } from '../../../../src/dotenv/last-pull.ts';
import { baseOf, heading, left, merged } from '../../dotenv/merging.ts';
import { tempFolder } from '../../temp-folder.ts';

let memory: PullMemory;
const target = { shown: '.env', alone: 'secrets pull .env', format: 'dotenv' } as Target;
const from = { project: 'web', environment: 'development', revision: 3, at: '2026-01-01T00:00:00.000Z' };

beforeEach(() => {
  memory = new PullMemory(join(tempFolder(), 'state'), '/repo/.env');
});

const remember = (last: Partial<LastPull> & { secrets: Base }): void => memory.save({ ...from, ...last });
const past = (existing: string | undefined, side?: 'ours' | 'overwrite') =>
  pastOf(target, existing, memory, { side });

describe('what was remembered of a .env file', () => {
  beforeEach(() => remember({ secrets: baseOf({ A: '1', B: '2' }), text: 'print' }));

  it('counts where a name of it, or its heading, still stands there', () => {
    for (const text of [
      'B=9\n',
      'export A=1',
      `${heading}\n`,
      `# web/staging, written by secrets pull\nC=1\n`,
    ])
      expect(past(text).last?.secrets, text).toHaveProperty('A');
  });

  it('does not count where nothing of it does: the file was replaced', () => {
    for (const text of ['', 'PORT=3000\n', '# A=1\n', 'A1=2\n'])
      expect(past(text), text).toEqual({ existing: text, last: undefined });
  });

  it('does not count where there is no file', () => {
    expect(past(undefined)).toEqual({ existing: undefined, last: undefined });
  });

  it('counts for names that were deleted before, and left so', () => {
    const first = merged({
      existing: 'PORT=1\n',
      vault: { A: 'new' },
      last: baseOf({ A: 'old' }),
      side: 'ours',
    });
    remember(left(first));
    expect(past('PORT=1\n').last?.secrets).toHaveProperty('A');
  });

  it('counts for a name that a pull was about to write when it was killed', () => {
    remember({ secrets: baseOf({ A: '1' }), text: 'print', next: { secrets: baseOf({ C: '3' }) } });
    expect(past('C=3\n').last?.next?.secrets).toHaveProperty('C');
  });
});

describe('a file that was written in another format', () => {
  const json = '{ "A": "1" }\n';

  it('is begun anew where it is as it was left', () => {
    remember({ secrets: baseOf({ A: '1' }), text: memory.fingerprint('', json), format: 'json' });
    expect(past(json)).toEqual({ existing: undefined, last: undefined });
  });

  it('is a fault where it was edited since, unless a side is chosen', () => {
    remember({ secrets: baseOf({ A: '1' }), text: memory.fingerprint('', json), format: 'json' });
    const { fault } = past(`${json}\n`);
    expect(fault?.code).toBe('drift');
    expect(fault?.message).toContain('was written as json');
    for (const side of ['ours', 'overwrite'] as const)
      expect(past(`${json}\n`, side)).toEqual({ existing: `${json}\n`, last: undefined, fault: undefined });
  });
});
