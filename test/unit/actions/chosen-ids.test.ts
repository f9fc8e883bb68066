import { describe, expect, it } from 'vitest';
import { assertIds, eachInTurn } from '../../../src/actions/chosen-ids.ts';
import { Printer } from '../../../src/cli/output.ts';
import type { Streams } from '../../../src/cli/streams.ts';
import type { Context } from '../../../src/context.ts';
import { SecretsError } from '../../../src/errors.ts';

/** A context that prints, and what it printed to stderr. */
function telling(): { ctx: Context; told: () => string } {
  let err = '';
  const out = { isTerminal: false, write: () => {} };
  const streams = {
    out,
    err: { isTerminal: false, write: (text: string | Uint8Array) => (err += String(text)) },
  } as unknown as Streams;
  return { ctx: { print: new Printer(streams, {}) } as unknown as Context, told: () => err };
}

describe('ids that are typed', () => {
  it('are taken, each once', async () => {
    expect(await assertIds('token', ['b', 'a', 'b'], ['a', 'b', 'c'])).toEqual(['b', 'a']);
  });

  it('are refused with all that are wrong', async () => {
    await expect(assertIds('grant', ['aaaa', 'aaab', 'zzzz'], ['aaaa'])).rejects.toMatchObject({
      code: 'not_found',
      message: 'no grant named "aaab", "zzzz"; nothing was done',
      hints: ['did you mean "aaaa"? see all ids with `secrets grant list`'],
    });
  });
});

describe('one after the other', () => {
  it('where one fails, tells what was done and what was not', async () => {
    const { ctx, told } = telling();
    const seen: string[] = [];
    const work = async (id: string): Promise<void> => {
      if (id === 'c') throw new SecretsError('server_unreachable', 'gone');
      seen.push(id);
    };
    await expect(eachInTurn(ctx, ['a', 'b', 'c', 'd'], 'revoked', work)).rejects.toMatchObject({
      message: 'gone',
    });
    expect(seen).toEqual(['a', 'b']);
    expect(told()).toBe('secrets: warning: revoked a, b, but not c, d\n');
  });

  it('where the first fails, there is nothing to tell', async () => {
    const { ctx, told } = telling();
    const work = async (): Promise<void> => {
      throw new SecretsError('failed', 'gone');
    };
    await expect(eachInTurn(ctx, ['a', 'b'], 'revoked', work)).rejects.toThrow('gone');
    expect(told()).toBe('');
  });
});
