import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { decodeText, readText } from '../../../src/files/read.ts';
import { asOrdinaryUser } from '../ordinary-user.ts';
import { tempFolder } from '../temp-folder.ts';

it('text is read byte for byte, a BOM and CRLF too', () => {
  const path = join(tempFolder(), 'a');
  writeFileSync(path, '\uFEFFa\r\né🔑\n');
  expect(readText(path)).toBe('\uFEFFa\r\né🔑\n');
});

it('what is not UTF-8 is refused, and not told', () => {
  for (const bytes of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0x63, 0x61, 0x6e, 0x61, 0x72, 0x79, 0xe9]])
    expect(() => decodeText(Uint8Array.from(bytes), 'stdin')).toThrow(
      expect.objectContaining({ code: 'invalid', message: 'stdin is not valid UTF-8' }),
    );
});

it('a part of a larger buffer is read as that part', () => {
  expect(decodeText(Buffer.from('xabcx').subarray(1, 4), 'x')).toBe('abc');
});

it('a file that cannot be read is told with the reason', async () => {
  const folder = tempFolder();
  const locked = join(folder, 'locked');
  writeFileSync(locked, 'x', { mode: 0o000 });
  chmodSync(locked, 0);
  const words = {
    [join(folder, 'none')]: 'there is none',
    [folder]: 'it is a folder',
    [locked]: 'permission denied',
  };
  await asOrdinaryUser(folder, () => {
    for (const [path, why] of Object.entries(words))
      expect(() => readText(path, 'backup')).toThrow(
        expect.objectContaining({ code: 'invalid', message: `cannot read the backup "${path}": ${why}` }),
      );
  });
});
