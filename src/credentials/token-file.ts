import { existsSync } from 'node:fs';
import { SecretsError } from '../errors.ts';
import { readPlain } from '../files/read.ts';
import { writeFile } from '../files/write.ts';
import { assertPrivate } from './private-file.ts';

/** Tokens by origin, as text: for a machine without a keychain, by consent. */
export type TokenTexts = Readonly<Record<string, string>>;

const maxBytes = 1024 * 1024;

/** Reads the file; none is as good as empty. Throws `invalid` when others can read it, or when it is damaged. */
export function readTokenFile(file: string, posix: boolean): TokenTexts {
  if (!existsSync(file)) return {};
  const also = ['and if somebody may have read them, log in again: secrets login'];
  if (posix) assertPrivate(file, 'the tokens', { also });
  const texts = parse(readPlain(file, 'token file', maxBytes));
  if (texts) return texts;
  throw new SecretsError('invalid', `the token file ${file} is damaged`, {
    hint: `remove it, and log in again: rm ${file}; secrets login`,
  });
}

/** 0600, in one step. */
export function writeTokenFile(file: string, texts: TokenTexts): void {
  writeFile(file, `${JSON.stringify(texts, null, 2)}\n`);
}

function parse(text: string): TokenTexts | undefined {
  try {
    const parsed = JSON.parse(text) as unknown;
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    const entries = Object.entries(parsed);
    // Without a prototype: an origin is looked up in it.
    const texts = Object.assign(Object.create(null) as Record<string, string>, parsed);
    return entries.every(([, token]) => typeof token === 'string') ? texts : undefined;
  } catch {
    return undefined;
  }
}
