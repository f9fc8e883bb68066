import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Env } from '../../../src/config/paths.ts';
import { findKey, keyPlaces } from '../../../src/credentials/master-key-sources.ts';
import { formatMasterKey, masterKeyId, newMasterKey } from '../../../src/crypto/master-key.ts';
import type { SecretsError } from '../../../src/errors.ts';
import { tempFolder } from '../temp-folder.ts';

const vaultId = 'cdb1a7ee-9168-44a6-a39d-a76ae7df838c';
const nobody = 65534;
const isRoot = process.geteuid?.() === 0;

let folder: string;
let key: Buffer;
let other: Buffer;

beforeEach(() => {
  folder = tempFolder();
  [key, other] = [newMasterKey(), newMasterKey()];
});

const idOf = (one: Buffer): string => masterKeyId(one, vaultId);
const find = (texts: readonly string[], keyId?: string, env: Env = {}): Promise<Buffer> =>
  findKey(keyPlaces(texts, env), vaultId, keyId);

function file(name: string, content = `${formatMasterKey(key)}\n`, mode = '600'): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, Number.parseInt(mode, 8));
  return path;
}

/** The error, which holds nothing of either key. */
async function errorOf(work: Promise<Buffer>): Promise<SecretsError> {
  const error = await work.then(
    () => expect.unreachable('a key was found'),
    (thrown: unknown) => thrown as SecretsError,
  );
  const told = [error.message, ...error.hints].join('\n');
  for (const one of [key, other].map((each) => formatMasterKey(each).slice(4)))
    for (let at = 0; at + 8 <= one.length; at++) expect(told).not.toContain(one.slice(at, at + 8));
  return error;
}

describe('a file', () => {
  it.each(['600', '400', '700'])('of its owner alone (%s) has the key', async (mode) => {
    const path = file('key', undefined, mode);
    if (isRoot) chownSync(path, nobody, nobody);
    expect(await find([`file:${path}`])).toEqual(key);
  });

  it.each(['640', '440', '604', '620', '601'])(
    'of a user that others reach (%s) is refused',
    async (mode) => {
      const path = file('key', undefined, mode);
      if (isRoot) chownSync(path, nobody, nobody);
      expect(await errorOf(find([`file:${path}`]))).toMatchObject({
        code: 'invalid',
        message: `others on this machine can read the master key in ${path}`,
        hints: [`take it back: chmod 600 ${path}`],
      });
    },
  );

  it.runIf(isRoot).each(['440', '640'])('of root may be read by its group (%s)', async (mode) => {
    const path = file('key', undefined, mode);
    chownSync(path, 0, nobody);
    expect(await find([`file:${path}`])).toEqual(key);
  });

  it.runIf(isRoot).each(['644', '660', '650', '604'])(
    'of root that others read, or its group changes (%s), is refused',
    async (mode) => {
      const path = file('key', undefined, mode);
      chownSync(path, 0, nobody);
      expect((await errorOf(find([`file:${path}`]))).code).toBe('invalid');
    },
  );

  it('that is not there is told, with how to make one', async () => {
    const path = join(folder, 'none');
    expect(await errorOf(find([`file:${path}`]))).toMatchObject({
      code: 'key_missing',
      hints: [`for a new vault, make one: (umask 077; secrets key generate > ${path})`],
    });
  });

  it('or a variable that is not there, of a vault that is, is told without making a new key', async () => {
    for (const place of [`file:${join(folder, 'none')}`, 'env:NONE'])
      expect(await errorOf(find([place], idOf(key)))).toMatchObject({
        code: 'key_missing',
        hints: ["say where the key of this vault is: --master-key file:PATH, env:NAME, or command:'…'"],
      });
  });

  it('that holds half a key, a mistyped one, or none is told', async () => {
    const text = formatMasterKey(key);
    const mistyped = text.slice(0, 10) + (text[10] === 'A' ? 'B' : 'A') + text.slice(11);
    for (const content of [text.slice(0, 30), mistyped, '', 'hunter2'])
      expect((await errorOf(find([`file:${file('key', content)}`]))).code).toBe('invalid');
  });

  it('that is a folder, is huge, or is no text is told', async () => {
    mkdirSync(join(folder, 'folder'), { mode: 0o700 });
    expect((await errorOf(find([`file:${join(folder, 'folder')}`]))).code).toBe('invalid');
    expect((await errorOf(find([`file:${file('huge', 'x'.repeat(5000))}`]))).code).toBe('too_large');
  });
});

