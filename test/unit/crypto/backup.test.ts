import { beforeAll, describe, expect, it } from 'vitest';
import { type KeyBackup, openBackup, parseBackup, sealBackup } from '../../../src/crypto/backup.ts';
import { newMasterKey } from '../../../src/crypto/master-key.ts';
import { SecretsError } from '../../../src/errors.ts';

const key = newMasterKey();
const passphrase = 'correct horse battery \u00e9';
let backup: KeyBackup;

// Each stretching takes a third of a second: they are counted out.
beforeAll(async () => {
  backup = await sealBackup(key, 'vault', passphrase);
});

describe('a backup', () => {
  it('opens with its passphrase, however its accents are typed', async () => {
    expect(await openBackup(backup, passphrase.normalize('NFD'))).toEqual(key);
  });

  it('does not open with another passphrase', async () => {
    await expect(openBackup(backup, `${passphrase} `)).rejects.toMatchObject({ code: 'key_wrong' });
  });

  it('does not open for another vault', async () => {
    await expect(openBackup({ ...backup, vaultId: 'other' }, passphrase)).rejects.toMatchObject({
      code: 'key_wrong',
    });
  });

  it('tells how it was stretched, and holds neither key nor passphrase', () => {
    const text = JSON.stringify(backup);
    expect(backup.scrypt).toMatchObject({ N: 131_072, r: 8, p: 1 });
    expect(Buffer.from(backup.scrypt.salt, 'base64')).toHaveLength(16);
    for (const secret of [passphrase, 'correct', key.toString('base64'), key.toString('hex')])
      expect(text).not.toContain(secret);
  });

  it('reads back from its text', () => {
    expect(parseBackup(JSON.stringify(backup), 'x')).toEqual(backup);
  });
});

describe('a backup whose parameters are not sane is refused before any work is done', () => {
  const bombs = [
    { N: 2 ** 24, r: 8, p: 1 },
    { N: 2 ** 17, r: 8, p: 1000 },
    { N: 2, r: 2 ** 30, p: 1 },
    { N: 2 ** 40, r: 2 ** 40, p: 2 ** 40 },
    // Not a power of two, or not more than one.
    { N: 1000, r: 8, p: 1 },
    { N: 1, r: 8, p: 1 },
  ];
  for (const cost of bombs) {
    it(`N = ${cost.N}, r = ${cost.r}, p = ${cost.p}`, async () => {
      const bomb = { ...backup, scrypt: { ...backup.scrypt, ...cost } };
      const refused = openBackup(bomb, passphrase);
      await expect(refused).rejects.toBeInstanceOf(SecretsError);
      await expect(refused).rejects.toMatchObject({ code: 'invalid' });
    });
  }
});

describe('what is no backup is told so, by its name', () => {
  const others: Record<string, () => string> = {
    'an empty file': () => '',
    'text that is not JSON': () => 'smk_canary',
    null: () => 'null',
    'a number': () => '7',
    'a list': () => '[]',
    'JSON of something else': () => '{"format":"other"}',
    'a backup of a newer program': () => JSON.stringify({ ...backup, version: 2 }),
    'a backup without its sealed key': () => JSON.stringify({ ...backup, sealed: undefined }),
    'a backup without its salt': () => JSON.stringify({ ...backup, scrypt: { N: 2, r: 8, p: 1 } }),
    'a backup without a vault': () => JSON.stringify({ ...backup, vaultId: 7 }),
    'a cost that is no number': () =>
      JSON.stringify({ ...backup, scrypt: { ...backup.scrypt, N: '131072' } }),
    'a cost below zero': () => JSON.stringify({ ...backup, scrypt: { ...backup.scrypt, p: -1 } }),
    'a cost that is not whole': () => JSON.stringify({ ...backup, scrypt: { ...backup.scrypt, r: 8.5 } }),
  };
  for (const [what, text] of Object.entries(others)) {
    it(what, () => {
      const parse = (): unknown => parseBackup(text(), 'key.backup');
      expect(parse).toThrow(
        expect.objectContaining({ code: 'invalid', message: expect.not.stringContaining('canary') }),
      );
      expect(parse).toThrow(/key\.backup/);
    });
  }
});
