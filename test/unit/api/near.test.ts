import { describe, expect, it } from 'vitest';
import { nearNames, notFound } from '../../../src/api/near.ts';

const names = ['DATABASE_URL', 'DATABASE_USER', 'API_TOKEN', 'API_TOKENS', 'A', 'PORT'];

describe('near names', () => {
  it('are nearest first, three at most', async () => {
    expect(await nearNames('DATABASE_USR', names)).toEqual(['DATABASE_USER', 'DATABASE_URL']);
    expect(
      await nearNames('API_TOKE', ['API_TOKEX', 'API_TOKEY', 'API_TOKEZ', 'API_TOKEN', 'API_TOK']),
    ).toHaveLength(3);
  });

  it('do not care for case', async () => {
    expect(await nearNames('port', names)).toEqual(['PORT']);
  });

  it('are none where nothing is near', async () => {
    expect(await nearNames('SOMETHING_ELSE', names)).toEqual([]);
    expect(await nearNames('X', [])).toEqual([]);
  });

  it('of two letters swapped are told', async () => {
    expect(await nearNames('PROT', names)).toEqual(['PORT']);
  });

  it('are those that begin so, too', async () => {
    const environments = ['development', 'staging', 'production'];
    expect(await nearNames('prod', environments)).toEqual(['production']);
    expect(await nearNames('DEV', environments)).toEqual(['development']);
    expect(await nearNames('p', environments)).toEqual([]);
  });

  it('of a short name are not just any short names', async () => {
    expect(await nearNames('B', ['A', 'C'])).toEqual([]);
    expect(await nearNames('PORT', ['A', 'URL', 'KEYS'])).toEqual([]);
  });
});

describe('the error for a mistyped name', () => {
  it('says what was typed, where, and what may have been meant', async () => {
    const error = await notFound('secret', 'PORTT', {
      where: 'web/development',
      among: names,
      listWith: 'secrets list',
    });
    expect(error).toMatchObject({
      code: 'not_found',
      message: 'no secret named "PORTT" in web/development',
      hints: ['did you mean "PORT"? see all names with `secrets list`'],
    });
  });

  it('leads to the list where nothing is near', async () => {
    const error = await notFound('project', 'zzz', { among: ['web'], listWith: 'secrets project list' });
    expect(error).toMatchObject({
      message: 'no project named "zzz"',
      hints: ['see all names with `secrets project list`'],
    });
  });

  it('prints what was typed without control characters', async () => {
    const error = await notFound('project', '\u001B[31m', { among: [], listWith: 'x' });
    expect(error.message).toBe('no project named "\\u{1b}[31m"');
  });
});
