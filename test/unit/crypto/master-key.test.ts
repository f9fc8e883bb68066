import { describe, expect, it } from 'vitest';
import { SecretsError } from '../../../src/errors.ts';
import {
  formatMasterKey,
  masterKeyId,
  newMasterKey,
  parseMasterKey,
} from '../../../src/crypto/master-key.ts';

const key = newMasterKey();
const text = formatMasterKey(key);
const invalid = expect.objectContaining({ code: 'invalid' });

describe('the text of a master key', () => {
  it('starts with smk_, has 51 characters and needs no quotes', () => {
    expect(text).toMatch(/^smk_[A-Za-z0-9_-]{47}$/);
  });

  it('reads back to the key, with blanks and line ends around it', () => {
    for (const around of [text, `${text}\n`, `  ${text}\r\n`])
      expect(parseMasterKey(around, 'x')).toEqual(key);
  });

  it('is that of every key', () => {
    for (let i = 0; i < 200; i++) {
      const other = newMasterKey();
      expect(parseMasterKey(formatMasterKey(other), 'x')).toEqual(other);
    }
  });

  it('with a typing error in any place never gives another key', () => {
    let told = 0;
    for (let at = 0; at < text.length; at++) {
      for (const typed of 'AZaz09_-!. ') {
        const mistyped = text.slice(0, at) + typed + text.slice(at + 1);
        const read = attempt(mistyped);
        if (read === undefined) told++;
        else expect(read.equals(key), mistyped).toBe(true);
      }
    }
    // All but the character itself, and a last one that differs in bits that carry nothing.
    expect(told).toBeGreaterThan(51 * 9);
  });

  it('with two characters swapped is told', () => {
    const [a, b] = text[10] === text[11] ? [20, 25] : [10, 11];
    const chars = Array.from(text);
    [chars[a], chars[b]] = [chars[b]!, chars[a]!];
    expect(chars.join('') === text || attempt(chars.join('')) === undefined).toBe(true);
  });

  it('cut, too long, or with another prefix is none', () => {
    const none = [
      '',
      'smk_',
      text.slice(0, -1),
      `${text}A`,
      text.slice(4),
      `sct_${text.slice(4)}`,
      text.toUpperCase(),
    ];
    for (const other of [...none, key.toString('hex'), `${text} ${text}`, `"${text}"`])
      expect(() => parseMasterKey(other, 'x')).toThrow(invalid);
  });

  it('is never echoed, but where it came from is', () => {
    for (const bad of [
      text.slice(0, -2),
      `${text.slice(0, -1)}!`,
      text.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')),
    ]) {
      const error = errorOf(() => parseMasterKey(bad, 'SECRETS_MASTER_KEY'));
      expect([error.message, ...error.hints].join()).not.toContain(text.slice(4, 20));
      expect(error.message).toContain('SECRETS_MASTER_KEY');
    }
  });
});

describe('the id of a master key', () => {
  it('names the key in one vault, and says nothing of it', () => {
    const id = masterKeyId(key, 'vault');
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(masterKeyId(key, 'vault')).toBe(id);
    expect(new Set([id, masterKeyId(key, 'other'), masterKeyId(newMasterKey(), 'vault')]).size).toBe(3);
    expect(key.toString('hex')).not.toContain(id.slice(0, 8));
  });
});

function attempt(typed: string): Buffer | undefined {
  try {
    return parseMasterKey(typed, 'x');
  } catch (error) {
    expect(error).toEqual(invalid);
    return undefined;
  }
}

function errorOf(work: () => unknown): SecretsError {
  try {
    work();
  } catch (error) {
    return error as SecretsError;
  }
  throw new Error('nothing was thrown');
}