describe('a variable', () => {
  it('has the key; without any place, SECRETS_MASTER_KEY does', async () => {
    const text = formatMasterKey(key);
    expect(await find(['env:MINE'], undefined, { MINE: text })).toEqual(key);
    expect(await find([], undefined, { SECRETS_MASTER_KEY: text })).toEqual(key);
  });

  it.each([undefined, ''])('that is not set (%j) is told', async (value) => {
    const error = await errorOf(find(['env:MINE'], undefined, { MINE: value }));
    expect(error).toMatchObject({ code: 'key_missing', message: expect.stringContaining('MINE is not set') });
  });

  it('that holds no key is told without what it holds', async () => {
    const error = await errorOf(find(['env:MINE'], undefined, { MINE: formatMasterKey(key).slice(0, -1) }));
    expect(error).toMatchObject({ code: 'invalid', message: 'MINE does not hold a master key' });
  });
});

describe('a command', () => {
  it('prints the key', async () => {
    expect(await find([`command:cat ${file('key')}`])).toEqual(key);
    expect(await find([`command:printf %s '${formatMasterKey(key)}'`])).toEqual(key);
  });

  it('that fails is told without its words', async () => {
    const error = await errorOf(find([`command:: ${formatMasterKey(key)}; echo x; exit 3`]));
    expect(error).toMatchObject({
      code: 'failed',
      message: 'the command for the master key ended with status 3',
    });
  });

  it('that prints something else is told without it', async () => {
    expect(await errorOf(find([`command:echo ${formatMasterKey(key)} and more`]))).toMatchObject({
      code: 'invalid',
      message: 'the command for the master key does not hold a master key',
    });
  });

  it('that never ends is ended', async () => {
    const places = keyPlaces([`command:sleep 1000`], {}, 0.1);
    expect(await errorOf(findKey(places, vaultId))).toMatchObject({
      message: 'the command for the master key took longer than 0.1 s',
    });
  });
});

describe('of several places', () => {
  it('the first is taken for a new vault', async () => {
    const env = { FIRST: formatMasterKey(key), SECOND: formatMasterKey(other) };
    expect(await find(['env:FIRST', 'env:SECOND'], undefined, env)).toEqual(key);
  });

  it('the one that has the key of the vault is taken, wherever it stands', async () => {
    const env = { FIRST: formatMasterKey(key), SECOND: formatMasterKey(other) };
    expect(await find(['env:FIRST', 'env:SECOND'], idOf(other), env)).toEqual(other);
    expect(await find(['env:SECOND', 'env:FIRST'], idOf(other), env)).toEqual(other);
  });

  it('one that fails is passed over where another has the key', async () => {
    const env = { SECOND: formatMasterKey(other) };
    const broken = [`file:${join(folder, 'none')}`, 'command:exit 1', 'env:NONE'];
    expect(await find([...broken, 'env:SECOND'], idOf(other), env)).toEqual(other);
  });

  it('one that fails is told where no other has the key', async () => {
    const env = { SECOND: formatMasterKey(other) };
    const error = await errorOf(find(['env:SECOND', 'command:exit 7'], idOf(key), env));
    expect(error.message).toBe('the command for the master key ended with status 7');
  });

  it('none has the key: all are named, and no command is quoted', async () => {
    const texts = [`file:${file('key')}`, 'env:SECOND', `command:echo ${formatMasterKey(other)}`];
    const error = await errorOf(find(texts, idOf(newMasterKey()), { SECOND: formatMasterKey(other) }));
    expect(error).toMatchObject({
      code: 'key_wrong',
      message: `none of these is the master key of this vault: the file ${folder}/key, the variable SECOND, the command for the master key`,
    });
  });
});

it('a text that names no place is refused and not repeated: it may be the key', async () => {
  for (const text of [formatMasterKey(key), `file:`, 'vault:x', '', `key:${formatMasterKey(key)}`])
    expect(await errorOf((async () => find([text]))())).toMatchObject({
      code: 'usage',
      message: 'that does not say where the master key is',
    });
});
