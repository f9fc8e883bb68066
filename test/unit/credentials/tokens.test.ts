import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Tokens } from '../../../src/credentials/tokens.ts';
import { newToken } from '../../../src/crypto/token.ts';
import { tempFolder } from '../temp-folder.ts';

const [a, b] = ['https://a.example', 'https://b.example'];

function fresh(): Tokens {
  return new Tokens({ file: join(tempFolder(), 'tokens.json'), posix: true });
}

describe('the token file', () => {
  it('keeps one token an origin, for this user alone', async () => {
    const tokens = fresh();
    const [first, second] = [newToken(), newToken()];
    await tokens.keep(a, 'file', first);
    await tokens.keep(b, 'file', second);
    expect((await tokens.read(a, 'file'))?.equals(first)).toBe(true);
    expect((await tokens.read(b, 'file'))?.equals(second)).toBe(true);
    expect(statSync(tokens.file).mode & 0o777).toBe(0o600);
  });

  it('has none for another origin, nor for the property of an object', async () => {
    const tokens = fresh();
    await tokens.keep(a, 'file', newToken());
    for (const origin of [b, `${a}:444`, 'http://a.example', 'constructor', '__proto__'])
      expect(await tokens.read(origin, 'file')).toBeUndefined();
  });

  it('forgets one, and leaves the others', async () => {
    const tokens = fresh();
    await tokens.keep(a, 'file', newToken());
    await tokens.keep(b, 'file', newToken());
    await tokens.remove(a, 'file');
    await tokens.remove(a, 'file');
    expect(Object.keys(JSON.parse(readFileSync(tokens.file, 'utf8')) as object)).toEqual([b]);
  });

  it.each([0o640, 0o604, 0o660])('is refused when others can read it: %o', async (mode) => {
    const tokens = fresh();
    await tokens.keep(a, 'file', newToken());
    chmodSync(tokens.file, mode);
    await expect(tokens.read(a, 'file')).rejects.toThrow('others on this machine can read the tokens');
    await expect(tokens.keep(b, 'file', newToken())).rejects.toThrow('others on this machine');
  });

  it.each(['', '[]', '{"https://a.example":7}', 'null'])(
    'is refused when it is damaged: %s',
    async (text) => {
      const tokens = fresh();
      writeFileSync(tokens.file, text, { mode: 0o600 });
      await expect(tokens.read(a, 'file')).rejects.toThrow('is damaged');
    },
  );

  it('gives out no token whose checksum is wrong, and does not show it', async () => {
    const tokens = fresh();
    const text = newToken().reveal();
    const wrong = text.slice(0, -1) + (text.endsWith('A') ? 'B' : 'A');
    writeFileSync(tokens.file, JSON.stringify({ [a]: wrong }), { mode: 0o600 });
    const error = tokens.read(a, 'file');
    await expect(error).rejects.toMatchObject({ code: 'invalid' });
    await expect(error).rejects.not.toThrow(wrong.slice(4, 20));
  });

  it('is tried before a code is used', async () => {
    const tokens = fresh();
    await tokens.assertKeeps(a, 'file');
    expect(existsSync(tokens.file)).toBe(true);
    const unwritable = new Tokens({ file: '/proc/tokens.json', posix: true });
    await expect(unwritable.assertKeeps(a, 'file')).rejects.toMatchObject({ code: 'failed' });
  });
});
